package issuance

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/pending"
)

// Create makes one code and delivers it: to a new file, or to the reader where save is empty. A
// request with a client token is safe to repeat: the same token and the same request bring the same
// code.
//
// Errors: *NotRecorded and *Busy when nothing was sent; *UnfinishedError when a code exists or may exist
// that was not delivered; otherwise what the service answered, or why it was not reached, and
// nothing was made.
func (i *Issuer) Create(ctx context.Context, a Account, r activation.CreateRequest, save string) (Issued, error) {
	return i.create(ctx, a, r, pending.Target{Save: save}, i.Deliver)
}

// create makes one code. A record of an earlier run is no hindrance, however old it is: the user has
// named its token. Where deliver is nil, the code goes to the file of ensure.
func (i *Issuer) create(ctx context.Context, a Account, r activation.CreateRequest, to pending.Target, deliver Deliverer) (Issued, error) {
	own := r.ClientToken != ""
	if !own {
		r.ClientToken = rand.Text()
	}
	e, err := i.begin(ctx, a, r, to, own)
	if err != nil {
		return Issued{}, err
	}
	j := &job{Issuer: i, Account: a, entry: e, before: e.Record, deliver: deliver, fresh: !own}
	if e.Known && e.ActivationId == "" {
		_, _ = j.look(ctx) // an error is reported with the code; the create is sent all the same
	}
	return j.run(ctx)
}

// begin writes the record. Where none can be kept nothing is sent, unless the user has a token of
// their own to keep.
func (i *Issuer) begin(ctx context.Context, a Account, r activation.CreateRequest, to pending.Target, own bool) (*pending.Entry, error) {
	c, err := describe(a, r, to)
	if err != nil {
		return nil, err
	}
	e, err := i.record(ctx, c)
	region := activation.Ref{RegionId: r.RegionId}
	switch {
	case err == nil:
		if e.Known {
			i.clean(e.Create)
		}
		e.Target = c.Target // of this run; the record keeps its own
		return e, nil
	case errors.Is(err, pending.ErrOtherRequest):
		return nil, &activation.Error{Kind: activation.KindConflict, Op: "create", ID: region, Code: "IdempotentParameterMismatch", Err: err}
	case ctx.Err() != nil:
		return nil, &Busy{RegionId: r.RegionId, Err: err}
	case !own:
		return nil, &NotRecorded{RegionId: r.RegionId, Err: err}
	}
	i.Note(Unrecorded{err})
	return pending.Unrecorded(c), nil
}

func (i *Issuer) record(ctx context.Context, c pending.Create) (*pending.Entry, error) {
	if i.Store == nil {
		return nil, i.NoStore
	}
	return i.Store.Begin(ctx, c)
}

// describe is a create with all that is needed to ask again.
func describe(a Account, r activation.CreateRequest, to pending.Target) (c pending.Create, err error) {
	if to.Save != "" {
		to.Save, err = filepath.Abs(to.Save)
	}
	return pending.Create{
		Request: r, Sandbox: a.Sandbox, Profile: a.Profile, Endpoint: a.Endpoint, Identity: a.Identity, Source: a.Source, Target: to,
	}, err
}

// job is one create at work, from its record to its delivery.
type job struct {
	*Issuer
	Account
	entry   *pending.Entry
	before  Record         // as earlier runs left it
	deliver Deliverer      // nil: this is ensure, which shows the code itself
	fresh   bool           // the token was made for this create: the service has never seen it
	moment  pending.Snapshot // before an earlier run's request is repeated
	inFull  bool           // what the service knows about the code is asked for
	isNew   bool           // the code is not the one that an earlier run may have made
}

// run sends the create, delivers its code, and gives the record back.
func (j *job) run(ctx context.Context) (Issued, error) {
	issued, err := j.issue(ctx)
	j.note(j.entry.Close())
	if j.isNew && j.before.ActivationId == "" {
		j.hunt(ctx, issued.ActivationId)
	}
	return issued, err
}

func (j *job) issue(ctx context.Context) (Issued, error) {
	answer, err := j.send(ctx)
	if err != nil {
		return Issued{}, j.failed(err)
	}
	issued := Issued{
		Code:   codefile.NewCode(j.entry.Request, answer, j.fresh),
		Answer: answer.Answer,
		Save:   j.entry.Save,
	}
	j.identify(ctx, &issued.Code)
	if err := j.handOver(issued.Code); err != nil {
		j.note(j.entry.Apply(pending.Change{Event: pending.DeliveryFailed}))
		return issued, j.unfinished(issued.ActivationId, err)
	}
	j.note(j.entry.Apply(pending.Change{Event: pending.DeliverySucceeded}))
	return issued, nil
}

// send sends the create, and again where that may help. The record says so before each attempt that
// is not the first: a code that it makes lives from then on.
func (j *job) send(ctx context.Context) (activation.Created, error) {
	j.note(j.entry.Apply(pending.Change{Event: pending.Sending, Replay: j.moment}))
	return j.Service.Create(ctx, j.entry.Request, func(at time.Time) {
		j.note(j.entry.Apply(pending.Change{Event: pending.Sending, At: at}))
	})
}

// failed takes an error of the service into the life of the create. It returns the error itself
// where nothing was made, and otherwise says how the code can be had.
func (j *job) failed(err error) error {
	event := pending.NoAnswer
	if nothingDone(err) {
		event = pending.Refused
	}
	j.note(j.entry.Apply(pending.Change{Event: event}))
	if j.entry.Outcome() == pending.NothingMade {
		return err
	}
	return j.unfinished("", err)
}

// handOver saves the code in its file, or hands it to its reader.
func (j *job) handOver(code codefile.Code) error {
	saved := j.entry.Save != ""
	if saved {
		err := j.save(code)
		var unreadable *codefile.Unreadable
		switch {
		case errors.As(err, &unreadable) && j.deliver != nil: // no file could hold it
			j.Note(NotSavable{err})
			saved = false
		case err != nil:
			return &NotSaved{File: j.entry.Save, Err: err}
		}
	}
	if saved {
		code.ActivationCode = ""
	}
	if j.deliver == nil {
		return nil
	}
	return j.deliver.Deliver(code)
}

// save writes the code to its file. Only who holds the lock of a record may use the temporary file of
// its token.
func (j *job) save(code codefile.Code) error {
	o := codefile.Options{Replaces: j.entry.Replaces}
	if j.entry.Recorded() {
		o.Token = j.entry.Request.ClientToken
	}
	return codefile.Save(j.Disk, j.entry.Save, codefile.File{Code: code, Earlier: j.entry.Earlier}, o)
}

// unfinished is the error of a create whose code exists, or may exist, and was not delivered.
func (j *job) unfinished(activationID string, err error) error {
	e := j.entry
	return &UnfinishedError{
		Token: e.Request.ClientToken, Recorded: e.Recorded(), Outcome: e.Outcome(), Ensured: j.deliver == nil,
		Ref: activation.Ref{RegionId: e.Request.RegionId, ActivationId: activationID}, Err: err,
	}
}
