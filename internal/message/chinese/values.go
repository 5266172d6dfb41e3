package chinese

// values are texts about values and their rules (activation, fleet, duration).
var values = []entry{}
