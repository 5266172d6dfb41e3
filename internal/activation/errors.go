package activation

import (
	"errors"
	"strings"
)

// Kind sorts errors by what a user or script can do about them. The command line turns it
// into an exit code; the words appear in JSON errors and are only ever added to.
type Kind string

// The kinds of error.
const (
	KindOther       Kind = "Other"       // none of the others; nothing to repeat
	KindUsage       Kind = "Usage"       // the request is wrong: values, flags, a missing --yes
	KindPartial     Kind = "Partial"     // some of several succeeded
	KindIdentity    Kind = "Identity"    // keys, signature, token, permission
	KindNotFound    Kind = "NotFound"    // no such code, region or resource group
	KindConflict    Kind = "Conflict"    // the state of the code or of the account forbids it
	KindUnavailable Kind = "Unavailable" // network, time-out, throttled: worth retrying
	KindInterrupted Kind = "Interrupted" // a signal ended it
)

// Error is the one error that crosses rooms.
type Error struct {
	Kind      Kind
	Op        string // what was attempted, as a verb: "delete"
	ID        Ref    // on what; either part may be empty
	Code      string // the service's code; empty when the service gave none
	RequestID string
	Action    string // the operation of the API that was asked for; empty: none was
	Host      string // that was asked, where it gave no code
	Err       error  // the service's message, or what went wrong before or after it
	Hint      string // what to do, where it is not the Remedy of Code
	LastCode  string // the code of the last answer, where the time ended before another one came; Code is then empty

	// Command is a command line that does what Hint says: a program and its arguments, one word each.
	Command []string

	// NothingDone: it is certain that nothing was done, because every attempt ended in a known
	// refusal (see Refuses) or never left this machine. Throttling is no refusal.
	NothingDone bool
}

// Error says what was attempted on what, and why it did not happen.
func (e *Error) Error() string {
	text := "cannot " + e.Op
	if e.ID.ActivationId != "" {
		text += " " + e.ID.ActivationId
	}
	return text + ": " + e.Cause()
}

// Unwrap gives access to the cause, such as context.Canceled.
func (e *Error) Unwrap() error { return e.Err }

// Cause says why, in the user's words where the code is a documented one, otherwise in the
// service's.
func (e *Error) Cause() string {
	message := "no reason was given"
	if e.Err != nil {
		message = e.Err.Error()
	}
	explained, known := explain(e.Code)
	if !known {
		return message
	}
	return e.fill(explained.cause, strings.TrimSuffix(message, "."))
}

// fill puts the error's facts into a text of codes.go.
func (e *Error) fill(text, message string) string {
	action := "the action"
	if e.Action != "" {
		action = "ecs:" + e.Action
	}
	return strings.NewReplacer("{ref}", e.ID.String(), "{id}", e.ID.ActivationId, "{region}", e.ID.RegionId, "{action}", action, "{message}", message).Replace(text)
}

// Parameter is the parameter of the API that the service complains about, where the code says.
func (e *Error) Parameter() string { return parameters[e.Code] }

// Remedy says what to do about the error, and the command that does it, if one does: a program
// and its arguments. Both are empty when nothing is known to help.
func (e *Error) Remedy() (text string, command []string) {
	if e.Hint != "" {
		return e.Hint, e.Command
	}
	explained, _ := explain(e.Code)
	if explained.command == "" {
		return e.fill(explained.remedy, ""), nil
	}
	if !e.canName(explained.command) {
		return "no command can be given: its ID or region is not valid", nil
	}
	command = []string{"ecs-activation"}
	for _, word := range strings.Fields(explained.command) {
		command = append(command, e.fill(word, ""))
	}
	return e.fill(explained.remedy, ""), command
}

// canName says whether the ID and the region that a command of codes.go asks for can stand in it.
// They may come from the service, which can send anything.
func (e *Error) canName(command string) bool {
	id, region := e.ID, e.ID.RegionId
	if strings.Contains(command, "{id}") {
		id.RegionId = ""
	}
	_, valid := id.Word()
	return (valid || !strings.Contains(command, "{ref}") && !strings.Contains(command, "{id}")) &&
		(CheckRegion(region) == nil || !strings.Contains(command, "{region}"))
}

// KindOf returns the kind of an error: its own when it is an *Error, otherwise KindOther.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindOther
}

// KindOfCode returns the kind that a code of the service has. The code decides, not the HTTP
// status: InvalidAccessKeyId.NotFound is a 404.
func KindOfCode(code string) Kind {
	if explained, known := explain(code); known {
		return explained.kind
	}
	return KindOther
}

// HasCode says whether err carries this code of the service.
func HasCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
