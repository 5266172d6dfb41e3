package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Language translates an English text into another language. nil means English.
//
// The English text is the key of the catalogue: a format of package fmt, or a text with names in
// braces (message/codes.go). It is always a whole sentence or a whole clause, so a language can put its
// arguments in another order ("%[2]s"). A text that is not in the catalogue is printed in English.
type Language func(english string) string

// Find returns the translation of a text that is not a format.
func (l Language) Find(text string) string {
	if l == nil {
		return text
	}
	return l(text)
}

// Text returns a text with its arguments, of which Limited shortens those that are strings.
func (l Language) Text(format string, args ...any) string {
	for i, arg := range args {
		if text, isString := arg.(string); isString && len(text) > longestArgument {
			args = slices.Clone(args) // the caller keeps its own
			args[i] = l.Limited(text)
		}
	}
	if l == nil {
		return fmt.Sprintf(format, args...) // so that go vet checks the formats of all calls
	}
	return fmt.Sprintf(l(format), args...)
}

// longestArgument is the largest number of characters of an argument that is not shortened: that of the longest path
// of Linux.
const longestArgument = 4096

// Limited returns a text as it is, or Shortened if it is longer than every path.
func (l Language) Limited(text string) string {
	if utf8.RuneCountInString(text) <= longestArgument {
		return text
	}
	return l.Shortened(text)
}

// shownCharacters is the maximum length of a value in a message.
const shownCharacters = 60

// Shortened returns a text as it is, or the beginning of a long one, with its length.
func (l Language) Shortened(text string) string {
	characters := []rune(text)
	if len(characters) <= shownCharacters {
		return text
	}
	return l.Text("%s… (%s characters)", string(characters[:shownCharacters]), Number(len(characters)))
}

// Count returns a text with a number, which is the first argument of the format. There is one format for
// the number 1 and one for other numbers.
func (l Language) Count(n int, one, many string, args ...any) string {
	format := many
	if n == 1 {
		format = one
	}
	return l.Text(format, append([]any{Number(n)}, args...)...)
}

// Source returns where a value comes from: "flag --region", "environment ALIBABA_CLOUD_REGION_ID", "profile prod",
// "profile prod (role acs:ram::1:role/r)", "section prod of FILE", "default", or the path of a file.
func (l Language) Source(name string) string {
	if from, role, isRole := strings.Cut(name, " (role "); isRole {
		return l.Text("%s (role %s)", l.Source(from), strings.TrimSuffix(role, ")"))
	}
	kind, which, _ := strings.Cut(name, " ")
	switch kind {
	case "flag":
		return l.Text("flag %s", which)
	case "environment":
		return l.Text("environment %s", which)
	case "profile":
		return l.Text("profile %s", which)
	case "section":
		section, path, _ := strings.Cut(which, " of ")
		return l.Text("section %s of %s", section, path)
	case "default":
		return l.Text("default")
	}
	return l.Find(name)
}

// Relative returns a time relative to now: "in 2h 5m", "5m 0s ago".
func (l Language) Relative(now, t time.Time) string {
	if t.After(now) {
		return l.Text("in %s", Span(t.Sub(now)))
	}
	return l.Text("%s ago", Span(now.Sub(t)))
}

// Countdown returns a time relative to now for text that is redrawn every second: for the last 24 hours
// with seconds, "in 2:05:09", else as Relative does.
func (l Language) Countdown(now, t time.Time) string {
	left := t.Sub(now).Round(time.Second)
	if left <= 0 || left >= 24*time.Hour {
		return l.Relative(now, t)
	}
	seconds := int(left.Seconds())
	return l.Text("in %d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
