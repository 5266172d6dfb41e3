package cli

import (
	"errors"
	"fmt"
	"iter"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// printResults tells what became of every code: results on standard output, failures on
// standard error. An output that fails does not stop the work; it is the last to be told.
func printResults(s *invocation, c change, o changeOptions, refs []activation.Ref, results iter.Seq[fleet.Result]) error {
	var failures []error
	out := view.NewResults(s.printer, o.several || len(refs) > 0 && severalRegions(refs))
	advance, stop := view.CountProgress(s.IO, c.Op+":", len(refs)) // not c.done: a code may fail, or be looked up only
	defer stop()
	left := 0
	for r := range results {
		advance()
		outcome := outcome(s, c, o, r)
		out.Add(outcome)
		if outcome.Became != view.Failed {
			continue
		}
		failures = append(failures, r.Err)
		switch {
		case s.printer.ForPrograms():
		case untried(r.Err):
			left++
		case len(refs) > 1:
			s.app.tell(s.cmd, r.Err)
		}
	}
	mentionUntried(s, left, len(refs))
	if err := out.End(); err != nil {
		return fmt.Errorf("the result could not be written: %w", err)
	}
	return message.Partial(s.op, failures, len(refs), "codes", true)
}

// outcome is what became of one code.
func outcome(s *invocation, c change, o changeOptions, r fleet.Result) view.Outcome {
	outcome := view.Outcome{Result: r, Became: c.done, Means: c.means, DryRun: o.dryRun}
	switch {
	case r.Err == nil:
	case fleet.Missing(r.Err) && o.ignoreMissing:
		outcome.Became = view.Missing
	default:
		outcome.Became, outcome.Problem = view.Failed, s.app.problem(s.cmd, r.Err)
	}
	return outcome
}

// mentionUntried tells how many codes a signal has left, in place of one error for each.
func mentionUntried(s *invocation, left, of int) {
	if left > 0 {
		s.say("interrupted: not tried yet: %s of %s", ui.Number(left), ui.Count(of, "code"))
	}
}

// untried says whether a signal came before anything was sent for a code.
func untried(err error) bool {
	var known *activation.Error
	return errors.As(err, &known) && known.Kind == activation.KindInterrupted && known.NothingDone
}
