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
		{Name: "name", CanTruncate: true, Cell: func(m machine) string { return ui.Clean(m.InstanceName) }},
		{Name: "address", Cell: func(m machine) string { return ui.Clean(cmp.Or(m.InternetIp, m.IntranetIp)) }},
		{Name: "system", CanTruncate: true, Cell: func(m machine) string { return ui.Clean(strings.TrimSpace(m.OsType + " " + m.OsVersion)) }},
		{Name: "connected", Cell: func(m machine) string { return connectedText(out, m.Connected) }},
		{Name: "registered", Cell: func(m machine) string { return timeText(out, now, m.RegistrationTime) }},
		{Name: "host", Wide: true, CanTruncate: true, Cell: func(m machine) string { return ui.Clean(m.Hostname) }},
		{Name: "private", Wide: true, Cell: func(m machine) string { return ui.Clean(m.IntranetIp) }},
		{Name: "agent", Wide: true, Cell: func(m machine) string { return ui.Clean(m.AgentVersion) }},
		{Name: "commands", Wide: true, Cell: func(m machine) string { return strconv.FormatInt(m.InvocationCount, 10) }},
		{Name: "last", Wide: true, Cell: func(m machine) string { return timeText(out, now, m.LastInvokedTime) }},
		{Name: "group", Wide: true, Cell: func(m machine) string { return ui.Clean(m.ResourceGroupId) }},
		{Name: "tags", Wide: true, CanTruncate: true, Cell: func(m machine) string { return tagsText(m.Tags) }},
	}
}

// connectedText returns whether a machine is connected.
func connectedText(s *ui.Stream, connected bool) string {
	if connected {
		return s.Paint(ui.Green, "yes")
	}
	return s.Paint(ui.Magenta, "no")
}
