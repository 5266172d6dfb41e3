package issuance

import (
	"ecs-activation/internal/activation"
	"ecs-activation/internal/pending"
)

// The errors hold facts. Their own texts are for logs; the caller has better ones for people.

// UnfinishedError is the error of a create whose code exists or may exist, and was not delivered. The
// token brings the code.
type UnfinishedError struct {
	Token    string
	Recorded bool            // recover knows the token; otherwise only its owner does
	Outcome  pending.Outcome // MayExist or MadeUndelivered
	Ensured  bool            // the next run of ensure finishes it
	Ref      activation.Ref  // its ActivationId is empty where no answer was seen in this run
	Err      error           // of the service, or why the code could not be delivered
}

func (e *UnfinishedError) Error() string { return e.Err.Error() }
func (e *UnfinishedError) Unwrap() error { return e.Err }

// NotSaved is a code that could not be written to its file.
type NotSaved struct {
	File string
	Err  error
}

func (e *NotSaved) Error() string { return e.Err.Error() }
func (e *NotSaved) Unwrap() error { return e.Err }

// NotRecorded is a create that was not sent, because no record of it could be kept.
type NotRecorded struct {
	RegionId string
	Err      error
}

func (e *NotRecorded) Error() string { return "no record can be kept: " + e.Err.Error() }
func (e *NotRecorded) Unwrap() error { return e.Err }

// Unreadable is a record that cannot be read now. It may be of a create whose code is still to come,
// so that a second code could be made.
type Unreadable struct{ Err error }

func (e *Unreadable) Error() string { return "a record cannot be read: " + e.Err.Error() }
func (e *Unreadable) Unwrap() error { return e.Err }

// Busy is a record, or a file for a code, that another process works on.
type Busy struct {
	RegionId string
	File     string // empty: it is a record
	Err      error  // why the wait ended, or pending.ErrRunning
}

func (e *Busy) Error() string { return e.Err.Error() }
func (e *Busy) Unwrap() error { return e.Err }

// Finished is a record that another process has finished meanwhile.
type Finished struct{ Record Record }

func (e *Finished) Error() string { return "another process has finished the create" }

// NoRecord is a token that no record has; empty: there are no records at all.
type NoRecord struct{ Token string }

func (e *NoRecord) Error() string { return "there is no record" }

// OtherIdentity is a record of another account, perhaps: replaying it with the identity of today
// could make a second code there.
type OtherIdentity struct {
	Record           Record
	Identity, Source string // of today
}

func (e *OtherIdentity) Error() string { return "the record is of another identity" }

// TooLate is a record whose code has expired, so that replaying it would make a new one.
type TooLate struct{ Record Record }

func (e *TooLate) Error() string { return "the code has expired" }

// NotOurs is a file that is left as it is, because it does not hold a code that can be replaced.
type NotOurs struct {
	File string
	Err  error
}

func (e *NotOurs) Error() string { return e.File + ": " + e.Err.Error() }
func (e *NotOurs) Unwrap() error { return e.Err }

// QuotaFull is a region that holds as many codes as it may.
type QuotaFull struct {
	RegionId string
	Unused   []activation.Activation // dead codes that were never used: prune deletes them
	Err      error
}

func (e *QuotaFull) Error() string { return e.Err.Error() }
func (e *QuotaFull) Unwrap() error { return e.Err }
