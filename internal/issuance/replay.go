package issuance

import (
	"context"
	"errors"
	"io/fs"

	"ecs-activation/internal/pending"
)

// Options say how a create is replayed.
type Options struct {
	Save        string // another file for the code; empty: the recorded target
	SameAccount bool   // the user confirms that the current identity belongs to the account of the record
}

// Replay sends the create of a record again, unchanged, with the account and the endpoint of the
// record, and delivers its code to the recorded file, to another file, or to the Deliverer.
//
// Replay never deletes the record. Errors: *Finished if another process has finished the create,
// *Busy if another process works on it, *OtherIdentity and *CodeExpired if a second code could be
// created and nothing was sent, *UnfinishedError as for Create.
func (i *Issuer) Replay(ctx context.Context, r Record, dial Dial, o Options) (Issued, error) {
	if r.Save != "" {
		unlock, err := i.Lock(ctx, r.Save, Waiting{File: r.Save})
		if err != nil && !pending.Unwritable(err) {
			return Issued{}, err
		}
		if err == nil {
			defer func() { i.note(unlock()) }()
		}
	}
	return i.replay(ctx, r, dial, o, i.Deliver)
}

// File returns the file that a replay of a record writes its code to. It is empty if the code is not
// saved to a file.
func (o Options) File(r Record) string {
	switch {
	case o.Save != "":
		return o.Save
	case r.State == pending.Delivered:
		return "" // the file has the code already, so the user wants to see it
	}
	return r.Save
}

// Discard deletes a record, even if its code was not delivered.
func (i *Issuer) Discard(ctx context.Context, r Record) error {
	e, err := i.openRecord(ctx, r)
	if err != nil {
		return err
	}
	i.removeTemporary(e.Create)
	return errors.Join(e.Discard(), e.Close())
}

// replay is Replay without the lock of the file. If to is nil, the caller is Ensure, and the code goes
// to its file only.
func (i *Issuer) replay(ctx context.Context, r Record, dial Dial, o Options, to Deliverer) (Issued, error) {
	e, err := i.openRecord(ctx, r)
	if err != nil {
		return Issued{}, err
	}
	i.removeTemporary(e.Create)
	account, disconnect, err := dial(ctx, e.Create)
	if err != nil {
		i.note(e.Close())
		return Issued{}, err
	}
	defer func() { i.note(disconnect()) }()
	if file := o.File(e.Record); file != e.Save {
		e.Target = pending.Target{Save: file}
	}
	j := &job{Issuer: i, Account: account, entry: e, before: e.Record, deliver: to, alwaysLookUp: true}
	if err := j.checkReplay(ctx, o.SameAccount); err != nil {
		i.note(e.Close())
		return Issued{}, err
	}
	return j.run(ctx)
}

// openRecord opens the record of a create. The error is *Busy if another process works on it, and
// *Finished if it no longer exists.
func (i *Issuer) openRecord(ctx context.Context, r Record) (*pending.Entry, error) {
	e, err := i.Store.Open(ctx, r.Request.ClientToken)
	switch {
	case errors.Is(err, pending.ErrRunning):
		return nil, &Busy{RegionId: r.Request.RegionId, Err: err}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Finished{r}
	}
	return e, err
}

// checkReplay returns an error if the replay could create a second code: if the record was made with
// another identity, or if the code has expired, because the service may have forgotten its token.
func (j *job) checkReplay(ctx context.Context, sameAccount bool) error {
	if j.Identity != j.before.Identity && !sameAccount {
		return otherIdentity(j)
	}
	alive := j.before.Alive(j.Now())
	if alive && isComparable(j.before) {
		return nil
	}
	service, err := j.takeSnapshot(ctx)
	switch {
	case alive:
	case err != nil && service.IsZero():
		return err // this machine's clock alone is not sufficient to treat the code as expired
	case !j.before.AliveAt(j.Now(), service):
		if j.deliver != nil {
			j.reportCandidates(ctx, "")
		}
		return &CodeExpired{Record: j.before}
	}
	return nil
}

// Lock locks a path for codes, and waits while another process has locked it. It reports waiting before it waits.
// Errors: *NotRecorded, and *Busy if ctx ended.
func (i *Issuer) Lock(ctx context.Context, path string, waiting Waiting) (unlock func() error, err error) {
	if i.Store == nil {
		return nil, &NotRecorded{Err: i.NoStore}
	}
	unlock, err = i.Store.LockFile(ctx, path, func() { i.Note(waiting) })
	switch {
	case err == nil:
		return unlock, nil
	case ctx.Err() != nil:
		return nil, &Busy{File: waiting.File, Batch: waiting.Batch, Err: err}
	}
	return nil, &NotRecorded{Err: err}
}
