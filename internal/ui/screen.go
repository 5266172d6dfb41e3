package ui

import (
	"io"
	"strings"
)

// Escape sequences that redraw the terminal: ECMA-48 and DEC private modes.
const (
	cursorHome = "\x1b[H"
	clearLine  = "\x1b[K"
	clearBelow = "\x1b[J"
	hideCursor = "\x1b[?25l"
	showCursor = "\x1b[?25h"
)

// Screen is a terminal that is redrawn in place. No frame depends on the one before: it starts at the top
// of the terminal, whatever was typed, resized or printed in between. It leaves the cursor visible below
// its last line, so there is nothing to restore when the program ends.
type Screen struct {
	out   *Stream
	begun bool // a frame was drawn
}

// Screen returns standard output as a screen. It draws nothing.
func (o *IO) Screen() *Screen { return &Screen{out: o.Out} }

// Measure reads the size of the terminal and returns how many lines a frame may have: all but the last,
// which is for the cursor and a progress line.
func (s *Screen) Measure() int {
	s.out.Measure()
	return max(1, s.out.Height-1)
}

// Measure updates Width and Height: a user can change the size of a terminal.
func (s *Stream) Measure() {
	if s.Size != nil {
		s.Width, s.Height = s.Size()
	}
}

// columns returns how many columns the terminal has now. Width is how many it had when it was last measured.
func (s *Stream) columns() int {
	if s.Size == nil {
		return s.Width
	}
	width, _ := s.Size()
	return width
}

// Draw draws the lines, truncated to the last measured size, in one write so that the terminal does not
// flicker. The lines must be clean. Before the first frame it scrolls up what is on the terminal, so that
// users can scroll back to it.
func (s *Screen) Draw(lines []string) error {
	var frame strings.Builder
	if !s.begun {
		frame.WriteString(strings.Repeat("\n", max(0, s.out.Height-1)))
		s.begun = true
	}
	frame.WriteString(hideCursor + cursorHome)
	for _, line := range lines[:min(len(lines), max(1, s.out.Height-1))] {
		frame.WriteString(clearLine + truncate(line, s.out.Width) + "\n")
	}
	frame.WriteString(clearBelow + showCursor)
	_, err := io.WriteString(s.out, frame.String())
	return err
}

// End keeps the last frame and clears what was typed below it, such as "^C".
func (s *Screen) End() error {
	_, err := io.WriteString(s.out, "\r"+clearBelow)
	return err
}
