package ui

import (
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Width returns how many columns of a terminal a text takes. Colours take none.
func Width(text string) int {
	width := 0
	for _, r := range text {
		switch {
		case r >= ' ' && r < 0x7f || r == '\n':
			width++
		case isHan(r):
			width += 2
		default:
			return twwidth.Display(narrow(), text)
		}
	}
	return width
}

// narrow returns the widths of characters on a terminal: those of ambiguous width, such as "…" and "█", take one
// column. In a Chinese locale the library would count two, as few terminals do.
func narrow() *runewidth.Condition { return &runewidth.Condition{StrictEmojiNeutral: true} }

// isHan reports whether a character is a Han character or punctuation of Chinese text, which takes two columns. The
// library, which knows all characters, needs 50 times as long.
func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3001 && r <= 0x3029 || r >= 0xff01 && r <= 0xff60
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
