package cli

import (
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/duration"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// prune deletes the codes that are expired or disabled and were never used, and no others. It determines
// the status of a code with the clock of the service. Codes that were used cannot be deleted; prune reports
// them. If a machine registers with a code in the meantime, the service refuses to delete it, and prune
// reports that as well.

type pruneOptions struct {
	filterOptions
	changeOptions
	olderThan string
}

const pruneHelp = `Delete codes that are Expired or Disabled and were never used. The service keeps used codes
permanently: prune reports them and does not delete them.

--older-than counts from the time when a code expired. For a disabled code it counts from the time when
the code was created, because the service does not return the time when it was disabled.`

const pruneExample = `  ecs-activation prune --dry-run
  ecs-activation prune --all-regions --older-than 30d --yes
  ecs-activation prune --region cn-hangzhou,cn-beijing --tag env=test`

func newPruneCmd(p *invoke.Program) *cobra.Command {
	var o pruneOptions
	cmd := &cobra.Command{
		Use:     "prune [flags]",
		Short:   "Delete expired and disabled codes that were never used",
		Long:    pruneHelp,
		Example: pruneExample,
		Args:    cmdline.Exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.Run(cmd, func(s *invoke.Invocation) error { return runPrune(s, o) })
		},
	}
	f := cmd.Flags()
	o.addFilters(f)
	f.BoolVarP(&o.yes, "yes", "y", false, "skip the confirmation prompt")
	f.BoolVar(&o.dryRun, "dry-run", false, "show what would be done without changing anything")
	addOlderThan(cmd, &o.olderThan)
	invoke.CodeFormats(cmd)
	p.Lookup().Filters(cmd)
	cmdline.Main(cmd, "dry-run", "yes", "older-than", "region", "all-regions", "tag")
	return cmd
}

func runPrune(s *invoke.Invocation, o pruneOptions) error {
	s.KeepPipes()
	o.allRegions = invoke.AllRegions(s, o.allRegions)
	query, age, err := o.query(s)
	if err != nil {
		return err
	}
	kind := change{Action: fleet.Prune(), done: view.Deleted, question: deleteQuestion, means: deleteMeans}
	o.ignoreMissing, o.several = true, len(query.Regions) > 1
	if err := mayChange(s, o.changeOptions, nil); err != nil {
		return err
	}
	invoke.MentionTags(s, o.tags)
	conn, err := invoke.Connect(s)
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
	return message.Joined(s.Op, failed, len(query.Regions), carryOutPlan(s, conn, kind, o.changeOptions, plan))
}

// query returns the codes that the flags ask to read, and the value of --older-than.
func (o pruneOptions) query(s *invoke.Invocation) (q fleet.Query, age time.Duration, err error) {
	q = fleet.Query{Filter: o.filter(), Unserved: o.allRegions}
	if q.Regions, err = invoke.RegionsOf(s, o.allRegions); err != nil {
		return q, 0, err
	}
	problems := validQuery(q)
	activation.Read(&problems, "OlderThan", o.olderThan, &age, duration.Parse)
	return q, age, cmdline.Invalid(s.Op, problems)
}

// planPrune reads the regions and returns which codes to delete, and the errors of the regions that could
// not be read. If it returns an error, nothing may be deleted.
func planPrune(s *invoke.Invocation, conn *invoke.Connection, q fleet.Query, age time.Duration) (plan fleet.PrunePlan, failed []error, err error) {
	ctx, stop := s.WithTimeout()
	defer stop()
	see, seen := readProgress(s, q)
	list := conn.Reader.List(ctx, q, see)
	seen()
	if list.None() {
		return plan, nil, message.Partial(s.Op, list.Failed(), len(q.Regions), "regions", false)
	}
	if plan, err = fleet.PlanPrune(list, age); err != nil {
		return plan, nil, err
	}
	invoke.MentionClock(s, list.Answer)
	if len(plan.Keep) > 0 {
		s.Note(message.Kept(s.Program.Language, plan.Keep))
	}
	if len(plan.Delete) == 0 {
		s.Notef("nothing to prune in %s: no expired or disabled code that was never used", view.PlaceOf(s.Program.Language, q.Regions))
	}
	return plan, list.Failed(), nil
}

// carryOutPlan deletes the codes and prints the result of each. A dry run sends no more requests, because
// the codes have been read already.
func carryOutPlan(s *invoke.Invocation, conn *invoke.Connection, kind change, o changeOptions, plan fleet.PrunePlan) error {
	ctx, stop := s.WithTimeout()
	defer stop()
	refs := make([]activation.Ref, len(plan.Delete))
	for i, d := range plan.Delete {
		refs[i] = d.Ref
	}
	if o.dryRun {
		s.Notef(nothingChanged)
		return printResults(s, kind, o, refs, slices.Values(plan.Delete))
	}
	return printResults(s, kind, o, refs, kind.Change(ctx, conn, refs))
}
