package issuance

import (
	"context"
	"errors"
	"io/fs"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/pending"
)

// EnsureRequest describes the file that Ensure is called for, and the code that it must contain.
type EnsureRequest struct {
	Request   activation.CreateRequest // without a client token
	Need      activation.Need          // the requirements for an existing code
	File      string                   // absolute, without symbolic links
	RetireOld bool                     // delete or disable the old codes
	DryRun    bool                     // change nothing

	// Accept returns an error for a file that must not be changed; nil: every file is accepted.
	Accept func(codefile.File) error
}

// Read reads the code in the file. If the file does not exist, the code is empty. The error is
// *NotReplaceable if the file must not be changed.
func (w EnsureRequest) Read(fsys disk.FS) (codefile.File, error) {
	held, err := codefile.Read(fsys, w.File)
	if errors.Is(err, fs.ErrNotExist) {
		return held, nil
	}
	if err == nil && w.Accept != nil {
		err = w.Accept(held)
	}
	if err != nil {
		return held, &NotReplaceable{File: w.File, Err: err}
	}
	return held, nil
}

// EnsureResult is the result of Ensure: the code in the file, and what was changed.
type EnsureResult struct {
	Issued
	Created bool           // the file has another code than before
	Retired []fleet.Result // the old codes that were deleted or disabled, and the errors
}

// Ensure ensures that a file contains a usable code. It reuses the code in the file if that meets the
// requirements, and creates a new one otherwise. Only one process at a time works on a file, and
// Ensure first finishes what an earlier run left unfinished. It does not disable the old code, because
// machines may still use it, unless RetireOld is set. It deletes old codes that are expired or
// disabled and were never used.
//
// Errors: *NotReplaceable if the file must not be changed, *QuotaFull, and those of Create.
func (i *Issuer) Ensure(ctx context.Context, a Account, w EnsureRequest, dial Dial) (result EnsureResult, err error) {
	unlock, err := i.Lock(ctx, w.File, Waiting{File: w.File})
	if err != nil {
		return result, err
	}
	defer func() { i.note(unlock()) }()
	before, err := w.Read(i.Disk)
	if err != nil {
		return result, err
	}
	e := &ensureRun{Issuer: i, Account: a, EnsureRequest: w}
	if err := e.finish(ctx, dial); err != nil {
		return result, err
	}
	result, err = e.ensure(ctx)
	result.Created = result.Created || result.ActivationId != before.ActivationId // the create of an earlier run was finished
	return result, err
}

// ensureRun is one run of Ensure.
type ensureRun struct {
	*Issuer
	Account
	EnsureRequest
	retired []fleet.Result
}

// ensure reuses the code in the file or replaces it.
func (e *ensureRun) ensure(ctx context.Context) (result EnsureResult, err error) {
	held, err := e.Read(e.Disk)
	if err != nil {
		return result, err
	}
	if held.ActivationId != "" && !e.DryRun {
		if err := codefile.MakePrivate(e.Disk, e.File); err != nil {
			e.Note(NotPrivate{err})
		}
	}
	notReused, err := e.checkFile(ctx, &held)
	if err != nil {
		return result, err
	}
	if notReused != nil && notReused.Ref.ActivationId != "" {
		e.Note(*notReused)
	}
	result = EnsureResult{Issued: Issued{Code: held.Code, Save: e.File}, Created: notReused != nil}
	switch {
	case notReused != nil:
		result.Issued, err = e.replace(ctx, held)
	case e.RetireOld && !e.DryRun: // an earlier run may have been interrupted before it retired them
		e.retire(ctx, e.deleteUnused(ctx, held.Earlier))
	}
	result.Retired = e.retired
	if cause := context.Cause(ctx); err == nil && errors.Is(cause, context.Canceled) {
		err = cause // the command was interrupted while it retired old codes
	}
	return result, err
}

// finish replays the unfinished creates of earlier runs for this file.
func (e *ensureRun) finish(ctx context.Context, dial Dial) error {
	records, failed := e.Store.List(ctx)
	for _, err := range failed {
		var damaged *pending.Damaged
		if !errors.As(err, &damaged) {
			return &Unreadable{err} // the record may belong to this file
		}
		e.Note(RecordUnreadable{err})
	}
	for _, r := range records {
		held, err := e.Read(e.Disk)
		if err != nil {
			return err
		}
		switch {
		case !e.isPending(r, held):
		case e.DryRun:
			e.Note(EarlierUnfinished{})
		default:
			if err := e.finishRecord(ctx, r, dial); err != nil {
				return err
			}
		}
	}
	return nil
}

// isPending reports whether the code of a record must still be written to the file. That is not the
// case if the file contains an unrelated code.
func (e *ensureRun) isPending(r Record, held codefile.File) bool {
	here := r.Save == e.File && r.Sandbox == e.Sandbox && r.Endpoint == e.Endpoint
	open := held.ActivationId == "" || held.ActivationId == r.Replaces || held.ActivationId == r.ActivationId
	return here && open && (r.Unfinished() || r.State == pending.Running)
}

