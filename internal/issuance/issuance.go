// Package issuance brings one activation code from request to delivery. The service shows a code
// once; this package keeps the promise that none is lost and that none is made twice unnoticed.
//
// Create, Replay and Keep are three ways into the same sequence (issue.go): a record is synced, the
// request is sent with one client token for all its attempts, the code is delivered, and only then
// the record says so. What may follow what stands in the table of package pending (life.go).
//
// The package prints nothing and knows no flags: it returns typed errors and reports notes, and its
// caller turns them into sentences.
package issuance

import (
	"context"
	"errors"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/pending"
)

// Account is where requests go and who signs them.
type Account struct {
	Service  activation.Service
	Identity string // AccessKey ID or role, never a secret
	Source   string // where the identity was found
	Profile  string // as it was named; empty: it was not
	Endpoint string // as it was set; empty: the region's own
	Sandbox  bool
}

// Dial connects to the account and the endpoint of a record. The function that it returns ends the
// connection.
type Dial func(context.Context, pending.Create) (Account, func() error, error)

// Deliverer hands a code to its reader. Without an error the kernel took every byte, and a file is
// synced. A code that was saved in a file comes without its ActivationCode.
type Deliverer interface{ Deliver(codefile.Code) error }

// Issuer issues codes. All fields but NoStore are required.
type Issuer struct {
	Disk    disk.FS
	Store   *pending.Store // nil: there is no folder for records
	NoStore error          // why there is none
	Deliver Deliverer
	Now     func() time.Time // this machine's clock
	Note    func(Note)       // receives what is worth knowing and is no error
}

// Issued is a code that was delivered.
type Issued struct {
	codefile.Code
	Answer activation.Answer // of the create
	Save   string            // the file that holds the code; empty: none
}

// note reports an error of the record: it is no error of the command, which goes on.
func (i *Issuer) note(err error) {
	if err != nil {
		i.Note(RecordStale{err})
	}
}

// nothingDone reports whether an error says that for certain nothing was done.
func nothingDone(err error) bool {
	var failed *activation.Error
	return errors.As(err, &failed) && failed.NothingDone
}
