package cli

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
)

// detailed is a code in full as JSON tells it.
type detailed struct {
	listed
	RemainingSeconds int64                // until ExpirationTime; 0 when no machine can register
	EndsFirst        activation.End       // "" when no machine can register
	Machines         []activation.Machine // null where they could not be read
	MachinesError    *jsonError           // why not
}

func (s *session) detailedOf(c inFull, now time.Time) detailed {
	ahead := c.Code.Outlook(now)
	view := detailed{listed: listedOf(c.Code, now), RemainingSeconds: int64(ahead.Left.Seconds()), EndsFirst: ahead.First, Machines: c.machines}
	if c.unread != nil {
		failure := s.jsonError(s.cmd, c.unread)
		view.MachinesError = &failure
	}
	return view
}

// printShown prints the codes, each at the service's time.
func (s *session) printShown(codes []inFull, several bool) error {
	views := make([]detailed, len(codes))
	for i, c := range codes {
		views[i] = s.detailedOf(c, s.now(c.Answer))
		if i == 0 {
			s.mentionClock(c.Answer)
		}
	}
	switch {
	case s.quiet:
		return s.printIDs(listedIn(views), several)
	case s.forPrograms():
		return ui.Many(s.IO.Out, s.output, views)
	}
	for i, view := range views {
		if err := s.printInFull(view, s.now(codes[i].Answer), i > 0); err != nil {
			return err
		}
	}
	if len(views) == 1 {
		s.suggest(views[0])
	}
	return nil
}

func listedIn(views []detailed) []listed {
	list := make([]listed, len(views))
	for i, v := range views {
		list[i] = v.listed
	}
	return list
}

// printInFull prints one code below the one before: its fields, and a table of its machines.
func (s *session) printInFull(v detailed, now time.Time, below bool) error {
	if below {
		if _, err := io.WriteString(s.IO.Out, "\n"); err != nil {
			return err
		}
	}
	if err := ui.Fields(s.IO.Out, s.fieldsOf(v, now)); err != nil || len(v.Machines) == 0 {
		return err
	}
	if _, err := io.WriteString(s.IO.Out, "\n"); err != nil {
		return err
	}
	return s.printMachines(v.Machines, now)
}

func (s *session) fieldsOf(v detailed, now time.Time) []ui.Field {
	out := s.IO.Out
	return []ui.Field{
		{Name: "ActivationId", Value: ui.Clean(v.ActivationId)},
		{Name: "RegionId", Value: v.RegionId},
		{Name: "Status", Value: statusText(out, v.Status)},
		{Name: "InstanceName", Value: ui.Clean(v.InstanceName)},
		{Name: "Description", Value: ui.Clean(v.Description)},
		{Name: "InstanceCount", Value: strconv.Itoa(v.InstanceCount)},
		{Name: "RegisteredCount", Value: registeredText(out, v.core)},
		{Name: "DeregisteredCount", Value: strconv.Itoa(v.DeregisteredCount)},
		{Name: "RemainingCount", Value: strconv.Itoa(v.RemainingCount)},
		{Name: "TimeToLiveInHours", Value: strconv.FormatInt(v.TimeToLiveInHours, 10)},
		{Name: "CreationTime", Value: dated(out, now, v.CreationTime)},
		{Name: "ExpirationTime", Value: dated(out, now, v.ExpirationTime)},
		{Name: "EndsFirst", Value: endText(v.EndsFirst)},
		{Name: "IpAddressRange", Value: ui.Clean(v.IpAddressRange)},
		{Name: "ResourceGroupId", Value: ui.Clean(v.ResourceGroupId)},
		{Name: "Tags", Value: tagsText(v.Tags)},
		{Name: "Machines", Value: machinesText(v)},
	}
}

// registeredText words the uses, with a bar for a person.
func registeredText(s *ui.Stream, c core) string {
	text := strconv.Itoa(c.RegisteredCount)
	if s.Terminal {
		text += "  " + ui.Bar(c.RegisteredCount, c.InstanceCount, 10)
	}
	return text
}

