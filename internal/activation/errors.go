package activation

import "errors"

// Kind sorts errors by what a user or script can do about them. Each has an exit code. Kinds appear
// in JSON errors, so they are only ever added to.
type Kind string

// The kinds of error.
const (
	KindOther       Kind = "Other"       // none of the others
	KindUsage       Kind = "Usage"       // the request is wrong: values, flags, a missing --yes
	KindPartial     Kind = "Partial"     // some of several succeeded
	KindIdentity    Kind = "Identity"    // keys, signature, token, permission
	KindNotFound    Kind = "NotFound"    // no such code, region or resource group
	KindConflict    Kind = "Conflict"    // the state of the code or of the account forbids it
	KindUnavailable Kind = "Unavailable" // network, time-out, throttled: worth retrying
	KindInterrupted Kind = "Interrupted" // a signal ended it
)

// Error is the error that packages hand to each other, as facts. Package message turns it into
// sentences.
type Error struct {
	Kind      Kind
	Op        string // what was attempted, as a key: "delete"
	ID        Ref    // on what; either part may be empty
	InRegion  bool   // on the region of ID, because the command works in several
	Code      string // the service's code; empty when the service gave none
	RequestID string
	Action    string // the operation of the API that was asked for; empty: none was
	Host      string // that was asked, where it gave no code
	Err       error  // the service's message, or what went wrong before or after it
	Hint      string // what to do, where it does not follow from Code
	Signer    string // the identity that STS refused with Code; empty: the service refused the request itself
	LastCode  string // the code of the last answer, where the time ended before another one came; Code is then empty

	// Command is a command line that does what Hint says: a program and its arguments, one word each.
	Command []string

	// NothingDone: it is certain that nothing was done, because every attempt ended in a known
	// refusal (see Refuses) or never left this machine. Throttling is no refusal.
	NothingDone bool
}

// Error says what was attempted on what, and why it did not happen. It is for logs.
func (e *Error) Error() string {
	text := "cannot " + e.Op
	if object := e.Object(); object != "" {
		text += " " + object
	}
	return text + ": " + e.Cause()
}

// Object returns on what it was attempted: the activation ID, the region, or "" where that is known.
func (e *Error) Object() string {
	if e.ID.ActivationId == "" && e.InRegion {
		return e.ID.RegionId
	}
	return e.ID.ActivationId
}

// Unwrap gives access to the cause, such as context.Canceled.
func (e *Error) Unwrap() error { return e.Err }

// Cause returns why it did not happen, without what was attempted: the service's message, the text of
// Err, or the code.
func (e *Error) Cause() string {
	switch {
	case e.Err != nil:
		return e.Err.Error()
	case e.Code != "":
		return e.Code
	}
	return "no reason was given"
}

// Parameter returns the parameter of the API that the service complains about, where the code says so.
func (e *Error) Parameter() string { return codes[e.Code].parameter }

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
	if name, known := Known(code); known {
		return codes[name].kind
	}
	return KindOther
}

// HasCode reports whether err carries this code of the service.
func HasCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
