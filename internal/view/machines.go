package view

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// machineColumns are the columns of a table of machines.
func machineColumns(out *ui.Stream, now time.Time) []Column[activation.Machine] {
	type machine = activation.Machine
	return []Column[machine]{
		{Title: "MACHINE", Cell: func(m machine) string { return ui.Clean(m.InstanceId) }},
		{Title: "NAME", Shrinks: true, Cell: func(m machine) string { return ui.Clean(m.InstanceName) }},
		{Title: "ADDRESS", Cell: func(m machine) string { return ui.Clean(cmp.Or(m.InternetIp, m.IntranetIp)) }},
		{Title: "SYSTEM", Shrinks: true, Cell: func(m machine) string { return ui.Clean(strings.TrimSpace(m.OsType + " " + m.OsVersion)) }},
		{Title: "CONNECTED", Cell: func(m machine) string { return connectedText(out, m.Connected) }},
		{Title: "REGISTERED", Cell: func(m machine) string { return timeText(out, now, m.RegistrationTime) }},
		{Title: "HOST", Wide: true, Shrinks: true, Cell: func(m machine) string { return ui.Clean(m.Hostname) }},
		{Title: "PRIVATE", Wide: true, Cell: func(m machine) string { return ui.Clean(m.IntranetIp) }},
		{Title: "AGENT", Wide: true, Cell: func(m machine) string { return ui.Clean(m.AgentVersion) }},
		{Title: "COMMANDS", Wide: true, Cell: func(m machine) string { return strconv.FormatInt(m.InvocationCount, 10) }},
		{Title: "LAST", Wide: true, Cell: func(m machine) string { return timeText(out, now, m.LastInvokedTime) }},
		{Title: "GROUP", Wide: true, Cell: func(m machine) string { return ui.Clean(m.ResourceGroupId) }},
		{Title: "TAGS", Wide: true, Shrinks: true, Cell: func(m machine) string { return tagsText(m.Tags) }},
	}
}

func connectedText(s *ui.Stream, connected bool) string {
	if connected {
		return s.Paint(ui.Green, "yes")
	}
	return s.Paint(ui.Magenta, "no")
}
