package chinese

// problems are texts about rules that a value breaks, and the reasons of errors (message/problems.go, near.go, output.go).
var problems = []entry{}
