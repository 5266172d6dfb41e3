package view

import (
	"errors"
	"time"

	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// The results of a change of a code.
const (
	Disabled = "disabled"
	Deleted  = "deleted"
	Missing  = "missing" // the code does not exist, which is not an error
	Failed   = "failed"
)

// Changed is the result of a change of a code.
type Changed struct {
	ActivationId string
	RegionId     string
	Result       string // Disabled, Deleted, Missing or Failed
	RequestId    string
	Activation   *Code
	Error        *Problem
	DryRun       bool `json:",omitempty"`
}

// Outcome is the result of a change of a code, with what the command adds to it.
type Outcome struct {
	fleet.Result
	Became  string   // Disabled, Deleted, Missing or Failed
	Means   string   // the consequence for the code, as text
	Problem *Problem // why the change failed
	DryRun  bool     // nothing was changed; Became is what the change would do
}

// NewOutcome returns the outcome of a change. done is what became of a code that was changed, and
// ignoreMissing makes a code that does not exist no failure.
func NewOutcome(r fleet.Result, done string, ignoreMissing bool, problem func(error) *Problem) Outcome {
	switch {
	case r.Err == nil:
		return Outcome{Result: r, Became: done}
	case fleet.Missing(r.Err) && ignoreMissing:
		return Outcome{Result: r, Became: Missing}
	}
	return Outcome{Result: r, Became: Failed, Problem: problem(r.Err)}
}

// NewRetired returns what became of the old codes of ensure, which were deleted, or disabled where they
// had been used.
func NewRetired(results []fleet.Result, problem func(error) *Problem) []Changed {
	retired := make([]Changed, len(results))
	for i, r := range results {
		done := Deleted
		if r.Code.Disabled {
			done = Disabled
		}
		retired[i] = NewChanged(NewOutcome(r, done, false, problem))
	}
	return retired
}

// NewChanged returns an outcome as programs read it.
func NewChanged(o Outcome) Changed {
	view := Changed{ActivationId: o.Ref.ActivationId, RegionId: o.Ref.RegionId, Result: o.Became, RequestId: o.Answer.RequestId, DryRun: o.DryRun}
	switch {
	case o.Err == nil:
		code := NewCode(o.Code)
		view.Activation = &code
	case o.Became == Failed:
		view.Error, view.RequestId = o.Problem, o.Problem.RequestId
	}
	return view
}

// Results prints the results of changes: one line each as soon as it is known, or one sequence for programs
// at the end.
type Results struct {
	printer *Printer
	several bool // the codes are from several regions
	views   []Changed
	failed  error // the errors of writes
}

// NewResults returns a printer of results without any. IDs are printed with their region if there are several
// regions.
func NewResults(p *Printer, several bool) *Results {
	return &Results{printer: p, several: several, views: []Changed{}}
}

// Add prints the result of one change. A failed change is printed for programs only, because the command
// prints its error. After a failed write the command can continue: End returns the error.
func (r *Results) Add(o Outcome) {
	switch {
	case r.printer.ForPrograms():
		r.views = append(r.views, NewChanged(o))
	case o.Became != Failed && !r.printer.Quiet:
		r.failed = errors.Join(r.failed, r.printer.Line(o.line(r.printer.Out.Language, r.several)))
	}
}

// End prints the sequence for programs, and returns the errors of all writes.
func (r *Results) End() error {
	if r.printer.ForPrograms() {
		return printMany(r.printer, r.views)
	}
	return r.failed
}

// line returns the result as a line of text.
func (o Outcome) line(l ui.Language, several bool) string {
	name := ui.Clean(o.Ref.ActivationId)
	if several {
		name = ui.Clean(o.Ref.String())
	}
	if o.Became == Missing {
		return l.Text("missing %s (there is no such code in %s)", name, o.Ref.RegionId)
	}
	means := l.Find(o.Means)
	if o.Code.InstanceCount > 0 { // 0: it was gone when the deletion was repeated, and nothing is known of it
		means = l.Text("%d of %d uses; %s", o.Code.RegisteredCount, o.Code.InstanceCount, means)
	}
	switch {
	case o.DryRun && o.Became == Disabled:
		return l.Text("would be disabled: %s (%s)", name, means)
	case o.DryRun:
		return l.Text("would be deleted: %s (%s)", name, means)
	case o.Became == Disabled:
		return l.Text("disabled %s (%s)", name, means)
	}
	return l.Text("deleted %s (%s)", name, means)
}

// TargetLine describes a code before it is changed, or why it could not be looked up.
func TargetLine(out *ui.Stream, r fleet.Result, now time.Time, cause func(error) string) string {
	line := "  " + ui.Clean(r.Ref.String())
	if r.Err != nil {
		return line + "  (" + ui.Clean(cause(r.Err)) + ")"
	}
	return out.Language.Text("%s  %s  %s  %s uses", line, ui.Clean(r.Code.InstanceName), StatusText(out, r.Code.Status(now)), UsesText(r.Code))
}
