package cli

import (
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// prune promises to delete codes that can never be used again and never were, and no others.
// What a code is, the service's clock decides. Dead codes that were used cannot be deleted;
// they are told. A code that became used meanwhile is refused by the service and told as well.

type pruneOptions struct {
	filterOptions
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
			return a.run(cmd, func(s *invocation) error { return runPrune(s, o) })
		},
	}
	f := cmd.Flags()
	o.addFilters(f)
	f.BoolVarP(&o.yes, "yes", "y", false, "skip the confirmation prompt")
	f.BoolVar(&o.dryRun, "dry-run", false, "show what would be done without changing anything")
	f.StringVar(&o.olderThan, "older-than", "", "only codes that have been dead for this `time`, such as 90m, 36h or 30d")
	a.lookup().Filters(cmd)
	complete.Values(cmd, "older-than", "90m", "36h", "30d")
	return cmd
}

func runPrune(s *invocation, o pruneOptions) error {
	s.KeepPipes()
	query, age, err := o.query(s)
	if err != nil {
		return err
	}
	kind := change{Action: fleet.Prune(), done: view.Deleted, question: deleteQuestion, means: deleteMeans}
	o.ignoreMissing, o.several = true, len(query.Regions) > 1
	if err := mayChange(s, kind, o.changeOptions, nil); err != nil {
		return err
	}
	conn, err := connect(s)
	if err != nil {
		return err
	}
	plan, failed, err := planPrune(s, conn, query, age)
	if err != nil {
		return err
	}
	if len(plan.Delete) > 0 && !o.yes && !o.dryRun {
		if err := confirm(s, conn, kind, len(plan.Delete), plan.Delete[:min(len(plan.Delete), shown)]); err != nil {
			return err
		}
	}
	return partly(s.op, failed, len(query.Regions), carryOutPlan(s, conn, kind, o.changeOptions, plan))
}

// query turns the flags into what is read, and how long a code must have been dead.
func (o pruneOptions) query(s *invocation) (q fleet.Query, age time.Duration, err error) {
	q = fleet.Query{Filter: o.filter(), Unserved: o.allRegions}
	if q.Regions, err = regionsOf(s, o.allRegions); err != nil {
		return q, 0, err
	}
	problems := validQuery(q)
	if o.olderThan != "" {
		if age, err = activation.ParseAge(o.olderThan); err != nil {
			problems.Add("OlderThan", o.olderThan, err)
		}
	}
	return q, age, invalid(s.op, problems)
}

// planPrune reads the regions and returns what to delete, and what kept it from reading some of the
// regions. Its error says that nothing may be deleted.
func planPrune(s *invocation, conn *connection, q fleet.Query, age time.Duration) (plan fleet.PrunePlan, failed []error, err error) {
	ctx, stop := s.limited()
	defer stop()
	see, seen := readProgress(s, q)
	list := conn.reader.List(ctx, q, see)
	seen()
	if list.None() {
		return plan, nil, message.Partial(s.op, list.Failed(), len(q.Regions), "regions", false)
	}
	if plan, err = fleet.PlanPrune(list, age); err != nil {
		return plan, nil, err
	}
	mentionClock(s, list.Answer)
	mentionKept(s, plan.Keep)
	if len(plan.Delete) == 0 {
		s.say("nothing to prune in %s: no dead code that was never used", view.PlaceOf(q.Regions))
	}
	return plan, list.Failed(), nil
}

// mentionKept names the dead codes that cannot be deleted.
func mentionKept(s *invocation, used []activation.Activation) {
	if len(used) == 0 {
		return
	}
	ids := make([]string, len(used))
	for i, code := range used {
		ids[i] = ui.Clean(code.Ref().String())
	}
	s.say("note: dead codes that were used cannot be deleted; here %d: %s", len(ids), message.Some(ids))
}

// carryOutPlan deletes the codes and prints what became of each. A dry run sends nothing more, because
// what the codes are is known.
func carryOutPlan(s *invocation, conn *connection, kind change, o changeOptions, plan fleet.PrunePlan) error {
	ctx, stop := s.limited()
	defer stop()
	refs := make([]activation.Ref, len(plan.Delete))
	for i, d := range plan.Delete {
		refs[i] = d.Ref
	}
	if o.dryRun {
		s.say(nothingChanged)
		return printResults(s, kind, o, refs, slices.Values(plan.Delete))
	}
	return printResults(s, kind, o, refs, kind.Change(ctx, conn, refs))
}

// partly joins the regions that could not be read with what went wrong in the others, which
// counts as one part: its single codes have been told.
func partly(op string, failed []error, regions int, err error) error {
	switch {
	case len(failed) == 0:
		return err
	case err == nil:
		return message.Partial(op, failed, regions, "regions", false)
	}
	return &message.PartialError{Op: op, Errs: append(failed, err), Total: regions + 1, What: "parts"}
}
