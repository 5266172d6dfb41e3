// Package issuance creates activation codes and delivers them. The service returns a code only once.
// This package guarantees that no code is lost, and that no second code is created without a note.
//
// Create, Replay and Ensure run the same steps (issue.go): write and sync a record, send the request
// with the same client token in all attempts, deliver the code, and then mark the record as
// delivered. Package pending (life.go) defines the states and the transitions between them.
//
// The package prints nothing and does not know the flags of the commands. It returns typed errors
// and reports notes; package message turns both into texts for users.
package issuance

import (
	"context"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/pending"
)

// Account is a connection to the service with one identity.
type Account struct {
	Service  activation.Service
	Identity string // AccessKey ID or role, never a secret
	Source   string // where the identity was found
	Profile  string // the configured profile; empty: none was configured
	Endpoint string // the configured endpoint; empty: the default of the region
	Sandbox  bool
}

// Dial connects to the account and the endpoint of a record. The function that it returns closes
// the connection.
type Dial func(context.Context, pending.Create) (Account, func() error, error)

// Deliverer delivers a code to the user. Deliver returns nil only if every byte was written, and, if
// the output is a file, synced. If the code was saved to its own file before, its ActivationCode is
// empty.
type Deliverer interface{ Deliver(codefile.Code) error }

// Issuer issues codes. All fields but NoStore and Script are required.
type Issuer struct {
	Disk    disk.FS
	Store   *pending.Store // nil: there is no folder for records
	NoStore error          // the reason if Store is nil
	Deliver Deliverer
	Now     func() time.Time // this machine's clock
	Note    func(Note)       // reports a note to the user

	// Script returns the script of a form (see pending.Target) with a code. It is called only for targets
	// with a form.
	Script func(form []string, c codefile.Code) (string, error)
}

// Issued is a code that was delivered.
type Issued struct {
	codefile.Code
	Answer   activation.Answer // the response to the create request
	Save     string            // the file that holds the code; empty: none
	Earlier  bool              // an earlier run created the code
	Unusable bool              // no machine can register with the code: it was deleted, or is not Active
}
