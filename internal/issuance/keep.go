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

// Want is what Keep brings about: a file with a code that machines can register with.
type Want struct {
	Request   activation.CreateRequest // without a client token
	Need      activation.Need          // what a code must still be good for
	File      string                   // absolute, without symbolic links
	RetireOld bool                     // delete or disable the old codes
	DryRun    bool                     // change nothing

	// Accept refuses a file that must be left as it is; nil: none.
	Accept func(codefile.File) error
}

// Read reads the code in the file. Where there is no file the code is empty. The error is *NotOurs
// for a file that is left as it is.
func (w Want) Read(fsys disk.FS) (codefile.File, error) {
	held, err := codefile.Read(fsys, w.File)
	if errors.Is(err, fs.ErrNotExist) {
		return held, nil
	}
	if err == nil && w.Accept != nil {
		err = w.Accept(held)
	}
	if err != nil {
		return held, &NotOurs{File: w.File, Err: err}
	}
	return held, nil
}

// Kept is what the file holds now.
type Kept struct {
	Issued
	Created bool           // a new code took the place of the old one, if there was one
	Retired []fleet.Result // old codes that were deleted or disabled, or should have been
}

// Keep keeps a usable code in a file: the one that is there as long as it will do, otherwise a new
// one. One process at a time works on a file, and what an earlier run left unfinished is finished
// first. The old code stays as it is, because machines may be starting with it, unless the old codes
// are to be retired; those that are dead and were never used are deleted.
//
// Errors: *NotOurs for a file that is left as it is, *QuotaFull, and those of Create.
func (i *Issuer) Keep(ctx context.Context, a Account, w Want, dial Dial) (kept Kept, err error) {
	release, err := i.hold(ctx, w.File)
	if err != nil {
		return kept, err
	}
	defer func() { i.note(release()) }()
	before, err := w.Read(i.Disk)
	if err != nil {
		return kept, err
	}
	k := &keeper{Issuer: i, Account: a, Want: w}
	if err := k.finish(ctx, dial); err != nil {
		return kept, err
	}
	kept, err = k.keep(ctx)
	kept.Created = kept.Created || kept.ActivationId != before.ActivationId // an earlier run's was finished
	return kept, err
}

// keeper is one run of Keep.
type keeper struct {
	*Issuer
	Account
	Want
	retired []fleet.Result
}

func (k *keeper) keep(ctx context.Context) (kept Kept, err error) {
	held, err := k.Read(k.Disk)
	if err != nil {
		return kept, err
	}
	if held.ActivationId != "" && !k.DryRun {
		if err := codefile.MakePrivate(k.Disk, k.File); err != nil {
			k.Note(NotPrivate{err})
		}
	}
	unfit, err := k.judge(ctx, &held)
	if err != nil {
		return kept, err
	}
	if unfit != nil && unfit.Ref.ActivationId != "" {
		k.Note(*unfit)
	}
	kept = Kept{Issued: Issued{Code: held.Code, Save: k.File}, Created: unfit != nil}
	switch {
	case unfit != nil:
		kept.Issued, err = k.renew(ctx, held)
	case k.RetireOld && !k.DryRun: // an earlier run may have been interrupted before it did
		k.retire(ctx, k.tidy(ctx, held.Earlier))
	}
	kept.Retired = k.retired
	if cause := context.Cause(ctx); err == nil && errors.Is(cause, context.Canceled) {
		err = cause // interrupted while old codes were retired
	}
	return kept, err
}

// finish delivers to the file what earlier runs left unfinished.
func (k *keeper) finish(ctx context.Context, dial Dial) error {
	records, failed := k.Store.List(ctx)
	for _, err := range failed {
		var damaged *pending.Damaged
		if !errors.As(err, &damaged) {
			return &Unreadable{err} // it may be of a create for this file
		}
		k.Note(RecordUnreadable{err})
	}
	for _, r := range records {
		held, err := k.Read(k.Disk)
		if err != nil {
			return err
		}
		switch {
		case !k.due(r, held):
		case k.DryRun:
			k.Note(EarlierUnfinished{})
		default:
			if err := k.finishOne(ctx, r, dial); err != nil {
				return err
			}
		}
	}
	return nil
}

// due reports whether the code of a record is still to be put into the file, which holds another one
// or none.
func (k *keeper) due(r Record, held codefile.File) bool {
	here := r.Save == k.File && r.Sandbox == k.Sandbox && r.Endpoint == k.Endpoint
	open := held.ActivationId == "" || held.ActivationId == r.Replaces || held.ActivationId == r.ActivationId
	return here && open && (r.Unfinished() || r.State == pending.Running)
}

