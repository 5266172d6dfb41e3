package view

import (
	"fmt"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// StatusText returns a status, coloured if the stream is.
func StatusText(s *ui.Stream, status activation.Status) string {
	styles := map[activation.Status]ui.Style{
		activation.Active: ui.Green, activation.Exhausted: ui.Magenta,
		activation.Expired: ui.Faint, activation.Disabled: ui.Red, activation.Unknown: ui.Magenta,
	}
	return s.Paint(styles[status], string(status))
}

// UsesText returns how many of the uses of a code are used, such as "3/10".
func UsesText(a activation.Activation) string { return usesText(a.RegisteredCount, a.InstanceCount) }

// usesText returns numbers of uses, such as "3/10".
func usesText(used, of int) string { return fmt.Sprintf("%d/%d", used, of) }

// TagTexts returns tags in the form of the flag --tag, such as "env=prod".
func TagTexts(tags []activation.Tag) []string {
	texts := make([]string, len(tags))
	for i, t := range tags {
		texts[i] = t.TagKey + "=" + t.TagValue
	}
	return texts
}

// tagsText returns tags as one text.
func tagsText(tags []activation.Tag) string { return ui.Clean(strings.Join(TagTexts(tags), ",")) }

// timeText returns a time for a table: relative to now on a terminal, RFC 3339 in a pipe.
func timeText(s *ui.Stream, now time.Time, rfc3339 string) string {
	t, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil || !s.Terminal {
		return ui.Clean(rfc3339)
	}
	return s.Language.Relative(now, t)
}

// startedText returns a time of this machine for a table, as timeText does.
func startedText(s *ui.Stream, now, t time.Time) string {
	return timeText(s, now, t.UTC().Format(time.RFC3339))
}

// dateText returns a time for a field: RFC 3339, on a terminal also relative to now.
func dateText(s *ui.Stream, now time.Time, rfc3339 string) string {
	t, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil || !s.Terminal {
		return ui.Clean(rfc3339)
	}
	return s.Language.Text("%s (%s)", rfc3339, s.Language.Relative(now, t))
}
