package view

import (
	"strconv"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// Detailed is a code with its machines and a forecast.
type Detailed struct {
	Listed
	RemainingSeconds int64                // until ExpirationTime; 0 when no machine can register
	EndsFirst        activation.End       // "" when no machine can register
	Machines         []activation.Machine // null if they could not be read
	MachinesError    *Problem             // why they could not be read

	now time.Time // by the clock of the service
}

// NewDetailed returns a code with its machines and a forecast from now. unread is why the machines could
// not be read, or nil.
func NewDetailed(code activation.Activation, machines []activation.Machine, unread *Problem, now time.Time) Detailed {
	ahead := code.Outlook(now)
	return Detailed{
		Listed: NewListed(code, now), RemainingSeconds: int64(ahead.Left.Seconds()), EndsFirst: ahead.First,
		Machines: machines, MachinesError: unread, now: now,
	}
}

// PrintDetails prints codes with their machines: their IDs, a sequence for programs, the fields of each with a
// table of its machines, or CSV without the machines.
func PrintDetails(p *Printer, codes []Detailed, several bool) error {
	switch {
	case bare(p):
		return printIDs(p, codes, several)
	case p.ForPrograms():
		return printMany(p, codes)
	case p.Format == FormatCSV:
		return printRows(p, codeColumns(codeContext{out: cellStream(p), several: several}), listedOf(codes))
	}
	for i, code := range codes {
		if err := printDetailed(p, code, i > 0); err != nil {
			return err
		}
	}
	return nil
}

// printDetailed prints one code. If it is below another, an empty line comes first.
func printDetailed(p *Printer, c Detailed, below bool) error {
	if below {
		if err := p.Line(""); err != nil {
			return err
		}
	}
	if err := p.Fields(c.fields(p.Out)); err != nil || len(c.Machines) == 0 {
		return err
	}
	if err := p.Line(""); err != nil {
		return err
	}
	return printRows(p, machineColumns(p.Out, c.now), c.Machines)
}

// listedOf returns codes as a list has them.
func listedOf(codes []Detailed) []Listed {
	listed := make([]Listed, len(codes))
	for i, c := range codes {
		listed[i] = c.Listed
	}
	return listed
}

func (c Detailed) fields(out *ui.Stream) []ui.Field {
	return []ui.Field{
		{Name: "ActivationId", Value: ui.Clean(c.ActivationId)},
		{Name: "RegionId", Value: c.RegionId},
		{Name: "Status", Value: StatusText(out, c.Status)},
		{Name: "InstanceName", Value: ui.Clean(c.InstanceName)},
		{Name: "Description", Value: ui.Clean(c.Description)},
		{Name: "InstanceCount", Value: strconv.Itoa(c.InstanceCount)},
		{Name: "RegisteredCount", Value: registeredText(out, c.Code)},
		{Name: "DeregisteredCount", Value: strconv.Itoa(c.DeregisteredCount)},
		{Name: "RemainingCount", Value: strconv.Itoa(c.RemainingCount)},
		{Name: "TimeToLiveInHours", Value: strconv.FormatInt(c.TimeToLiveInHours, 10)},
		{Name: "CreationTime", Value: dateText(out, c.now, c.CreationTime)},
		{Name: "ExpirationTime", Value: dateText(out, c.now, c.ExpirationTime)},
		{Name: "EndsFirst", Value: endText(out.Language, c.EndsFirst)},
		{Name: "IpAddressRange", Value: ui.Clean(c.IpAddressRange)},
		{Name: "ResourceGroupId", Value: ui.Clean(c.ResourceGroupId)},
		{Name: "Tags", Value: tagsText(c.Tags)},
		{Name: "Machines", Value: machinesText(out.Language, c)},
	}
}

// registeredText returns the number of uses, with a bar on a terminal.
func registeredText(s *ui.Stream, c Code) string {
	text := strconv.Itoa(c.RegisteredCount)
	if s.Terminal {
		text += "  " + ui.Bar(c.RegisteredCount, c.InstanceCount, 10)
	}
	return text
}

func endText(l ui.Language, end activation.End) string {
	switch end {
	case activation.EndsByUses:
		return l.Text("uses, at the pace so far")
	case activation.EndsByTime:
		return l.Text("time")
	}
	return ""
}

func machinesText(l ui.Language, c Detailed) string {
	switch {
	case c.MachinesError == nil:
		return strconv.Itoa(len(c.Machines))
	case c.MachinesError.Code != "":
		return l.Text("cannot be read: %s (ecs:DescribeManagedInstances)", ui.Clean(c.MachinesError.Code))
	}
	return l.Text("cannot be read")
}
