package issuance

import (
	"context"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/pending"
)

// Listed are codes that the service listed, by their ActivationId.
type Listed map[string]activation.Activation

// Row is the create of one row of a batch.
type Row struct {
	Request activation.CreateRequest // with its client token, which is derived from the batch and the row
	Target  pending.Target
	Batch   string // its name
	Listed  Listed // every code that an earlier run can have created in the region; nil: not known
	Deliver Deliverer
}

// CreateRow creates the code of a row as Create does. Unlike Create it sends nothing without a record. A
// code that was not listed before is new, so its times are known. The error is *DeadCode if the service returned a
// listed code that is expired or disabled.
func (i *Issuer) CreateRow(ctx context.Context, a Account, r Row) (Issued, error) {
	c, err := newCreate(a, r.Request, r.Target)
	if err != nil {
		return Issued{}, err
	}
	c.Batch = r.Batch
	j := &job{Issuer: i, Account: a, deliver: r.Deliver, listed: r.Listed}
	return j.start(ctx, c, false)
}

// LockFolder locks a folder for codes, as Ensure locks a file, and waits while another process has locked it. Rows are
// created while their folder is locked. If the folder of records is read-only, LockFolder locks nothing, because no row
// can be created then.
func LockFolder(ctx context.Context, i *Issuer, folder string) (unlock func(), err error) {
	release, err := i.Lock(ctx, folder, Waiting{File: folder})
	switch {
	case pending.Unwritable(err):
		return func() {}, nil
	case err != nil:
		return func() {}, err
	}
	return func() { i.note(release()) }, nil
}
