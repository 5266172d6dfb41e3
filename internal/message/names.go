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
	return Some(names)
}

// mostNamed is the maximum number of IDs in a message.
const mostNamed = 20

// Some returns the first IDs of a list as text.
func Some(ids []string) string {
	text := strings.Join(ids[:min(len(ids), mostNamed)], ", ")
	if len(ids) > mostNamed {
		text += ", …"
	}
	return text
}
