// Package batch creates many codes, one for each row of a list. rows.go reads the list, request.go turns
// its rows into requests, plan.go decides what each row needs, and run.go creates the codes, many at once.
//
// Every code is created by package issuance, as a single one is: with a record, a client token and a
// delivery. The client token of a row is derived from the batch and the content of the row. So a batch can
// be run again after any interruption: the same row gets the same code.
//
// The package prints nothing. It returns typed errors; package message turns them into sentences.
package batch

import (
	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
)

// Batch is a list of codes to create.
type Batch struct {
	Name     string
	Sandbox  bool
	Endpoint string // the configured endpoint; empty: the default of the region
	Rows     []Row
}

// Row is a row of a batch: a code to create.
type Row struct {
	Line      int                      // in the list, from 1
	Request   activation.CreateRequest // without a client token
	OwnRegion bool                     // the list has its region, not a flag
	Key       string                   // identifies the row in its batch; see keys.go
	File      string                   // absolute path of the file for the code; empty: the Deliverer gets it

	held     codefile.File // what the file contains
	heldDead bool          // the expiration time in the file has passed
}

// Step is what is done for a row.
type Step struct {
	Row
	Done     bool             // the file has a usable code of this row: nothing is sent
	Token    string           // the client token of the create
	Replaces string           // the ActivationId of the dead code in the file; empty: the file does not exist
	Known    bool             // an earlier run has sent the create
	old      []pending.Record // of the dead codes of earlier generations

	generation int
}

// Result is what became of a row.
type Result struct {
	Step
	issuance.Issued
	Err error
}

// Held returns the code in the file of a row that is done.
func (s Step) Held() codefile.Code { return s.held.Code }

// Dead is the error of a batch with rows whose codes are expired, disabled or deleted. A new run would
// make new codes for them, so nothing was sent.
type Dead struct {
	Rows  []Row
	Total int // of all rows
}

func (d *Dead) Error() string { return "the codes of the batch are no longer usable" }

// OtherIdentity is the error of a batch with rows whose creates were sent with another identity, and perhaps in
// another account: sending them again could create second codes there. Nothing was sent.
type OtherIdentity struct {
	Rows       []Row
	Total      int              // of all rows
	Record     pending.Record   // of the first of the rows
	Unfinished bool             // codes were not delivered
	Current    issuance.Account // whose identity is another one
}

func (o *OtherIdentity) Error() string { return "creates of the batch were sent with another identity" }

// add adds a row with its record.
func (o *OtherIdentity) add(row Row, r pending.Record) {
	if len(o.Rows) == 0 {
		o.Record = r
	}
	o.Rows = append(o.Rows, row)
	o.Unfinished = o.Unfinished || r.Unfinished()
}

// Blocked is the error of a batch with rows whose files have unfinished creates of other codes. Nothing was sent.
type Blocked struct{ Problems []Problem }

func (b *Blocked) Error() string { return "files of the batch have unfinished creates" }

// NotTried is the error of a row for which nothing was sent, because the code of another row could not be
// delivered.
type NotTried struct{ Err error }

func (n *NotTried) Error() string { return "nothing was sent: " + n.Err.Error() }
func (n *NotTried) Unwrap() error { return n.Err }
