package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Clean makes text from elsewhere safe to show: control characters and others that steer a
// terminal appear as Go writes them ("\x1b", "\u202e") instead of being obeyed. Line breaks
// and tabs are shown likewise, so that a cell stays a cell.
func Clean(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, steers) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if steers(r) || r == utf8.RuneError && size == 1 {
			b.WriteString(strings.Trim(strconv.QuoteToASCII(text[:size]), `"`))
		} else {
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

// Safe returns text from elsewhere as it may be written to the stream: cleaned for a terminal,
// unchanged for a pipe or a file.
func (s *Stream) Safe(text string) string {
	if s.Terminal {
		return Clean(text)
	}
	return text
}

// steers is true for what a terminal obeys instead of showing: control characters, and the
// format characters with which text is reordered or hidden.
func steers(r rune) bool {
	if r < 0x7f { // nearly everything
		return r < ' '
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// CleanLines is Clean for text of several lines: the line breaks stay.
func CleanLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = Clean(line)
	}
	return strings.Join(lines, "\n")
}

// Span words a length of time in its two largest units: "2h 5m", "3d 4h", "40s".
func Span(d time.Duration) string {
	d = d.Round(time.Second).Abs()
	days, hours := int(d.Hours())/24, int(d.Hours())%24
	minutes, seconds := int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case days > 0:
		return fmt.Sprintf("%dd %dh", days, hours)
	case hours > 0:
		return fmt.Sprintf("%dh %dm", hours, minutes)
	case minutes > 0:
		return fmt.Sprintf("%dm %ds", minutes, seconds)
	default:
		return fmt.Sprintf("%ds", seconds)
	}
}

// Relative words a moment as seen from now: "in 2h 5m", "5m 0s ago".
func Relative(now, t time.Time) string {
	if t.After(now) {
		return "in " + Span(t.Sub(now))
	}
	return Span(now.Sub(t)) + " ago"
}

// Countdown is Relative for what is drawn every second: it tells each one of the last day, in
// a constant width. "in 2:05:09".
func Countdown(now, t time.Time) string {
	left := t.Sub(now).Round(time.Second)
	if left <= 0 || left >= 24*time.Hour {
		return Relative(now, t)
	}
	seconds := int(left.Seconds())
	return fmt.Sprintf("in %d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// Bar draws how much of a whole is used, in that many characters: "███░░░".
func Bar(used, whole, width int) string {
	filled := 0
	if whole > 0 {
		filled = min(width, max(0, (used*width+whole-1)/whole))
	}
	return strings.Repeat("█", filled) + strings.Repeat("░", width-filled)
}

// Number words a number: "1,204".
func Number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Count words a number with its noun: "1 code", "1,204 codes".
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return Number(n) + " " + noun
}
