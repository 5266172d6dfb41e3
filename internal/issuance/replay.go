package issuance

import (
	"context"
	"errors"
	"io/fs"

	"ecs-activation/internal/codefile"
	"ecs-activation/internal/pending"
)

// Options say how a create is replayed.
type Options struct {
	Save        string // another file for the code; empty: where it was to go
	SameAccount bool   // the identity of today is of the account that the record was made with
}

// Replay sends the create of a record once more, as it was, with the account and the endpoint of the
// record, and delivers its code: to the recorded file, to another one, or to the reader.
//
// Nothing that it meets deletes the record. Errors: *Finished when another process has finished it,
// *Busy when another process is at work on it, *OtherIdentity and *TooLate when a second code could
// be made and nothing was sent, *UnfinishedError as for Create.
func (i *Issuer) Replay(ctx context.Context, r Record, dial Dial, o Options) (Issued, error) {
	if r.Save != "" {
		release, err := i.hold(ctx, r.Save)
		if err != nil && !pending.Unwritable(err) {
			return Issued{}, err
		}
		if err == nil {
			defer func() { i.note(release()) }()
		}
	}
	return i.replay(ctx, r, dial, o, i.Deliver)
}

// File returns the file that a replay of a record writes its code to; empty: it goes to the reader.
func (o Options) File(r Record) string {
	switch {
	case o.Save != "":
		return o.Save
	case r.State == pending.Delivered:
		return "" // it is in its file; this time the user wants to see it
	}
	return r.Save
}

// Discard gives the code of a record up. It deletes the record.
func (i *Issuer) Discard(ctx context.Context, r Record) error {
	e, err := i.take(ctx, r)
	if err != nil {
		return err
	}
	i.clean(e.Create)
	return errors.Join(e.Discard(), e.Close())
}

// clean deletes what a killed run of a create left beside the file for its code.
func (i *Issuer) clean(c pending.Create) {
	if c.Save != "" {
		i.note(codefile.RemoveTemporary(i.Disk, c.Save, c.Request.ClientToken))
	}
}

// replay is Replay without the lock of the file. Where to is nil, the code goes to the file of ensure.
func (i *Issuer) replay(ctx context.Context, r Record, dial Dial, o Options, to Deliverer) (Issued, error) {
	e, err := i.take(ctx, r)
	if err != nil {
		return Issued{}, err
	}
	i.clean(e.Create)
	account, hangUp, err := dial(ctx, e.Create)
	if err != nil {
		i.note(e.Close())
		return Issued{}, err
	}
	defer func() { i.note(hangUp()) }()
	if file := o.File(e.Record); file != e.Save {
		e.Target = pending.Target{Save: file}
	}
	j := &job{Issuer: i, Account: account, entry: e, before: e.Record, deliver: to, inFull: true}
	if err := j.check(ctx, o.SameAccount); err != nil {
		i.note(e.Close())
		return Issued{}, err
	}
	return j.run(ctx)
}

// take opens the record of a create, unless another process has it.
func (i *Issuer) take(ctx context.Context, r Record) (*pending.Entry, error) {
	e, err := i.Store.Open(ctx, r.Request.ClientToken)
	switch {
	case errors.Is(err, pending.ErrRunning):
		return nil, &Busy{RegionId: r.Request.RegionId, Err: err}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Finished{r}
	}
	return e, err
}

// check refuses what could make a second code: a request of another account, and one whose token the
// service may have forgotten.
func (j *job) check(ctx context.Context, sameAccount bool) error {
	if j.Identity != j.before.Identity && !sameAccount {
		return &OtherIdentity{Record: j.before, Identity: j.Identity, Source: j.Source}
	}
	alive := j.before.Alive(j.Now())
	if alive && j.before.ActivationId != "" {
		return nil
	}
	service, err := j.look(ctx)
	switch {
	case alive:
	case err != nil && service.IsZero():
		return err // by this machine's clock alone no code is given up
	case !j.before.AliveAt(j.Now(), service):
		if j.deliver != nil {
			j.hunt(ctx, "")
		}
		return &TooLate{Record: j.before}
	}
	return nil
}

// hold keeps other processes from a file that codes go to, and waits for one that works on it.
func (i *Issuer) hold(ctx context.Context, file string) (release func() error, err error) {
	if i.Store == nil {
		return nil, &NotRecorded{Err: i.NoStore}
	}
	release, err = i.Store.LockFile(ctx, file, func() { i.Note(Waiting{file}) })
	switch {
	case err == nil:
		return release, nil
	case ctx.Err() != nil:
		return nil, &Busy{File: file, Err: err}
	}
	return nil, &NotRecorded{Err: err}
}
