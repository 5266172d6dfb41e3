package view

import (
	"slices"
	"strconv"

	"ecs-activation/internal/codefile"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/ui"
)

// PrintCreated prints a code that was created, or that a dry run would create. A code that was saved in a
// file has no ActivationCode; nothing is printed if only that was to be printed.
func PrintCreated(p *Printer, c codefile.Code) error {
	bare := p.Quiet || p.HoldsCode()
	switch {
	case bare && c.ActivationCode == "":
		return nil
	case bare:
		return printBareCode(p, c)
	case p.ForPrograms():
		return p.element(c)
	}
	return p.Fields(createdFields(c))
}

// printBareCode prints the activation code, or the script that uses it.
func printBareCode(p *Printer, c codefile.Code) error {
	if p.Quiet || p.Script == nil {
		return p.Line(p.Out.Safe(c.ActivationCode))
	}
	text, err := p.Script(c)
	if err != nil {
		return err
	}
	return p.Text(text)
}

// createdFields returns the fields of a code that was created.
func createdFields(c codefile.Code) []ui.Field {
	return []ui.Field{
		{Name: "ActivationId", Value: ui.Clean(c.ActivationId)},
		{Name: "ActivationCode", Value: ui.Clean(c.ActivationCode)},
		{Name: "RegionId", Value: c.RegionId},
		{Name: "InstanceName", Value: ui.Clean(c.InstanceName)},
		{Name: "Description", Value: ui.Clean(c.Description)},
		{Name: "InstanceCount", Value: strconv.Itoa(c.InstanceCount)},
		{Name: "TimeToLiveInHours", Value: strconv.Itoa(c.TimeToLiveInHours)},
		{Name: "ExpirationTime", Value: c.ExpirationTime},
		{Name: "IpAddressRange", Value: ui.Clean(c.IpAddressRange)},
		{Name: "ResourceGroupId", Value: ui.Clean(c.ResourceGroupId)},
		{Name: "Tags", Value: tagsText(c.Tags)},
		{Name: "RequestId", Value: ui.Clean(c.RequestId)},
	}
}

// The states of a file that has a usable code.
const (
	StateReused  = "reused"  // the file had the code before
	StateCreated = "created" // by this run, or by an interrupted one that this run finished
	// StateRecovered is the state of a row whose code was created by an earlier run and saved by this one.
	StateRecovered = "recovered"
)

// stateText returns a state for people.
func stateText(l ui.Language, state string, dryRun bool) string {
	if dryRun && state == StateCreated {
		return l.Text("would be created")
	}
	return state
}

// Ensured is the result of ensure: that of create, without the activation code.
type Ensured struct {
	codefile.Code
	State   string
	Save    string    // the file
	Retired []Changed // old codes that were deleted or disabled, or could not be
}

// NewEnsured returns the result of ensure for a file.
func NewEnsured(kept issuance.EnsureResult, want issuance.EnsureRequest, retired []Changed) Ensured {
	view := Ensured{Code: kept.Code, State: StateReused, Save: want.File, Retired: retired}
	view.DryRun = want.DryRun
	if kept.Created {
		view.State = StateCreated
	}
	return view
}

// PrintEnsured prints the result of ensure. The activation code is printed only by the formats that print
// nothing else, and not in a dry run.
func PrintEnsured(p *Printer, e Ensured) error {
	bare := p.Quiet || p.HoldsCode()
	switch {
	case bare && e.DryRun:
		return nil
	case bare:
		return printBareCode(p, e.Code)
	}
	e.ActivationCode = ""
	if p.ForPrograms() {
		return p.Value(e)
	}
	return p.Fields(e.fields(p.Out.Language))
}

func (e Ensured) fields(l ui.Language) []ui.Field {
	fields := slices.Insert(createdFields(e.Code), 1, ui.Field{Name: "State", Value: stateText(l, e.State, e.DryRun)}, ui.Field{Name: "Save", Value: ui.Clean(e.Save)})
	if e.RemainingCount > 0 {
		fields = append(fields, ui.Field{Name: "RemainingCount", Value: strconv.Itoa(e.RemainingCount)})
	}
	for _, old := range e.Retired {
		if old.Error == nil {
			fields = append(fields, ui.Field{Name: "Retired", Value: retiredText(l, old)})
		}
	}
	return fields
}

func retiredText(l ui.Language, old Changed) string {
	code := old.RegionId + "/" + ui.Clean(old.ActivationId)
	if known := old.Activation; known.InstanceCount > 0 {
		code = l.Text("%s (%d of %d uses)", code, known.RegisteredCount, known.InstanceCount)
	}
	if old.Result == Disabled {
		return l.Text("disabled %s", code)
	}
	return l.Text("deleted %s", code)
}
