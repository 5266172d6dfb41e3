package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// wait promises to end as soon as it is known how it ends: 0 when what it waits for is there,
// 6 when it can never come, 7 when the time is up. What the code was last is the result, in
// each case. It outlives an outage, but not a first answer that does not come.

type waitOptions struct {
	registered, status string
}

const waitHelp = `Wait until machines have registered with a code, or until it has a status.

Exit 0: it is so. 6: it can never be so, because the code died before. 7: the time is up.
The code, as it was last, is printed in each case.`

const waitExample = `  ecs-activation wait 4ECEEE12-56F1-4FBC-9AB1-890F12345678 --registered 3
  ecs-activation wait "cn-beijing/$ID" --registered 1 --timeout 10m -o json
  ecs-activation wait 4ECEEE12-56F1-4FBC-9AB1-890F12345678 --status exhausted`

// waitTimeout is the default of --timeout here.
const waitTimeout = "1h"

func newWaitCmd(a *App) *cobra.Command {
	var o waitOptions
	cmd := &cobra.Command{
		Use:               "wait ID [flags]",
		Short:             "Wait for machines to register",
		Long:              waitHelp,
		Example:           waitExample,
		Args:              exactly(1, "one ID"),
		ValidArgsFunction: a.codeIDs(1, isAlive),
		Annotations:       map[string]string{"verb": "wait", "timeout": waitTimeout},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.run(cmd, func(s *session) error { return runWait(s, o, args) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.registered, "registered", "", "until this `number` of machines have registered")
	f.StringVar(&o.status, "status", "", "until it has this `status`: active, exhausted, expired, disabled")
	f.String("timeout", "", "`time` to wait at most (default "+waitTimeout+")")
	offer(cmd, "status", "active", "exhausted", "expired", "disabled")
	offer(cmd, "timeout", "10m", "1h", "4h")
	return cmd
}

// isAlive says whether anything can still happen to a code.
func isAlive(a activation.Activation, now time.Time) bool {
	status := a.Status(now)
	return status != activation.Expired && status != activation.Disabled
}

func runWait(s *session, o waitOptions, args []string) error {
	goal, err := o.goal(s.op)
	if err != nil {
		return err
	}
	refs, err := s.targets(args)
	if err != nil {
		return err
	}
	if len(refs) != 1 {
		return usageError(s.op, fmt.Sprintf("it waits for one code, and got %d IDs", len(refs)), "see: "+s.cmd.CommandPath()+" --help")
	}
	s.op = "wait for"
	if err := s.connect(); err != nil {
		return err
	}
	ctx, stop := s.limited()
	defer stop()
	last, err := s.await(ctx, refs[0], goal)
	return errors.Join(err, s.printLast(last))
}

// goal turns the flags into what is waited for.
func (o waitOptions) goal(op string) (goal activation.Goal, err error) {
	if (o.registered == "") == (o.status == "") {
		return goal, usageError(op, "it needs to know what for: a number of machines, or a status", "give --registered N or --status S, and not both")
	}
	var problems activation.Problems
	if o.registered != "" {
		if goal.Registered, err = activation.ParseCount(o.registered); err != nil {
			problems.Add("Registered", o.registered, err.Error(), "")
		}
		return goal, invalid(op, problems)
	}
	var rule string
	if goal.Status, rule = parseStatus(o.status); rule == "" && goal.Status == activation.Unknown {
		rule = "never comes by waiting"
	}
	if rule != "" {
		problems.Add("Status", o.status, rule, "")
	}
	return goal, invalid(op, problems)
}

// await looks at the code again and again, until the goal is reached or lost. It returns the
// code as it was seen last; a result without an ID says that it was never seen.
func (s *session) await(ctx context.Context, ref activation.Ref, goal activation.Goal) (last fleet.Result, err error) {
	told := ""
	for pace := s.pace(time.Second, 10*time.Second); ; pace.stretch(3, 2) {
		seen := fleet.LookUp(ctx, s.service, s.op, ref)
		outage := last.Ref.ActivationId != "" && ctx.Err() == nil && activation.KindOf(seen.Err) == activation.KindUnavailable
		switch {
		case seen.Err == nil:
			last = seen
			if ended, err := s.reached(goal, seen); ended {
				return last, err
			}
		case !outage:
			return last, s.waiting(ref, seen.Err)
		}
		if text := s.stateText(seen); s.printer.Err.Terminal && text != told {
			s.say("%s", s.printer.Err.Paint(ui.Faint, text))
			told = text
		}
		if err := rest(ctx, pace.next()); err != nil {
			return last, s.waiting(ref, err)
		}
	}
}

// reached says whether the waiting has ended, and how.
func (s *session) reached(goal activation.Goal, seen fleet.Result) (ended bool, err error) {
	now := s.now(seen.Answer)
	if goal.Reached(seen.Code, now) {
		return true, nil
	}
	why := goal.Lost(seen.Code, now)
	if why == "" {
		return false, nil
	}
	return true, &activation.Error{Kind: activation.KindConflict, Op: s.op, ID: seen.Ref, RequestID: seen.Answer.RequestId, Err: errors.New(why)}
}

// waiting says in an error what was waited for.
func (s *session) waiting(ref activation.Ref, err error) error {
	if errors.As(err, new(*activation.Error)) {
		return err
	}
	kind := activation.KindInterrupted
	if errors.Is(err, context.DeadlineExceeded) {
		kind = activation.KindUnavailable
	}
	return &activation.Error{Kind: kind, Op: s.op, ID: ref, Err: err}
}

// stateText is one line of progress.
func (s *session) stateText(seen fleet.Result) string {
	if seen.Err != nil {
		return "still waiting: " + ui.Clean(causeOf(seen.Err))
	}
	return fmt.Sprintf("%s, %d of %d uses", seen.Code.Status(s.now(seen.Answer)), seen.Code.RegisteredCount, seen.Code.InstanceCount)
}

// printLast prints the code as it was seen last, if it was.
func (s *session) printLast(last fleet.Result) error {
	if last.Ref.ActivationId == "" || s.printer.Quiet {
		return nil
	}
	now := s.now(last.Answer)
	s.mentionClock(last.Answer)
	return s.printer.Code(view.NewListed(last.Code, now), now)
}
