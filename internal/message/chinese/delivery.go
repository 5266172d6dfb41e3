package chinese

// delivery are texts about creating, delivering and recovering codes (message/issuance.go, batch.go, partial.go).
var delivery = []entry{}
