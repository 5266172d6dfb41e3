package chinese

// notes are texts about notes, next steps, the status and the exit codes (message/notes.go, next.go, overview.go, exit.go).
var notes = []entry{}
