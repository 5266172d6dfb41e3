package message

import (
	"strings"

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
	text := list(l, names[:min(len(names), mostNamed)])
	if len(names) > mostNamed {
		text = l.Text("%s, …", text)
	}
	return text
}

// list returns texts as a list.
func list(l Language, texts []string) string { return strings.Join(texts, l.Find(", ")) }
