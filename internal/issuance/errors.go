package issuance

import (
	"errors"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/pending"
)

// Package message writes the texts of these errors for users.

// UnfinishedError is the error of a create whose code exists or may exist, and was not delivered. The
// code can be retrieved with the token.
type UnfinishedError struct {
	Token    string
	Recorded bool            // the command recover knows the token; otherwise only the user knows it
	Outcome  pending.Outcome // MayExist or MadeUndelivered
	Ref      activation.Ref  // its ActivationId is empty if this run received no response
	Err      error           // the error of the service or of the delivery

	// Repeatable reports that the next run of the same command finishes the create: of ensure, or of
	// create with a batch.
	Repeatable bool
}

func (e *UnfinishedError) Error() string { return e.Err.Error() }
func (e *UnfinishedError) Unwrap() error { return e.Err }

// NotSaved is the error of a code that could not be written to its file.
type NotSaved struct {
	File string
	Err  error
}

func (e *NotSaved) Error() string { return e.Err.Error() }
func (e *NotSaved) Unwrap() error { return e.Err }

// NotRecorded is the error of a create that was not sent because its record could not be written.
type NotRecorded struct {
	RegionId string
	Err      error
}

func (e *NotRecorded) Error() string { return "cannot write a record: " + e.Err.Error() }
func (e *NotRecorded) Unwrap() error { return e.Err }

// Unreadable is the error of a record that cannot be read now. Its create may be unfinished, so
// another create could result in a second code.
type Unreadable struct{ Err error }

func (e *Unreadable) Error() string { return "cannot read a record: " + e.Err.Error() }
func (e *Unreadable) Unwrap() error { return e.Err }

// Busy is the error of a record, a file for a code, or a batch that another process works on.
type Busy struct {
	RegionId string
	Batch    string // its name; empty: the error is about a file or a record
	File     string // empty: the error is about a record
	Err      error  // why the waiting ended, or pending.ErrRunning
}

func (e *Busy) Error() string { return e.Err.Error() }
func (e *Busy) Unwrap() error { return e.Err }

// Finished is the error of a record that another process has finished in the meantime.
type Finished struct{ Record Record }

func (e *Finished) Error() string { return "another process has finished the create" }

// NoRecord is the error of a token without a record. If the token is empty, there are no records.
type NoRecord struct{ Token string }

func (e *NoRecord) Error() string { return "there is no record" }

// OtherIdentity is the error of a record that was made with another identity, and perhaps in another
// account: replaying it with the current identity could create a second code there.
type OtherIdentity struct {
	Record           Record
	Identity, Source string // the current identity
}

func (e *OtherIdentity) Error() string { return "the record was made with another identity" }

// CodeExpired is the error of a record whose code has expired: replaying it would create a new code.
type CodeExpired struct{ Record Record }

func (e *CodeExpired) Error() string { return "the code has expired" }

// DeadCode is the error of a row whose create returned a code of an earlier run that can no longer be used. The code
// is not delivered.
type DeadCode struct{ Status activation.Status }

func (e *DeadCode) Error() string { return "the code is " + string(e.Status) }

// NotReplaceable is the error of a file that is not changed because it holds no code that may be
// replaced.
type NotReplaceable struct {
	File string
	Err  error
}

func (e *NotReplaceable) Error() string { return e.File + ": " + e.Err.Error() }
func (e *NotReplaceable) Unwrap() error { return e.Err }

// QuotaFull is the error of a region in which the quota of codes is used up.
type QuotaFull struct {
	RegionId string
	Unused   []activation.Activation // expired and disabled codes that were never used: prune deletes them
	Used     bool                    // there are expired or disabled codes that were used
	Err      error
}

func (e *QuotaFull) Error() string { return e.Err.Error() }
func (e *QuotaFull) Unwrap() error { return e.Err }

// nothingDone reports whether an error guarantees that the service did nothing.
func nothingDone(err error) bool {
	var failed *activation.Error
	return errors.As(err, &failed) && failed.NothingDone
}
