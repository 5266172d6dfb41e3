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

// Create creates one code and delivers it to a new file, or to the Deliverer if save is empty. A
// request with a client token can be repeated safely: the same token and the same request return
// the same code.
//
// Errors: *NotRecorded, *Busy and *OtherIdentity if no create was sent; *UnfinishedError if a code exists
// or may exist that was not delivered; otherwise the error of the service or of the network, and no code
// was created.
func (i *Issuer) Create(ctx context.Context, a Account, r activation.CreateRequest, save string) (Issued, error) {
	return i.create(ctx, a, r, pending.Target{Save: save}, i.Deliver)
}

// create creates one code. If the token has a record of an earlier run, create repeats that request,
// no matter how old the record is, because the user gave its token. If deliver is nil, the caller is
// Ensure, and the code goes to its file only.
func (i *Issuer) create(ctx context.Context, a Account, r activation.CreateRequest, to pending.Target, deliver Deliverer) (Issued, error) {
	userToken := r.ClientToken != ""
	if !userToken {
		r.ClientToken = rand.Text()
	}
	c, err := newCreate(a, r, to)
	if err != nil {
		return Issued{}, err
	}
	j := &job{Issuer: i, Account: a, deliver: deliver, newToken: !userToken}
	return j.start(ctx, c, userToken)
}

// start writes the record of a create and runs it.
func (j *job) start(ctx context.Context, c pending.Create, userToken bool) (Issued, error) {
	e, err := j.begin(ctx, c, userToken)
	if err != nil {
		return Issued{}, err
	}
	j.entry, j.before = e, e.Record
	if userToken && e.Known { // the rows of a batch were checked together
		if err := checkAccount(ctx, j); err != nil {
			j.note(e.Close())
			return Issued{}, err
		}
	}
	if e.Known && !isComparable(e.Record) {
		_, _ = j.takeSnapshot(ctx) // on an error the create is sent nevertheless, and recordAnswer reports NotChecked
	}
	return j.run(ctx)
}

// begin writes the record of a create. If it cannot be written, begin returns an error and nothing
// may be sent, except if the user gave the client token and can repeat the create with it.
func (i *Issuer) begin(ctx context.Context, c pending.Create, userToken bool) (*pending.Entry, error) {
	e, err := newRecord(ctx, i, c)
	region := activation.Ref{RegionId: c.Request.RegionId}
	switch {
	case err == nil:
		if e.Known {
			i.removeTemporary(e.Create)
		}
		e.Target = c.Target // the target of this run; the one in the record is not changed
		return e, nil
	case errors.Is(err, pending.ErrOtherRequest):
		return nil, &activation.Error{Kind: activation.KindConflict, Op: "create", ID: region, Code: "IdempotentParameterMismatch", Err: err}
	case ctx.Err() != nil:
		return nil, &Busy{RegionId: c.Request.RegionId, Err: err}
	case !userToken, errors.As(err, new(*pending.Damaged)): // a damaged record may be of another account
		return nil, &NotRecorded{RegionId: c.Request.RegionId, Err: err}
	}
	i.Note(Unrecorded{err})
	return pending.Unrecorded(c), nil
}

// newRecord writes the record in the store.
func newRecord(ctx context.Context, i *Issuer, c pending.Create) (*pending.Entry, error) {
	if i.Store == nil {
		return nil, i.NoStore
	}
	return i.Store.Begin(ctx, c)
}

// newCreate returns the description of a create for its record.
func newCreate(a Account, r activation.CreateRequest, to pending.Target) (c pending.Create, err error) {
	if to.Save != "" {
		to.Save, err = filepath.Abs(to.Save)
	}
	return pending.Create{
		Request: r, Sandbox: a.Sandbox, Profile: a.Profile, Endpoint: a.Endpoint, Identity: a.Identity, Source: a.Source, Target: to,
	}, err
}

// job is one create that is running, from its record to its delivery.
type job struct {
	*Issuer
	Account
	entry        *pending.Entry
	before       Record           // the record as earlier runs left it
	deliver      Deliverer        // nil: the caller is Ensure, which reports the code itself
	newToken     bool             // the token was generated for this create
	snapshot     pending.Snapshot // taken before the request of an earlier run is repeated
	alwaysLookUp bool             // look the code up even if it must be the one of the earlier run
	unusable     bool             // no machine can register with the code
	isNew        bool             // the code is not the one that an earlier run may have created
	listed       Listed           // the recent codes of the region before the run; nil: not known
}

