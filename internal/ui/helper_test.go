package ui

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
)

// pipe returns a stream that is not a terminal, and what was written to it.
func pipe() (*Stream, *bytes.Buffer) {
	var out bytes.Buffer
	return &Stream{Writer: &out}, &out
}

// terminal returns a stream of a terminal with so many columns.
func terminal(width int) (*Stream, *bytes.Buffer) {
	s, out := pipe()
	s.Terminal, s.Width = true, width
	return s, out
}

// sgr matches an escape sequence for a colour, ECMA-48.
var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

func bare(text string) string { return sgr.ReplaceAllString(text, "") }

// counting is a writer that counts how often it is called.
type counting struct {
	bytes.Buffer
	calls int
}

func (c *counting) Write(b []byte) (int, error) {
	c.calls++
	return c.Buffer.Write(b)
}

var errFull = errors.New("no space left on device")

// full is a writer that accepts so many bytes and then fails.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if len(b) > f.left {
		return f.left, errFull
	}
	f.left -= len(b)
	return len(b), nil
}

func lines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }
