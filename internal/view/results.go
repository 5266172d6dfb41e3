package view

import (
	"errors"
	"fmt"

	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// What became of a code that was to be changed.
const (
	Disabled = "disabled"
	Deleted  = "deleted"
	Missing  = "missing" // it does not exist, which is no failure
	Failed   = "failed"
)

// Changed is what became of a code that was to be changed.
type Changed struct {
	ActivationId string
	RegionId     string
	Result       string // Disabled, Deleted, Missing or Failed
	RequestId    string
	Activation   *Code
	Error        *Problem
	DryRun       bool `json:",omitempty"`
}

// Outcome is what became of a code, as the command knows it.
type Outcome struct {
	fleet.Result
	Became  string   // Disabled, Deleted, Missing or Failed
	Means   string   // what that means for the code, for a person
	Problem *Problem // why it failed
	DryRun  bool     // it would become so
}

// NewChanged returns an outcome for programs.
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

// Results prints what became of codes: one line each as soon as it is known, or one sequence for
// programs at the end.
type Results struct {
	printer *Printer
	several bool // regions
	views   []Changed
	failed  error // of the writes
}

// Results begins to print what became of codes. IDs come with their region where there are several.
func (p *Printer) Results(several bool) *Results {
	return &Results{printer: p, several: several, views: []Changed{}}
}

// Add prints what became of a code. A failure is an error, which people read elsewhere. A write that
// fails does not end the work: End returns its error.
func (r *Results) Add(o Outcome) {
	switch {
	case r.printer.ForPrograms():
		r.views = append(r.views, NewChanged(o))
	case o.Became != Failed && !r.printer.Quiet:
		r.failed = errors.Join(r.failed, r.printer.Line(o.line(r.several)))
	}
}

// End prints what is still to be printed and returns the errors of all writes.
func (r *Results) End() error {
	if r.printer.ForPrograms() {
		return printMany(r.printer, r.views)
	}
	return r.failed
}

// line says what is now true of a code, or would be.
func (o Outcome) line(several bool) string {
	name := ui.Clean(o.Ref.ActivationId)
	if several {
		name = ui.Clean(o.Ref.String())
	}
	if o.Became == Missing {
		return fmt.Sprintf("missing %s (there is no such code in %s)", name, o.Ref.RegionId)
	}
	became, means := o.Became, o.Means
	if o.DryRun {
		became = "would be " + became + ":"
	}
	if o.Code.InstanceCount > 0 { // 0: it was gone when the deletion was repeated, and nothing is known of it
		means = fmt.Sprintf("%d of %d uses; %s", o.Code.RegisteredCount, o.Code.InstanceCount, means)
	}
	return fmt.Sprintf("%s %s (%s)", became, name, means)
}
