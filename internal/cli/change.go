package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// disable and delete are one kind of command: they change codes that are named by their IDs,
// for ever. They promise to ask before, to try every ID, to report each in the order given,
// and to call nothing done that the service did not confirm.

// change is what differs between the two.
type change struct {
	op      string // "disable"
	done    string // "disabled", also the word in JSON
	forever string // what cannot be undone
	refused string // the code with which the service would refuse a used code; "": it would not
	suits   suits  // the codes that are offered for it
	act     func(activation.Service, context.Context, activation.Ref) (activation.Changed, error)
}

type changeOptions struct {
	yes, dryRun, ignoreMissing bool
	several                    bool // IDs are told with their regions, even if all are in one
}

// newChangeCmd completes the command of a kind of change.
func newChangeCmd(a *App, c change, cmd *cobra.Command) *cobra.Command {
	var o changeOptions
	cmd.ValidArgsFunction = a.codeIDs(0, c.suits)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.run(cmd, func(s *session) error { return runChange(s, c, o, args) })
	}
	f := cmd.Flags()
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&o.dryRun, "dry-run", false, "look the codes up, tell what would happen, change nothing")
	f.BoolVar(&o.ignoreMissing, "ignore-missing", false, "a code that does not exist is no failure")
	return cmd
}

func runChange(s *session, c change, o changeOptions, args []string) error {
	s.KeepPipes()
	refs, err := s.targets(args)
	if err != nil {
		return err
	}
	if err := s.mayChange(c, o, args); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	if !o.yes && !o.dryRun {
		look := func(ctx context.Context) iter.Seq[fleet.Result] {
			return fleet.InOrder(refs[:min(len(refs), shown)], func(ref activation.Ref) fleet.Result { return fleet.LookUp(ctx, s.service, c.op, ref) })
		}
		if err := s.agree(c, len(refs), look); err != nil {
			return err
		}
	}
	ctx, stop := s.limited()
	defer stop()
	work := func(ref activation.Ref) fleet.Result {
		if o.dryRun {
			return rehearse(ctx, s.service, c, ref)
		}
		return carryOut(ctx, s.service, c, ref)
	}
	if o.dryRun {
		s.say("dry run: the service is asked what these codes are, and not to change anything")
	}
	return s.printResults(c, o, refs, fleet.InOrder(refs, work))
}

// carryOut makes the change.
func carryOut(ctx context.Context, service activation.Service, c change, ref activation.Ref) fleet.Result {
	changed, err := c.act(service, ctx, ref)
	return fleet.Result{Ref: ref, Code: changed.Activation, Answer: changed.Answer, Err: err}
}

// mayChange refuses a change that was not agreed to and that nobody can be asked about.
func (s *session) mayChange(c change, o changeOptions, args []string) error {
	fromInput := slices.Contains(args, "-")
	if o.yes || o.dryRun || s.IO.CanAsk() && !fromInput && !s.settings.Bool("no-input") {
		return nil
	}
	return usageError(s.op, c.forever+", and nobody can be asked", "add --yes to go ahead, or --dry-run to see what would happen")
}

// shown is the most codes that a question shows.
const shown = 20

// agree shows the first of the codes that would be changed and asks. Its error says that the
// user declined.
func (s *session) agree(c change, total int, look func(context.Context) iter.Seq[fleet.Result]) error {
	ctx, stop := s.limited()
	var lines []string
	for found := range look(ctx) {
		lines = append(lines, s.targetLine(found))
	}
	stop()
	if more := total - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", more))
	}
	s.say("%s %s, signed by %s:\n%s", c.op, ui.Count(total, "code"), ui.Clean(s.identity.Source), strings.Join(lines, "\n"))
	agreed, err := s.IO.Confirm(s.ctx, strings.ToUpper(c.forever[:1])+c.forever[1:]+". Go ahead?")
	if err == nil && !agreed {
		err = &activation.Error{Kind: activation.KindOther, Op: c.op, Err: errors.New("you declined, and nothing was changed")}
	}
	return err
}

// targetLine tells what one code is before it is changed.
func (s *session) targetLine(r fleet.Result) string {
	line := "  " + ui.Clean(r.Ref.String())
	if r.Err != nil {
		return line + "  (" + ui.Clean(causeOf(r.Err)) + ")"
	}
	status := r.Code.Status(s.now(r.Answer))
	return fmt.Sprintf("%s  %s  %s  %s uses", line, ui.Clean(r.Code.InstanceName), view.StatusText(s.printer.Err, status), view.UsesText(r.Code))
}

// rehearse tells what a change would come to, from what the code is now.
func rehearse(ctx context.Context, service activation.Service, c change, ref activation.Ref) fleet.Result {
	found := fleet.LookUp(ctx, service, c.op, ref)
	if found.Err == nil && c.refused != "" && found.Code.RegisteredCount > 0 {
		found.Err = &activation.Error{Kind: activation.KindOfCode(c.refused), Op: c.op, ID: ref, Code: c.refused}
	}
	return found
}
