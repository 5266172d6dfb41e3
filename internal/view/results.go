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
	Activation   *ChangedCode
	Error        *Problem
	DryRun       bool `json:",omitempty"`
}

// ChangedCode is a code after a change.
type ChangedCode struct {
	Code
	Disabled *bool // nil: unknown, because the answer to DeleteActivation has no such field
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
		view.Activation = &ChangedCode{Code: NewCode(o.Code)}
		if disabled := o.Code.Disabled || o.Became == Disabled; o.Became != Deleted {
			view.Activation.Disabled = &disabled // the service's sample of a successful DisableActivation says false
		}
	case o.Became == Failed:
		view.Error, view.RequestId = o.Problem, o.Problem.RequestId
	}
	return view
}

// Advanced is the result of sandbox advance.
type Advanced struct{ AdvancedSeconds int64 }

// Loaded is the result of sandbox load.
type Loaded struct{ Codes int }

// PrintOr prints a value for programs, and a line for people.
func PrintOr(p *Printer, value any, line string) error {
	if ui.ForPrograms(p.Format) {
		return p.Value(value)
	}
	return p.Line(line)
}

// Results prints the results of changes: one line or row each as soon as it is known, or one sequence for
// programs at the end.
type Results struct {
	printer *Printer
	several bool // the codes are from several regions
	views   []Changed
	rows    *csvRows[Outcome]
	failed  error // the error of the first write that failed
}

// NewResults returns a printer of results without any. IDs are printed with their region if there are several
// regions.
func NewResults(p *Printer, several bool) *Results {
	return &Results{printer: p, several: several, views: []Changed{}, rows: newCSV(p, columnsOf(p, outcomeColumns()))}
}

// Add prints the result of one change. A failed change is printed for programs and as CSV only, because the
// command prints its error. After a failed write nothing more is printed, and End returns the error.
func (r *Results) Add(o Outcome) {
	if r.failed == nil {
		r.failed = r.add(o)
	}
}

func (r *Results) add(o Outcome) error {
	switch {
	case r.printer.ForPrograms():
		r.views = append(r.views, NewChanged(o))
	case r.printer.Quiet:
	case r.printer.Format == FormatCSV:
		return errors.Join(r.rows.add([]Outcome{o}), r.rows.out.Flush())
	case o.Became == Failed:
	case r.printer.Format == FormatName:
		return r.printer.Line(ui.Clean(o.Ref.String()))
	default:
		return r.printer.Line(o.line(r.printer.Out.Language, r.several))
	}
	return nil
}

// End prints the sequence for programs, and returns the error of the first write that failed.
func (r *Results) End() error {
	switch {
	case r.printer.ForPrograms():
		return printMany(r.printer, r.views)
	case r.failed == nil && r.printer.Format == FormatCSV && !r.printer.Quiet:
		return r.rows.end()
	}
	return r.failed
}

// outcomeColumns returns the columns of a table of results.
func outcomeColumns() []Column[Outcome] {
	return []Column[Outcome]{
		{Name: "id", Cell: func(o Outcome) string { return ui.Clean(o.Ref.ActivationId) }},
		{Name: "region", Cell: func(o Outcome) string { return o.Ref.RegionId }},
		{Name: "result", Cell: func(o Outcome) string { return o.Became }},
		{Name: "name", Cell: func(o Outcome) string { return ui.Clean(o.Code.InstanceName) }},
		{Name: "uses", Cell: Outcome.uses},
		{Name: "error", Cell: Outcome.reason},
	}
}

// uses returns how many uses of the code are used, or "" if nothing is known of it.
func (o Outcome) uses() string {
	if o.Code.InstanceCount == 0 {
		return ""
	}
	return UsesText(o.Code)
}

// reason returns why the change failed.
func (o Outcome) reason() string {
	if o.Problem == nil {
		return ""
	}
	return ui.Clean(o.Problem.Message)
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
		return out.Language.Text("%s  (%s)", line, ui.Clean(cause(r.Err)))
	}
	if r.Code.InstanceName != "" {
		line += "  " + ui.Clean(r.Code.InstanceName)
	}
	return out.Language.Text("%s  %s  %s uses", line, StatusText(out, r.Code.Status(now)), UsesText(r.Code))
}
