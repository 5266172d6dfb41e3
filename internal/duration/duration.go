// Package duration reads and writes lengths of time as users write them: 30s, 90m, 2h, 1d, 1d12h. Every flag,
// setting and argument that is a length of time uses it.
package duration

import (
	"strconv"
	"strings"
	"time"
)

// day is the unit that durations of Go do not have.
const day = 24 * time.Hour

// longest is the longest length of time, in days. A longer one could overflow when it is added to a time.
const longest = 36500

// Error is the rule that a text breaks. It follows the text in a message.
type Error string

// The rules for lengths of time.
const (
	Form     Error = "must be a length of time with its unit, at most 36500d, such as 30s, 90m, 2h, 1d or 1d12h"
	Positive Error = "must be longer than 0"
)

func (e Error) Error() string { return string(e) }

// Parse returns a length of time, which is not negative: a number of whole days, a duration of Go, or both.
func Parse(text string) (time.Duration, error) {
	days, rest, hasDays := strings.Cut(text, "d")
	switch {
	case !hasDays:
		days, rest = "0", text
	case rest == "":
		rest = "0"
	}
	n, errDays := strconv.ParseUint(days, 10, 16)
	d, errRest := time.ParseDuration(rest)
	if errDays != nil || errRest != nil || strings.ContainsAny(rest, "+-") || n > longest || time.Duration(n)*day > longest*day-d {
		return 0, Form
	}
	return time.Duration(n)*day + d, nil
}

// ParsePositive is Parse for a length of time that must not be 0.
func ParsePositive(text string) (time.Duration, error) {
	d, err := Parse(text)
	if err == nil && d == 0 {
		err = Positive
	}
	return d, err
}

// Text returns a length of time as Parse reads it: 90m is 1h30m, 36h is 1d12h.
func Text(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	for _, unit := range []struct {
		name   string
		length time.Duration
	}{{"d", day}, {"h", time.Hour}, {"m", time.Minute}} {
		if n := d / unit.length; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10) + unit.name)
			d -= n * unit.length
		}
	}
	if d != 0 {
		b.WriteString(d.String())
	}
	return b.String()
}