// dated words a time, for a person with how far away it is.
func dated(s *ui.Stream, now time.Time, rfc3339 string) string {
	t, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil || !s.Terminal {
		return ui.Clean(rfc3339)
	}
	return fmt.Sprintf("%s (%s)", rfc3339, ui.Relative(now, t))
}

func endText(end activation.End) string {
	if end == activation.EndsByUses {
		return "uses, at the pace so far"
	}
	return string(end)
}

func machinesText(v detailed) string {
	switch {
	case v.MachinesError == nil:
		return strconv.Itoa(len(v.Machines))
	case v.MachinesError.Code != "":
		return ui.Clean("cannot be read: " + v.MachinesError.Code + " (ecs:DescribeManagedInstances)")
	}
	return "cannot be read"
}

// printMachines prints machines as a table; wide has every column.
func (s *session) printMachines(machines []activation.Machine, now time.Time) error {
	out, wide := s.IO.Out, s.output == "wide"
	columns := []ui.Column{{Title: "MACHINE"}, {Title: "NAME", Shrinks: true}, {Title: "ADDRESS"}, {Title: "SYSTEM", Shrinks: true},
		{Title: "CONNECTED"}, {Title: "REGISTERED"}}
	if wide {
		columns = append(columns, ui.Column{Title: "HOST", Shrinks: true}, ui.Column{Title: "PRIVATE"}, ui.Column{Title: "AGENT"},
			ui.Column{Title: "COMMANDS"}, ui.Column{Title: "LAST"}, ui.Column{Title: "GROUP"}, ui.Column{Title: "TAGS", Shrinks: true})
	}
	rows := make([][]string, len(machines))
	for i, m := range machines {
		rows[i] = []string{ui.Clean(m.InstanceId), ui.Clean(m.InstanceName), ui.Clean(cmp.Or(m.InternetIp, m.IntranetIp)),
			ui.Clean(strings.TrimSpace(m.OsType + " " + m.OsVersion)), connectedText(out, m.Connected), moment(out, now, m.RegistrationTime)}
		if wide {
			rows[i] = append(rows[i], ui.Clean(m.Hostname), ui.Clean(m.IntranetIp), ui.Clean(m.AgentVersion),
				strconv.FormatInt(m.InvocationCount, 10), moment(out, now, m.LastInvokedTime), ui.Clean(m.ResourceGroupId), tagsText(m.Tags))
		}
	}
	return ui.Table(out, columns, rows)
}

func connectedText(s *ui.Stream, connected bool) string {
	if connected {
		return s.Paint(ui.Green, "yes")
	}
	return s.Paint(ui.Magenta, "no")
}

// suggest tells a person at a terminal what makes sense next.
func (s *session) suggest(v detailed) {
	if !s.IO.Err.Terminal {
		return
	}
	code, valid := activation.Ref{RegionId: v.RegionId, ActivationId: v.ActivationId}.Word()
	if !valid {
		return
	}
	before := "\n"
	tell := func(what, command string) {
		s.say("%s%s:\n  %s", before, what, command)
		before = ""
	}
	if v.Status == activation.Active {
		if record, known := s.recordOf(v); known && holds(record.Save, v.ActivationId) {
			tell("For a machine", message.Words(bootstrapWords(record.Save, "sh")...))
		} else if known {
			tell("To see the code again", s.line.Run(message.RecoverWords(record.Request.ClientToken)))
		}
		tell("To wait for the next machine", s.line.Command("wait", code, "--registered", strconv.Itoa(v.RegisteredCount+1)))
		tell("To stop it", s.line.Command("disable", code))
	}
	if v.RegisteredCount == 0 {
		tell("To remove it", s.line.Command("delete", code))
	}
}

// holds says whether a file still holds a code: it may have been moved, or hold another one.
func holds(file, activationID string) bool {
	saved, err := codefile.Read(disk.OS{}, file)
	return err == nil && saved.ActivationId == activationID
}

// recordOf finds the create that made a code, where it was made here and is not long ago.
func (s *session) recordOf(v detailed) (issuance.Record, bool) {
	store, err := s.records()
	if err != nil {
		return issuance.Record{}, false // there is no folder, so there are no records
	}
	ours, _ := issuance.Of(store.Peek(), s.sandbox())
	return issuance.Making(ours, v.ActivationId)
}
