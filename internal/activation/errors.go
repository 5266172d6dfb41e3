package activation

import "errors"

// Kind classifies errors by what a user or script can do about them. Each kind has an exit code. Kinds
// appear in JSON errors, so kinds are added but never renamed or removed.
type Kind string

// The kinds of error.
const (
	KindOther       Kind = "Other"       // none of the others
	KindUsage       Kind = "Usage"       // the request is not valid: values, flags, a missing --yes
	KindPartial     Kind = "Partial"     // some parts succeeded, some failed
	KindIdentity    Kind = "Identity"    // keys, signature, token, permission
	KindNotFound    Kind = "NotFound"    // no such code, region or resource group
	KindConflict    Kind = "Conflict"    // the state of the code or of the account does not allow it
	KindUnavailable Kind = "Unavailable" // network, time-out, throttled: worth retrying
	KindInterrupted Kind = "Interrupted" // a signal ended it
)

// Error is the error type that all packages use. It has facts; package message turns them into sentences.
type Error struct {
	Kind      Kind
	Op        string // what was attempted, as a key: "delete"
	ID        Ref    // the code that the operation was about; either part may be empty
	InRegion  bool   // the operation was about the region of ID; set by commands that use several regions
	Code      string // the error code of the service; empty if it sent none
	RequestID string
	Action    string // the operation of the API that was called; empty: none
	Host      string // the host of the request, if the response had no code
	Err       error  // the message of the service, or the reason if the error is not from the service
	Hint      string // what the user can do, if this does not follow from Code; a format if there are HintArgs
	HintArgs  []any
	Signer    string // the identity that STS refused with Code; empty: Code is from the service
	LastCode  string // the code of the last response, if the time ended before the next one; Code is then empty

	// Command is a command line that does what Hint says: the program and its arguments.
	Command []string

	// NothingDone reports that the service certainly did not execute the request, because every attempt
	// was refused (see Refuses) or was not sent. Throttling is not a refusal.
	NothingDone bool
}

// Error returns the operation, its object and the reason. It is for logs.
func (e *Error) Error() string {
	text := "cannot " + e.Op
	if object := e.Object(); object != "" {
		text += " " + object
	}
	return text + ": " + e.Cause()
}

// Object returns the object of the operation: the activation ID, the region, or "" if there is none.
func (e *Error) Object() string {
	if e.ID.ActivationId == "" && e.InRegion {
		return e.ID.RegionId
	}
	return e.ID.ActivationId
}

// Advise sets the hint, which is a format of package fmt, and returns the error.
func (e *Error) Advise(format string, args ...any) *Error {
	e.Hint, e.HintArgs = format, args
	return e
}

// Unwrap returns the wrapped error, such as context.Canceled.
func (e *Error) Unwrap() error { return e.Err }

// Cause returns the reason without the operation: the text of Err, which can be the message of the service,
// or the code.
func (e *Error) Cause() string {
	switch {
	case e.Err != nil:
		return e.Err.Error()
	case e.Code != "":
		return e.Code
	}
	return "no reason was given"
}

// Reason returns the reason without the operation as an error: Err, or the code.
func (e *Error) Reason() error {
	if e.Err != nil {
		return e.Err
	}
	return errors.New(e.Cause())
}

// Parameter returns the parameter of the API that the code is about, or "".
func (e *Error) Parameter() string { return codes()[e.Code].parameter }

// KindOf returns the kind of an error: its own when it is an *Error, otherwise KindOther.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindOther
}

// HasCode reports whether err has this error code of the service.
func HasCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
