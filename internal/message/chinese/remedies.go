package chinese

// remedies are texts about the causes and remedies of the error codes of the service (message/codes.go, missing.go), and hints (message/hint.go).
var remedies = []entry{}
