package cli

import (
	"errors"
	"iter"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// printResults prints the result of every change: successes on standard output, failures on standard error.
// If the output cannot be written, the changes go on, and printResults returns the error at the end.
func printResults(s *invoke.Invocation, c change, o changeOptions, refs []activation.Ref, results iter.Seq[fleet.Result]) error {
	var failures []error
	out := view.NewResults(s.Printer, o.several || len(refs) > 0 && activation.SeveralRegions(refs))
	advance, stop := view.CountProgress(s.IO, message.Progress(c.Op), len(refs)) // not c.done: a change may fail or be a dry run
	defer stop()
	lines := failureLines{print: func(err error) { s.Program.PrintError(s.Cmd, err) }}
	left := 0
	for r := range results {
		advance()
		outcome := view.NewOutcome(r, c.done, o.ignoreMissing, func(err error) *view.Problem { return s.Program.Problem(s.Cmd, err) })
		outcome.Means, outcome.DryRun = c.means, o.dryRun
		out.Add(outcome)
		failed := outcome.Became == view.Failed
		if failed {
			failures = append(failures, r.Err)
		}
		switch {
		case s.Program.WantsJSON(s.Cmd):
		case failed && fleet.Untried(r.Err):
			left++
		case failed && len(refs) > 1:
			lines.add(r.Err)
		default:
			lines.end()
		}
	}
	if len(failures) < len(refs) || left > 0 {
		lines.end()
	}
	invoke.MentionUntried(s, left, len(refs))
	if err := out.End(); err != nil {
		return notPrinted(s, err, refs, failures)
	}
	return message.Partial(s.Op, failures, len(refs), "codes", true)
}

// failureLines prints the errors of several codes. As long as all codes are missing, it keeps the errors, because
// the error of the command has one text for all of them.
type failureLines struct {
	print func(error)
	kept  []error
	ended bool // not all codes are missing
}

// add prints or keeps an error.
func (f *failureLines) add(err error) {
	if !f.ended && fleet.Missing(err) {
		f.kept = append(f.kept, err)
		return
	}
	f.end()
	f.print(err)
}

// end prints the errors that were kept. No more are kept.
func (f *failureLines) end() {
	for _, err := range f.kept {
		f.print(err)
	}
	f.kept, f.ended = nil, true
}

// notPrinted returns the error of results that could not be printed. The error of a single code, which is
// otherwise that of the command, is printed before.
func notPrinted(s *invoke.Invocation, err error, refs []activation.Ref, failures []error) error {
	if len(refs) == 1 && len(failures) == 1 && !s.Program.WantsJSON(s.Cmd) {
		s.Program.PrintError(s.Cmd, failures[0])
	}
	var failed *message.ExpressionFailed
	if errors.As(err, &failed) {
		failed.Changed = failed.Changed && len(failures) < len(refs)
		return err
	}
	return activation.Textf("cannot write the result: %w", err)
}
