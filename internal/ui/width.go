package ui

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Width returns how many columns of a terminal a text takes. Colours take none.
func Width(text string) int {
	if isPlain(text) {
		return len(text)
	}
	return twwidth.WidthNoCache(text)
}

// Pad returns a text with blanks up to a width in columns.
func Pad(text string, width int) string { return text + strings.Repeat(" ", max(0, width-Width(text))) }

// truncate returns a text truncated to so many columns, with an ellipsis in place of what was removed.
// The text may be coloured. (twwidth.Truncate would keep every text in memory.)
func truncate(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	var kept strings.Builder
	inEscape, coloured := false, false
	for _, r := range text {
		switch {
		case inEscape || r == '\x1b':
			inEscape, coloured = r != 'm', true
		default:
			if width -= Width(string(r)); width < 1 { // the last column is for the ellipsis
				kept.WriteString("…")
				if coloured {
					kept.WriteString(sgrReset)
				}
				return kept.String()
			}
		}
		kept.WriteRune(r)
	}
	return kept.String()
}
