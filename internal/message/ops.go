package message

import "ecs-activation/internal/activation"

// ops are the keys of what commands attempt (activation.Error.Op). Each key is the English of its
// sentence, so "delete" has the texts "cannot delete: %s" and "cannot delete %s: %s". They are whole
// texts of the catalogue: a language does not put them together.
var ops = []string{
	"advance the sandbox", "count the codes of", "count what the sandbox holds", "create", "delete", "delete without confirmation",
	"deliver the code of", "disable", "disable without confirmation", "dump the sandbox", "ensure a code", "list",
	"list the machines of", "list the regions", "load codes", "name the file", "name the sandbox's file", "print the completion",
	"print the version", "print what a machine runs", "prune", "prune without confirmation", "recover", "register",
	"register with", "reset the sandbox", "run", "serve the sandbox", "show", "show help", "show the settings", "show the status", "wait", "wait for",
}

// Ops returns the keys of what commands attempt.
func Ops() []string { return append([]string(nil), ops...) }

// failed returns the sentence of an error: what was attempted, on which code, and why it failed.
func failed(l Language, e *activation.Error, cause string) string {
	if object := e.Object(); object != "" {
		return l.text(onOne(e.Op), object, cause)
	}
	return l.text(alone(e.Op), cause)
}

// failedParts returns the sentence of a command of which some or all parts failed.
func failedParts(l Language, e *PartialError) string {
	return l.text(onParts(e.Op, e.What), len(e.Errs), e.Total)
}

func alone(op string) string         { return "cannot " + op + ": %s" }
func onOne(op string) string         { return "cannot " + op + " %s: %s" }
func onParts(op, what string) string { return "cannot " + op + " %d of %d " + what }
