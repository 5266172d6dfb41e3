package ui

import (
	"io"
	"strings"
)

// What steers the terminal to redraw it, ECMA-48 and DEC's private modes.
const (
	cursorHome  = "\x1b[H"
	clearLine   = "\x1b[K"
	clearBelow  = "\x1b[J"
	cursorHides = "\x1b[?25l"
	cursorShows = "\x1b[?25h"
)

// Screen is a terminal that is redrawn in place. A frame stands for itself: it begins at the
// top, whatever was typed, resized or printed since the last one, and it leaves the cursor
// visible below its last line, so that nothing has to be restored however the program ends.
type Screen struct {
	out   *Stream
	begun bool
}

// Screen returns standard output as a screen. Nothing is drawn yet.
func (o *IO) Screen() *Screen { return &Screen{out: o.Out} }

// Measure asks for the size of the terminal and returns how many lines a frame may have; the
// last one is left to the cursor and to a line of progress.
func (s *Screen) Measure() int {
	s.out.Measure()
	return max(1, s.out.Height-1)
}

// Draw shows the lines, cut to the terminal as it was last measured, in one write: a terminal
// that gets a frame at once does not flicker. Lines must be clean. The first frame pushes what
// was on the terminal out at its top, where it can be scrolled back to.
func (s *Screen) Draw(lines []string) error {
	var frame strings.Builder
	if !s.begun {
		frame.WriteString(strings.Repeat("\n", max(0, s.out.Height-1)))
		s.begun = true
	}
	frame.WriteString(cursorHides + cursorHome)
	for _, line := range lines[:min(len(lines), max(1, s.out.Height-1))] {
		frame.WriteString(clearLine + cut(line, s.out.Width) + "\n")
	}
	frame.WriteString(clearBelow + cursorShows)
	_, err := io.WriteString(s.out, frame.String())
	return err
}

// End leaves the last frame where it is and wipes what was typed below it, such as "^C".
func (s *Screen) End() error {
	_, err := io.WriteString(s.out, "\r"+clearBelow)
	return err
}

// cut cuts a line, which may be painted, to so many columns. twwidth's own would remember every
// line that it ever cut, and a clock ticks in these.
func cut(line string, width int) string {
	if textWidth(line) <= width {
		return line
	}
	var kept strings.Builder
	painting, painted := false, false
	for _, r := range line {
		switch {
		case painting || r == '\x1b':
			painting, painted = r != 'm', true
		default:
			if width -= textWidth(string(r)); width < 1 { // one is for the ellipsis
				kept.WriteString("…")
				if painted {
					kept.WriteString(unpaint)
				}
				return kept.String()
			}
		}
		kept.WriteRune(r)
	}
	return kept.String()
}
