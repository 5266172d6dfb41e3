package cli

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// prune promises to delete codes that can never be used again and never were, and no others.
// What a code is, the service's clock decides. Dead codes that were used cannot be deleted;
// they are told. A code that became used meanwhile is refused by the service and told as well.

type pruneOptions struct {
	listOptions
	changeOptions
	olderThan string
}

const pruneHelp = `Delete the dead codes that were never used: those that are Expired or Disabled. The service
keeps used ones for ever; they are reported and left alone.

--older-than counts from when a code expired. When it was disabled the service does not tell,
so for a disabled one it counts from when it was made.`

const pruneExample = `  ecs-activation prune --dry-run
  ecs-activation prune --all-regions --older-than 30d --yes
  ecs-activation prune --region cn-hangzhou,cn-beijing --tag env=test`

func newPruneCmd(a *App) *cobra.Command {
	var o pruneOptions
	cmd := &cobra.Command{
		Use:     "prune [flags]",
		Short:   "Delete dead codes that were never used",
		Long:    pruneHelp,
		Example: pruneExample,
		Args:    exactly(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd, func(s *session) error { return runPrune(s, o) })
		},
	}
	f := cmd.Flags()
	o.addFilters(f)
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&o.dryRun, "dry-run", false, "look for the codes, tell what would happen, change nothing")
	f.StringVar(&o.olderThan, "older-than", "", "only codes that have been dead for this `time`, such as 90m, 36h or 30d")
	a.offerFilters(cmd)
	offer(cmd, "older-than", "90m", "36h", "30d")
	return cmd
}

func runPrune(s *session, o pruneOptions) error {
	s.KeepPipes()
	regions, err := s.regions(o.allRegions)
	if err != nil {
		return err
	}
	request, age, err := o.read(s.op, regions)
	if err != nil {
		return err
	}
	kind := pruning()
	o.ignoreMissing, o.several = true, len(regions) > 1
	if err := s.mayChange(kind, o.changeOptions, nil); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	dead, failed, err := s.findDead(o, regions, request, age)
	if err != nil {
		return err
	}
	if len(dead) > 0 && !o.yes && !o.dryRun {
		look := func(context.Context) iter.Seq[fleet.Result] { return slices.Values(dead[:min(len(dead), shown)]) }
		if err := s.agree(kind, len(dead), look); err != nil {
			return err
		}
	}
	return partly(s.op, failed, len(regions), s.prune(kind, o, dead))
}

// pruning is the change that prune makes.
func pruning() change {
	return change{op: "prune", done: view.Deleted, forever: "it cannot be brought back", act: activation.Service.Delete}
}

// read turns the flags into a request for the first region and the least age.
func (o pruneOptions) read(op string, regions []string) (activation.ListRequest, time.Duration, error) {
	request, _, problems := o.request(regions)
	if o.olderThan == "" {
		return request, 0, invalid(op, problems)
	}
	age, err := activation.ParseAge(o.olderThan)
	if err != nil {
		problems.Add("OlderThan", o.olderThan, err.Error(), "")
	}
	return request, age, invalid(op, problems)
}

// findDead returns the codes to delete, and what kept it from reading some of the regions; its
// error is that it could read none.
func (s *session) findDead(o pruneOptions, regions []string, r activation.ListRequest, age time.Duration) ([]fleet.Result, []error, error) {
	ctx, stop := s.limited()
	defer stop()
	list, failed := s.readRegions(ctx, regions, r, 0, o.allRegions)
	if len(failed) == len(regions) {
		return nil, nil, batch(s.op, failed, len(regions), "regions", false)
	}
	// By this machine's clock, were it wrong, a living code would be a dead one.
	if len(list.codes) > 0 && list.answer.Date.IsZero() {
		return nil, nil, errors.New("the service did not tell its time, so what has expired cannot be told")
	}
	unused, used := fleet.Dead(list.codes, list.answer.Date, age)
	s.mentionClock(list.answer)
	s.mentionUsed(used)
	dead := make([]fleet.Result, len(unused))
	for i, code := range unused {
		dead[i] = fleet.Result{Ref: code.Ref(), Code: code, Answer: list.answer}
	}
	if len(dead) == 0 {
		s.say("nothing to prune in %s: no dead code that was never used", placeOf(regions))
	}
	return dead, failed, nil
}

// mentionUsed tells of the dead codes that have to stay.
func (s *session) mentionUsed(used []activation.Activation) {
	if len(used) == 0 {
		return
	}
	ids := make([]string, len(used))
	for i, code := range used {
		ids[i] = ui.Clean(code.Ref().String())
	}
	s.say("note: the service keeps dead codes that were used, for ever; here %d: %s", len(ids), message.Some(ids))
}

// prune deletes the codes and tells what became of each. A dry run asks nothing more: what the
// codes are is known.
func (s *session) prune(kind change, o pruneOptions, dead []fleet.Result) error {
	ctx, stop := s.limited()
	defer stop()
	refs := make([]activation.Ref, len(dead))
	for i, d := range dead {
		refs[i] = d.Ref
	}
	if o.dryRun {
		s.say("dry run: the service was asked what these codes are, and not to change anything")
		return s.printResults(kind, o.changeOptions, refs, slices.Values(dead))
	}
	work := func(ref activation.Ref) fleet.Result { return carryOut(ctx, s.service, kind, ref) }
	return s.printResults(kind, o.changeOptions, refs, fleet.InOrder(refs, work))
}

// partly joins the regions that could not be read with what went wrong in the others, which
// counts as one part: its single codes have been told.
func partly(op string, failed []error, regions int, err error) error {
	switch {
	case len(failed) == 0:
		return err
	case err == nil:
		return batch(op, failed, regions, "regions", false)
	}
	return &batchError{op: op, errs: append(failed, err), total: regions + 1, what: "parts"}
}