// run sends the create, delivers its code, and closes the record.
func (j *job) run(ctx context.Context) (Issued, error) {
	issued, err := j.issue(ctx)
	j.note(j.entry.Close())
	if j.isNew && j.before.ActivationId == "" {
		j.reportCandidates(ctx, issued.ActivationId)
	}
	return issued, err
}

// issue sends the create and delivers its code.
func (j *job) issue(ctx context.Context) (Issued, error) {
	answer, err := j.send(ctx)
	if err != nil {
		return Issued{}, j.recordFailure(err)
	}
	known, wasListed := j.listed[answer.ActivationId]
	now := answer.Time(j.Now)
	if wasListed && !known.IsAlive(now) {
		return Issued{}, discardDead(j, known, now)
	}
	issued := Issued{
		Code:   codefile.NewCode(j.entry.Request, answer, j.newToken || j.listed != nil && !wasListed),
		Answer: answer.Answer,
		Save:   j.entry.Save,
	}
	if wasListed {
		issued.Update(known, now)
		if issued.Status != activation.Active {
			j.unusable = true
			j.Note(InactiveCode{issued.Status})
		}
	}
	j.recordAnswer(ctx, &issued.Code)
	issued.Unusable = j.unusable
	issued.Earlier = wasListed || j.before.ActivationId == issued.ActivationId || j.entry.Known && !j.isNew
	if err := j.deliverCode(issued.Code); err != nil {
		j.note(j.entry.Apply(pending.Change{Event: pending.DeliveryFailed}))
		return issued, j.unfinished(issued.ActivationId, err)
	}
	j.note(j.entry.Apply(pending.Change{Event: pending.DeliverySucceeded}))
	return issued, nil
}

// discardDead deletes the record of a create that returned a dead code, and returns the error.
func discardDead(j *job, code activation.Activation, now time.Time) error {
	j.note(j.entry.Apply(pending.Change{Event: pending.Answered, ActivationId: code.ActivationId}))
	j.note(j.entry.Discard())
	return &DeadCode{code.Status(now)}
}

// send sends the create and repeats it after temporary errors. Each repeated attempt is written to
// the record before it is sent, because the lifetime of a code starts with the attempt that created
// it.
func (j *job) send(ctx context.Context) (activation.Created, error) {
	j.note(j.entry.Apply(pending.Change{Event: pending.Sending, Replay: j.snapshot}))
	return j.Service.Create(ctx, j.entry.Request, func(at time.Time) {
		j.note(j.entry.Apply(pending.Change{Event: pending.Sending, At: at}))
	})
}

// recordFailure updates the record after an error of the service. It returns that error if no code
// was created, and otherwise an *UnfinishedError.
func (j *job) recordFailure(err error) error {
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

// deliverCode saves the code to its file and calls the Deliverer.
func (j *job) deliverCode(code codefile.Code) error {
	saved := j.entry.Save != ""
	if saved {
		err := j.save(code)
		var unreadable *codefile.Unreadable
		switch {
		case errors.As(err, &unreadable) && j.deliver != nil: // no file can hold this code
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
	if j.entry.Batch != "" { // many rows may wait for their turn
		j.note(j.entry.CloseJournal())
	}
	return j.deliver.Deliver(code)
}

// save writes the code to its file. Without a record this process holds no lock, so it must not use
// the temporary file of the token.
func (j *job) save(code codefile.Code) error {
	file, o := codefile.File{Code: code, Earlier: j.entry.Earlier, Form: j.entry.Form}, codefile.Options{Replaces: j.entry.Replaces}
	if j.entry.Recorded() {
		o.Token = j.entry.Request.ClientToken
	}
	if len(file.Form) > 0 {
		var err error
		if o.Script, err = j.Script(file.Form, code); err != nil {
			return &codefile.Unreadable{Path: j.entry.Save, Err: err}
		}
	}
	return codefile.Save(j.Disk, j.entry.Save, file, o)
}

// unfinished returns the error of a create whose code exists, or may exist, and was not delivered.
func (j *job) unfinished(activationID string, err error) error {
	e := j.entry
	return &UnfinishedError{
		Token: e.Request.ClientToken, Recorded: e.Recorded(), Outcome: e.Outcome(), Repeatable: j.deliver == nil || e.Batch != "",
		Ref: activation.Ref{RegionId: e.Request.RegionId, ActivationId: activationID}, Err: err,
	}
}

// removeTemporary deletes the temporary file that a killed run of a create left beside its file.
func (i *Issuer) removeTemporary(c pending.Create) {
	if c.Save != "" {
		i.note(codefile.RemoveTemporary(i.Disk, c.Save, c.Request.ClientToken))
	}
}
