package chinese

// network are texts about requests and responses (ecs, netfault).
var network = []entry{}
