package view

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// machineColumns returns the columns of a table of machines.
func machineColumns(out *ui.Stream, now time.Time) []Column[activation.Machine] {
	type machine = activation.Machine
	return []Column[machine]{
		{Name: "machine", Cell: func(m machine) string { return ui.Clean(m.InstanceId) }},
		{Name: "name", Drop: 4, CanTruncate: true, Cell: func(m machine) string { return ui.Clean(m.InstanceName) }},
		{Name: "address", Drop: 3, Cell: func(m machine) string { return ui.Clean(cmp.Or(m.InternetIp, m.IntranetIp)) }},
		{Name: "system", Drop: 5, CanTruncate: true, Cell: func(m machine) string { return ui.Clean(strings.TrimSpace(m.OsType + " " + m.OsVersion)) }},
		{Name: "connected", Drop: 1, Cell: func(m machine) string { return connectedText(out, m.Connected) }},
		{Name: "registered", Drop: 2, Cell: func(m machine) string { return timeText(out, now, m.RegistrationTime) }},
		{Name: "host", In: InWide, Drop: 6, CanTruncate: true, Cell: func(m machine) string { return ui.Clean(m.Hostname) }},
		{Name: "private", In: InWide, Drop: 7, Cell: func(m machine) string { return ui.Clean(m.IntranetIp) }},
		{Name: "agent", In: InWide, Drop: 8, Cell: func(m machine) string { return ui.Clean(m.AgentVersion) }},
		{Name: "commands", In: InWide, Drop: 10, Cell: func(m machine) string { return strconv.FormatInt(m.InvocationCount, 10) }},
		{Name: "last", In: InWide, Drop: 9, Cell: func(m machine) string { return timeText(out, now, m.LastInvokedTime) }},
		{Name: "group", In: InWide, Drop: 11, Cell: func(m machine) string { return ui.Clean(m.ResourceGroupId) }},
		{Name: "tags", In: InWide, Drop: 12, CanTruncate: true, Cell: func(m machine) string { return tagsText(m.Tags) }},
	}
}

// connectedText returns whether a machine is connected.
func connectedText(s *ui.Stream, connected bool) string {
	if connected {
		return s.Paint(ui.Green, s.Language.Text("yes"))
	}
	return s.Paint(ui.Magenta, s.Language.Text("no"))
}
