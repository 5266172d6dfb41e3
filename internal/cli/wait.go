package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// wait ends when its condition is met, when the condition can no longer be met, or after --timeout. It
// prints the code as it was when it was last read. It continues after a failed read, except for the first.

type waitOptions struct {
	registered, status string
}

const waitHelp = `Wait until machines have registered with a code, or until it has a status. Without --registered and
--status, wait until one more machine has registered than at the start. With - the ID is read from standard
input, also from the JSON that create and show print.

Exit codes: 0 condition met; 6 condition can no longer be met; 7 timed out. In each case the code
is printed as it was when it was last read.`

const waitExample = `  ecs-activation wait 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation wait 4ECEEE12-56F1-4FBC-9AB1-890F12345678 --registered 3
  ecs-activation wait "cn-beijing/$ID" --registered 1 --timeout 10m -o json
  ecs-activation wait 4ECEEE12-56F1-4FBC-9AB1-890F12345678 --status exhausted`

// waitTimeout is the default of --timeout here.
const waitTimeout = "1h"

func newWaitCmd(p *invoke.Program) *cobra.Command {
	var o waitOptions
	cmd := &cobra.Command{
		Use:               "wait ID | - [flags]",
		Short:             "Wait for machines to register",
		Long:              waitHelp,
		Example:           waitExample,
		Args:              cmdline.Exactly(1, "one ID"),
		ValidArgsFunction: p.Lookup().IDs(1, activation.Activation.IsAlive),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.Run(cmd, func(s *invoke.Invocation) error { return runWait(s, o, args) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.registered, "registered", "", "wait until this `number` of machines have registered")
	f.StringVar(&o.status, "status", "", "wait until the code has this `status`: active, exhausted, expired, disabled")
	f.String("timeout", "", "`time` to wait at most (default 1h)")
	invoke.CodeFormats(cmd)
	complete.Values(cmd, "status", statusesToReach()...)
	complete.Values(cmd, "timeout", "10m", "1h", "4h")
	return cmd
}

func runWait(s *invoke.Invocation, o waitOptions, args []string) error {
	s.DefaultTimeout(waitTimeout)
	goal, err := o.goal(s.Op)
	if err != nil {
		return err
	}
	refs, err := invoke.TargetsOf(s, args)
	if err != nil {
		return err
	}
	if len(refs) != 1 {
		return cmdline.Wrong(s.Op, activation.Textf("expected one ID, got %d", len(refs))).Advise("see:  %s --help", s.Cmd.CommandPath())
	}
	s.Op = "wait for"
	conn, err := invoke.Connect(s)
	if err != nil {
		return err
	}
	ctx, stop := s.WithTimeout()
	defer stop()
	w := fleet.Wait{Service: conn, Op: s.Op, Interval: intervalOf(s, time.Second, 10*time.Second), Now: s.Now, See: progressOfWait(s, goal)}
	last, err := w.For(ctx, refs[0], goal)
	if activation.KindOf(err) == activation.KindInterrupted {
		s.IO.EndLine()
	}
	var late *activation.Error
	if errors.As(err, &late) && errors.Is(err, context.DeadlineExceeded) && late.Hint == "" {
		err = late.Advise("to wait longer, run the command again with a longer --timeout")
	}
	return errors.Join(err, printLast(s, last))
}

// goal returns the condition that the flags describe.
func (o waitOptions) goal(op string) (goal activation.Goal, err error) {
	switch {
	case o.registered != "" && o.status != "":
		return goal, cmdline.Usage(op, "expected one condition, not two", "give either --registered N or --status S")
	case o.registered == "" && o.status == "":
		return activation.Goal{OneMore: true}, nil
	}
	var problems activation.Problems
	if o.registered != "" {
		if goal.Registered, err = activation.ParseCount(o.registered); err != nil {
			problems.Add("Registered", o.registered, err)
		}
		return goal, cmdline.Invalid(op, problems)
	}
	if goal.Status, err = activation.ParseStatus(o.status); err != nil || goal.Status == activation.Unknown {
		problems.Add("Status", o.status, activation.OneOf{Choices: statusesToReach()})
	}
	return goal, cmdline.Invalid(op, problems)
}

// statusesToReach returns the statuses that a code can change to.
func statusesToReach() []string {
	return slices.DeleteFunc(activation.StatusNames(), func(name string) bool { return strings.EqualFold(name, string(activation.Unknown)) })
}

// progressOfWait returns a function that prints each change on a terminal, and at first what a wait without a
// condition waits for.
func progressOfWait(s *invoke.Invocation, goal activation.Goal) func(fleet.Result) {
	printed, explained := "", !goal.OneMore
	return func(read fleet.Result) {
		if !explained {
			explained = true
			s.NoteCount(read.Code.RegisteredCount, "waiting until one more machine registers; %s has registered so far",
				"waiting until one more machine registers; %s have registered so far")
		}
		if text := stateText(s, read); s.Printer.Err.Terminal && text != printed {
			s.Note(s.Printer.Err.Paint(ui.Faint, text))
			printed = text
		}
	}
}

// stateText returns a line of progress.
func stateText(s *invoke.Invocation, seen fleet.Result) string {
	l := s.Program.Language
	if seen.Err != nil {
		return l.Text("still waiting: %s", ui.Clean(invoke.CauseOf(s, seen.Err)))
	}
	return l.Text("%s, %d of %d uses", l.Find(string(seen.Code.Status(s.TimeOf(seen.Answer)))), seen.Code.RegisteredCount, seen.Code.InstanceCount)
}

// printLast prints the code as it was when it was last read. It prints nothing if it was never read.
func printLast(s *invoke.Invocation, last fleet.Result) error {
	if last.Ref.ActivationId == "" || s.Printer.Quiet {
		return nil
	}
	now := s.TimeOf(last.Answer)
	invoke.MentionClock(s, last.Answer)
	return view.PrintCode(s.Printer, view.NewListed(last.Code, now), now)
}