// finishRecord replays the create of one record. It returns no error if the code has expired or the
// service refuses the replay: the code cannot be retrieved then, and a new one may be created.
func (e *ensureRun) finishRecord(ctx context.Context, r Record, dial Dial) error {
	_, err := e.replay(ctx, r, dial, Options{}, nil)
	var expired *CodeExpired
	var unfinished *UnfinishedError
	switch {
	case errors.As(err, &expired):
		return nil
	case errors.As(err, &unfinished) && refused(unfinished.Err):
		e.Note(EarlierRefused{Token: r.Request.ClientToken, Err: unfinished.Err})
		return nil
	}
	return err
}

// refused reports whether the service refused a request and did nothing.
func refused(err error) bool {
	var failed *activation.Error
	return errors.As(err, &failed) && failed.NothingDone && failed.Code != ""
}

// checkFile returns why the code in the file cannot be reused, or nil if it can. It adds the properties
// that the service returns for the code.
func (e *ensureRun) checkFile(ctx context.Context, held *codefile.File) (*NotReused, error) {
	notReused := &NotReused{Ref: held.Ref()}
	if notReused.Parameter = held.Differs(e.Request); notReused.Parameter != "" { // without a code, the region differs
		return notReused, nil
	}
	found := fleet.LookUp(ctx, e.Service, "ensure a code", held.Ref())
	switch {
	case fleet.Missing(found.Err):
		notReused.Missing = true
		return notReused, nil
	case found.Err != nil:
		return nil, found.Err
	}
	e.Note(Clock{found.Answer})
	now := found.Answer.Time(e.Now)
	held.Update(found.Code, now)
	if notReused.Unmet = e.Need.Unmet(found.Code, now); notReused.Unmet != nil {
		return notReused, nil
	}
	return nil, nil
}

// replace creates a code, writes it to the file, and retires the old codes.
func (e *ensureRun) replace(ctx context.Context, held codefile.File) (Issued, error) {
	if err := codefile.Replaceable(e.Disk, e.File); err != nil {
		return Issued{}, err
	}
	if e.DryRun {
		return Issued{Code: codefile.FromRequest(e.Request), Save: e.File}, nil
	}
	old := e.deleteUnused(ctx, held.Refs())
	to := pending.Target{Save: e.File, Replaces: held.ActivationId, Earlier: old}
	issued, err := e.create(ctx, e.Account, e.Request, to, nil)
	if err != nil {
		return issued, e.quotaError(ctx, err)
	}
	if e.RetireOld {
		e.retire(ctx, old)
	}
	return issued, nil
}

// deleteUnused deletes the old codes that are expired or disabled and were never used, because they
// count against the quota. It returns the old codes that may still be usable.
func (e *ensureRun) deleteUnused(ctx context.Context, codes []activation.Ref) (alive []activation.Ref) {
	for _, ref := range codes {
		old := fleet.LookUp(ctx, e.Service, "look up", ref)
		_, dead := old.Code.DeadSince(old.Answer.Date)
		switch {
		case fleet.Missing(old.Err):
		case !dead: // or not known to be dead, because the lookup failed or its answer has no time
			alive = append(alive, old.Ref)
		case old.Code.RegisteredCount == 0:
			deleted, err := e.Service.Delete(ctx, old.Ref)
			e.addRetired(fleet.Result{Ref: old.Ref, Code: deleted.Activation, Answer: deleted.Answer, Err: err})
		}
	}
	return alive
}

// retire deletes the old codes that were never used, and disables the others.
func (e *ensureRun) retire(ctx context.Context, old []activation.Ref) {
	for _, ref := range old {
		changed, err := e.Service.Delete(ctx, ref)
		if activation.HasCode(err, "ActivationId.InUse") {
			changed, err = e.Service.Disable(ctx, ref)
		}
		e.addRetired(fleet.Result{Ref: ref, Code: changed.Activation, Answer: changed.Answer, Err: err})
	}
}

// addRetired adds the result of an old code. An error is reported as a note only, because the file
// already has a usable code.
func (e *ensureRun) addRetired(r fleet.Result) {
	if fleet.Missing(r.Err) {
		return
	}
	if r.Err != nil {
		e.Note(RetireFailed{r.Err})
	}
	e.retired = append(e.retired, r)
}

// quotaError adds the codes that could be deleted to the error of a region whose quota is used up.
func (e *ensureRun) quotaError(ctx context.Context, err error) error {
	if !activation.HasCode(err, "ActivationCount.ExceedLimit") {
		return err
	}
	var codes []activation.Activation
	var answer activation.Answer
	for page, failed := range fleet.NewReader(e.Service).Whole(ctx, activation.ListRequest{RegionId: e.Request.RegionId}) {
		if failed != nil {
			return err
		}
		answer, codes = page.Answer, append(codes, page.ActivationList...)
	}
	if answer.Date.IsZero() {
		return err
	}
	unused, used := fleet.Dead(codes, answer.Date, 0)
	return &QuotaFull{RegionId: e.Request.RegionId, Unused: unused, Used: len(used) > 0, Err: err}
}
