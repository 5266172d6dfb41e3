package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

// The second half of ensure: a new code takes the place of the old one.

// The ways in which a file came to hold a usable code.
const (
	stateReused  = "reused"
	stateCreated = "created" // by this run, or by a killed one that this one finished
)

// ensured is what ensure prints: what create prints, but for the code.
type ensured struct {
	codefile.Code
	State   string
	Save    string    // the file
	Retired []changed // old codes that were deleted or disabled, or should have been
}

// renew makes room for a new code, makes it, and retires the old ones.
func (s *session) renew(ctx context.Context, w wanted, saved codefile.File, done *ensured) error {
	if err := s.unwritable(codefile.Replaceable(disk.OS{}, w.file)); err != nil {
		return err
	}
	if w.dryRun {
		done.Code = codefile.Asked(w.request)
		return nil
	}
	old := s.tidy(ctx, saved.Refs(), done)
	entry, err := s.begin(ctx, w.request, pending.Target{Save: w.file, Replaces: saved.ActivationId, Earlier: old})
	if err != nil {
		return err
	}
	entry.ensured = true
	err = s.settle(entry, s.obtain(ctx, entry, func(view *codefile.Code) { done.Code = *view }))
	if err != nil {
		return s.atQuota(ctx, w.request.RegionId, err)
	}
	if w.retireOld {
		s.retire(ctx, old, done)
	}
	return nil
}

// tidy deletes the old codes that are dead and were never used, so that they take no room, and
// returns the others that may be alive.
func (s *session) tidy(ctx context.Context, codes []activation.Ref, done *ensured) (alive []activation.Ref) {
	for old := range inOrder(codes, func(ref activation.Ref) result { return lookUp(ctx, s.service, "look up", ref) }) {
		_, dead := old.code.DeadSince(old.answer.Date)
		switch {
		case activation.HasCode(old.err, "ActivationId.NotFound"):
		case old.err != nil, old.answer.Date.IsZero(), !dead:
			alive = append(alive, old.ref)
		case old.code.RegisteredCount == 0:
			deleted, err := s.service.Delete(ctx, old.ref)
			s.retired(done, "deleted", result{old.ref, deleted.Activation, deleted.Answer, err})
		}
	}
	return alive
}

// retire deletes what was never used of the old codes that live, and disables the others.
func (s *session) retire(ctx context.Context, old []activation.Ref, done *ensured) {
	for _, ref := range old {
		word := "deleted"
		changed, err := s.service.Delete(ctx, ref)
		if activation.HasCode(err, "ActivationId.InUse") {
			word = "disabled"
			changed, err = s.service.Disable(ctx, ref)
		}
		s.retired(done, word, result{ref, changed.Activation, changed.Answer, err})
	}
}

// retired notes what became of an old code. The new one is there, so a failure is a warning.
func (s *session) retired(done *ensured, word string, r result) {
	switch {
	case activation.HasCode(r.err, "ActivationId.NotFound"):
		return
	case r.err != nil:
		word = "failed"
		s.say("warning: an old code stays: %s", ui.Clean(r.err.Error()))
	}
	done.Retired = append(done.Retired, s.changedOf(r, word, false))
}

// atQuota completes the error of a region that is full with what prune would free there.
func (s *session) atQuota(ctx context.Context, region string, err error) error {
	var full *activation.Error
	if !errors.As(err, &full) || full.Code != "ActivationCount.ExceedLimit" {
		return err
	}
	list, failed := s.readRegions(ctx, []string{region}, activation.ListRequest{}, 0, false)
	if len(failed) > 0 || list.answer.Date.IsZero() {
		return err
	}
	unused, _ := list.dead(0)
	if len(unused) == 0 {
		full.Hint = "prune would free nothing: every dead code there was used; delete codes that are not needed, or ask Alibaba Cloud to raise the quota"
		return err
	}
	ids := make([]string, len(unused))
	for i, code := range unused {
		ids[i] = ui.Clean(code.ref.ActivationId)
	}
	full.Hint = fmt.Sprintf("prune would free %s (%s):  %s", ui.Count(len(ids), "code"), some(ids), s.commandLine("prune --region "+region))
	return err
}

// printEnsured prints what is in the file now: the code itself only where it is asked for.
func (s *session) printEnsured(e ensured) error {
	wantsCode := s.quiet || holdsCode(s.output)
	switch {
	case wantsCode && e.DryRun:
		return nil
	case wantsCode:
		return s.printCode(e.Code)
	}
	e.ActivationCode = ""
	if s.forPrograms() {
		return s.printOne(e)
	}
	fields := slices.Insert(fieldsOf(e.Code), 1, ui.Field{Name: "State", Value: e.State}, ui.Field{Name: "Save", Value: ui.Clean(e.Save)})
	if e.RemainingCount > 0 {
		fields = append(fields, ui.Field{Name: "RemainingCount", Value: strconv.Itoa(e.RemainingCount)})
	}
	for _, old := range e.Retired {
		if old.Error == nil {
			text := fmt.Sprintf("%s %s/%s", old.Result, old.RegionId, old.ActivationId)
			if known := old.Activation; known.InstanceCount > 0 {
				text += fmt.Sprintf(" (%d of %d uses)", known.RegisteredCount, known.InstanceCount)
			}
			fields = append(fields, ui.Field{Name: "Retired", Value: text})
		}
	}
	return ui.Fields(s.IO.Out, fields)
}
