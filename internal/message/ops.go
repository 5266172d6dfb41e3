package message

import (
	"errors"
	"strings"

	"ecs-activation/internal/activation"
)

// ops are the keys of what commands attempt (activation.Error.Op). Each key is the English of its
// sentence, so "delete" has the texts "cannot delete: %s" and "cannot delete %s: %s". They are whole
// texts of the catalogue: a language does not put them together.
var ops = []string{
	"advance the sandbox", "count the codes", "count the codes of", "count what the sandbox holds", "create", "delete", "delete without confirmation",
	"deliver the code", "deliver the code of", "disable", "disable without confirmation", "dump the sandbox", "ensure a code", "list",
	"list the machines", "list the machines of", "list the regions", "load codes", "name the file", "name the sandbox's file", "print the completion",
	"print the version", "print what a machine runs", "prune", "prune without confirmation", "recover", "register",
	"register with", "reset the sandbox", "run", "serve the sandbox", "show", "show help", "show the settings", "show the status", "wait", "wait for",
}

// Ops returns the keys of what commands attempt.
func Ops() []string { return append([]string(nil), ops...) }

// failed returns the sentence of an error: what was attempted, on which code, and why it failed.
func failed(l Language, e *activation.Error, cause string) string {
	if errors.As(e.Err, new(*UnknownCommand)) {
		return cause
	}
	whole := errors.New(cause) // not a string, so it is not shortened: it can have a line for each of many IDs
	if object := e.Object(); object != "" {
		return l.Text(onOne(e.Op), object, whole)
	}
	return l.Text(alone(strings.TrimSuffix(e.Op, " of")), whole) // "deliver the code of" has no object if several rows have the error
}

// failedParts returns the sentence of a command of which some or all parts failed.
func failedParts(l Language, e *PartialError) string {
	return l.Text(onParts(e.Op, e.What), len(e.Errs), e.Total)
}

// Changes returns the title of the list of codes that a command is about to change.
func (c Invocation) Changes(op string, n int, source string) string {
	return c.Language.Count(n, changesOne(op), changesMany(op), c.Language.Source(source))
}

// NothingTo returns a note about standard input without IDs.
func NothingTo(l Language, op string) string { return l.Find(nothingTo(op)) }

// OpTexts returns every key of the catalogue that has the key of an attempt in it.
func OpTexts(op string) []string {
	texts := []string{alone(op), onOne(op), changesOne(op), changesMany(op), nothingTo(op), Progress(op), GiveIDs(op)}
	for _, what := range []string{"codes", "regions", "creates", "parts"} {
		texts = append(texts, onParts(op, what))
	}
	return texts
}

func alone(op string) string         { return "cannot " + op + ": %s" }
func onOne(op string) string         { return "cannot " + op + " %s: %s" }
func onParts(op, what string) string { return "cannot " + op + " %d of %d " + what }
func changesOne(op string) string    { return op + " %s code, signed by %s:" }
func changesMany(op string) string   { return op + " %s codes, signed by %s:" }
func nothingTo(op string) string     { return "note: standard input contains no IDs; nothing to " + op }

// Progress is the text of a line of progress: how many codes are done, and of how many.
func Progress(op string) string { return op + ": %s of %s" }

// GiveIDs is the hint for a command without IDs.
func GiveIDs(op string) string {
	return "give the IDs of the codes to " + op + ", or - to read them from standard input; list -q prints them"
}