// finishOne replays a create of an earlier run. One that is too old, or that the service refuses,
// has no code that can be had, and does not stand in the way of a new one.
func (k *keeper) finishOne(ctx context.Context, r Record, dial Dial) error {
	_, err := k.replay(ctx, r, dial, Options{}, nil)
	var late *TooLate
	var unfinished *UnfinishedError
	switch {
	case errors.As(err, &late):
		return nil
	case errors.As(err, &unfinished) && refused(unfinished.Err):
		k.Note(EarlierRefused{Token: r.Request.ClientToken, Err: unfinished.Err})
		return nil
	}
	return err
}

// refused reports whether the service refused a request, and did nothing.
func refused(err error) bool {
	var failed *activation.Error
	return errors.As(err, &failed) && failed.NothingDone && failed.Code != ""
}

// judge says why the code in the file will not do; nil: it will. It completes the code with what the
// service knows about it.
func (k *keeper) judge(ctx context.Context, held *codefile.File) (*NotReused, error) {
	if held.ActivationId == "" {
		return &NotReused{}, nil
	}
	unfit := &NotReused{Ref: held.Ref()}
	if unfit.Parameter = held.Differs(k.Request); unfit.Parameter != "" {
		return unfit, nil
	}
	found := fleet.LookUp(ctx, k.Service, "ensure a code", held.Ref())
	switch {
	case fleet.Missing(found.Err):
		unfit.Missing = true
		return unfit, nil
	case found.Err != nil:
		return nil, found.Err
	}
	k.Note(Clock{found.Answer})
	now := serviceTime(found.Answer, k.Now)
	held.Update(found.Code, now)
	if unfit.Unmet = k.Need.Unmet(found.Code, now); unfit.Unmet != nil {
		return unfit, nil
	}
	return nil, nil
}

// renew makes a code that takes the place of the one in the file, and retires the old ones.
func (k *keeper) renew(ctx context.Context, held codefile.File) (Issued, error) {
	if err := codefile.Replaceable(k.Disk, k.File); err != nil {
		return Issued{}, err
	}
	if k.DryRun {
		return Issued{Code: codefile.Asked(k.Request), Save: k.File}, nil
	}
	old := k.tidy(ctx, held.Refs())
	to := pending.Target{Save: k.File, Replaces: held.ActivationId, Earlier: old}
	issued, err := k.create(ctx, k.Account, k.Request, to, nil)
	if err != nil {
		return issued, k.atQuota(ctx, err)
	}
	if k.RetireOld {
		k.retire(ctx, old)
	}
	return issued, nil
}

// tidy deletes the old codes that are dead and were never used, so that they take no room, and
// returns the others that may be alive.
func (k *keeper) tidy(ctx context.Context, codes []activation.Ref) (alive []activation.Ref) {
	for _, ref := range codes {
		old := fleet.LookUp(ctx, k.Service, "look up", ref)
		_, dead := old.Code.DeadSince(old.Answer.Date)
		switch {
		case fleet.Missing(old.Err):
		case old.Err != nil, old.Answer.Date.IsZero(), !dead:
			alive = append(alive, old.Ref)
		case old.Code.RegisteredCount == 0:
			deleted, err := k.Service.Delete(ctx, old.Ref)
			k.retiredOne(fleet.Result{Ref: old.Ref, Code: deleted.Activation, Answer: deleted.Answer, Err: err})
		}
	}
	return alive
}

// retire deletes the old codes that were never used, and disables the others.
func (k *keeper) retire(ctx context.Context, old []activation.Ref) {
	for _, ref := range old {
		changed, err := k.Service.Delete(ctx, ref)
		if activation.HasCode(err, "ActivationId.InUse") {
			changed, err = k.Service.Disable(ctx, ref)
		}
		k.retiredOne(fleet.Result{Ref: ref, Code: changed.Activation, Answer: changed.Answer, Err: err})
	}
}

// retiredOne keeps what became of an old code. The new one is there, so a failure is a note.
func (k *keeper) retiredOne(r fleet.Result) {
	if fleet.Missing(r.Err) {
		return
	}
	if r.Err != nil {
		k.Note(RetireFailed{r.Err})
	}
	k.retired = append(k.retired, r)
}

// atQuota completes the error of a region that is full with the codes that could be deleted there.
func (k *keeper) atQuota(ctx context.Context, err error) error {
	if !activation.HasCode(err, "ActivationCount.ExceedLimit") {
		return err
	}
	var codes []activation.Activation
	var answer activation.Answer
	for page, failed := range fleet.Whole(ctx, k.Service, activation.ListRequest{RegionId: k.Request.RegionId}) {
		if failed != nil {
			return err
		}
		answer, codes = page.Answer, append(codes, page.ActivationList...)
	}
	if answer.Date.IsZero() {
		return err
	}
	unused, _ := fleet.Dead(codes, answer.Date, 0)
	return &QuotaFull{RegionId: k.Request.RegionId, Unused: unused, Err: err}
}
