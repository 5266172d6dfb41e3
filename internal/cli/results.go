package cli

import (
	"errors"
	"fmt"
	"iter"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// changed is a result as JSON tells it.
type changed struct {
	ActivationId string
	RegionId     string
	Result       string // disabled, deleted, missing or failed
	RequestId    string
	Activation   *core
	Error        *jsonError
	DryRun       bool `json:",omitempty"`
}

// printResults tells what became of every code: results on standard output, failures on
// standard error. An output that fails does not stop the work; it is the last to be told.
func (s *session) printResults(c change, o changeOptions, refs []activation.Ref, results iter.Seq[fleet.Result]) error {
	var failures []error
	var unwritten error
	views, forPrograms := []changed{}, s.forPrograms()
	several := o.several || len(refs) > 0 && severalRegions(refs)
	advance, stop := s.advances(c.op+":", len(refs)) // not c.done: a code may fail, or be looked up only
	defer stop()
	left := 0
	for r := range results {
		advance()
		missing := activation.HasCode(r.Err, "ActivationId.NotFound") && o.ignoreMissing
		word := c.done
		switch {
		case missing:
			word = "missing"
		case r.Err != nil:
			word = "failed"
			failures = append(failures, r.Err)
		}
		switch {
		case forPrograms:
			views = append(views, s.changedOf(r, word, o.dryRun))
		case untried(r.Err):
			left++
		case word == "failed" && len(refs) > 1:
			s.tell(s.cmd, r.Err)
		case word != "failed" && !s.quiet:
			_, err := fmt.Fprintln(s.IO.Out, s.resultLine(c, o, r, word, several))
			unwritten = errors.Join(unwritten, err)
		}
	}
	s.mentionUntried(left, len(refs))
	if forPrograms {
		unwritten = ui.Many(s.IO.Out, s.output, views)
	}
	if unwritten != nil {
		return fmt.Errorf("the result could not be written: %w", unwritten)
	}
	return batch(s.op, failures, len(refs), "codes", true)
}

// mentionUntried tells how many codes a signal has left, in place of one error for each.
func (s *session) mentionUntried(left, of int) {
	if left > 0 {
		s.say("interrupted: not tried yet: %s of %s", ui.Number(left), ui.Count(of, "code"))
	}
}

// untried says whether a signal came before anything was sent for a code.
func untried(err error) bool {
	var known *activation.Error
	return errors.As(err, &known) && known.Kind == activation.KindInterrupted && known.NothingDone
}

func (s *session) changedOf(r fleet.Result, word string, dryRun bool) changed {
	view := changed{ActivationId: r.Ref.ActivationId, RegionId: r.Ref.RegionId, Result: word, RequestId: r.Answer.RequestId, DryRun: dryRun}
	if r.Err == nil {
		code := coreOf(r.Code)
		view.Activation = &code
	} else if word == "failed" {
		failure := s.jsonError(s.cmd, r.Err)
		view.Error, view.RequestId = &failure, failure.RequestId
	}
	return view
}

// resultLine says what is now true of one code, or would be.
func (s *session) resultLine(c change, o changeOptions, r fleet.Result, word string, several bool) string {
	name := ui.Clean(r.Ref.ActivationId)
	if several {
		name = ui.Clean(r.Ref.String())
	}
	switch {
	case word == "missing":
		return fmt.Sprintf("missing %s (there is no such code in %s)", name, r.Ref.RegionId)
	case o.dryRun:
		word = "would be " + word + ":"
	}
	told := c.forever
	if r.Code.InstanceCount > 0 { // 0: it was gone when the deletion was repeated, and nothing is known of it
		told = fmt.Sprintf("%d of %d uses; %s", r.Code.RegisteredCount, r.Code.InstanceCount, told)
	}
	return fmt.Sprintf("%s %s (%s)", word, name, told)
}
