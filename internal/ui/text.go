package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Clean returns text that is safe to print: characters that control a terminal are replaced by their
// escapes in Go ("\x1b", "\u202e"). So are line breaks and tabs, which would break a table.
func Clean(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, isControl) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if isControl(r) || r == utf8.RuneError && size == 1 {
			b.WriteString(strings.Trim(strconv.QuoteToASCII(text[:size]), `"`))
		} else {
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

// Safe returns text as it may be written to the stream: cleaned for a terminal, unchanged for a pipe or a
// file.
func (s *Stream) Safe(text string) string {
	if s.Terminal {
		return Clean(text)
	}
	return text
}

// SafeText returns a text as Safe does, but with its line breaks and tabs.
func (s *Stream) SafeText(text string) string {
	if !s.Terminal {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		cells := strings.Split(line, "\t")
		for j, cell := range cells {
			cells[j] = Clean(cell)
		}
		lines[i] = strings.Join(cells, "\t")
	}
	return strings.Join(lines, "\n")
}

// isControl reports whether a character controls a terminal instead of being shown: control characters,
// and format characters, which reorder or hide text.
func isControl(r rune) bool {
	if r < 0x7f { // the most frequent case
		return r < ' '
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// CleanLines returns text that is safe to print, as Clean does, but with its line breaks.
func CleanLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = Clean(line)
	}
	return strings.Join(lines, "\n")
}

// Span returns a duration in its two largest units: "2h 5m", "3d 4h", "40s".
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

// Bar returns a bar of width characters that shows which part of the whole is used: "███░░░".
func Bar(used, whole, width int) string {
	filled := 0
	if whole > 0 {
		filled = min(width, max(0, (used*width+whole-1)/whole))
	}
	return strings.Repeat("█", filled) + strings.Repeat("░", width-filled)
}

// Number returns a number with separators of thousands: "1,204".
func Number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
