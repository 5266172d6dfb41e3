package message

import (
	"ecs-activation/internal/batch"
	"ecs-activation/internal/ui"
)

// namedRows are rows as an argument of a text.
type namedRows []batch.Row

func (r namedRows) Error() string { return rowNames(nil, r) }

// rowNames returns the first rows as text.
func rowNames(l Language, rows []batch.Row) string {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = l.Text("line %d", r.Line)
		if r.Request.InstanceName != "" {
			names[i] = l.Text("%s (line %d)", ui.Clean(r.Request.InstanceName), r.Line)
		}
	}
	return some(l, names)
}

// mostNamed is the maximum number of names in a message.
const mostNamed = 20

// some returns the first names of a list, which is not empty, as text.
func some(l Language, names []string) string {
	text := names[0]
	for _, name := range names[1:min(len(names), mostNamed)] {
		text = l.Text("%s, %s", text, name)
	}
	if len(names) > mostNamed {
		text = l.Text("%s, …", text)
	}
	return text
}
