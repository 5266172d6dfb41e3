// Package ui is the terminal: streams, colour, tables, formats, progress and questions.
//
// It knows nothing of activation codes. It refuses to let text from elsewhere steer the
// terminal, and to forget a write that failed. It is the only room that knows tablewriter.
package ui

import (
	"io"
	"sync/atomic"
)

// Stream is standard output or standard error.
type Stream struct {
	io.Writer
	Terminal bool // a person reads it
	Dumb     bool // it is a terminal that obeys no escapes
	Width    int  // columns; 0 when it is no terminal
	Height   int  // lines; 0 when it is no terminal
	Color    bool

	// Size asks the terminal how many columns and lines it has now; nil when it is none.
	Size func() (width, height int)

	progress atomic.Pointer[Progress] // what is to be erased before anything is written
}

// Write writes below what is there: a line of progress is erased before.
func (s *Stream) Write(b []byte) (int, error) {
	if p := s.progress.Load(); p != nil {
		return p.before(s.Writer, b)
	}
	return s.Writer.Write(b)
}

// Measure brings Width and Height up to date: a terminal can change its size.
func (s *Stream) Measure() {
	if s.Size != nil {
		s.Width, s.Height = s.Size()
	}
}

// IO is what a command talks through.
type IO struct {
	In         io.Reader
	InTerminal bool // a person can answer
	Out        *Stream
	Err        *Stream
}

// Style is a way to colour text. Meaning is never by colour alone.
type Style string

// The styles, as SGR parameters of ECMA-48. There is no yellow, blue, white or black among them:
// each vanishes on some background.
const (
	Bold    Style = "1"
	Faint   Style = "2"
	Red     Style = "31"
	Green   Style = "32"
	Magenta Style = "35"
)

// unpaint ends every style.
const unpaint = "\x1b[0m"

// Paint colours text where the stream shows colour.
func (s *Stream) Paint(style Style, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return "\x1b[" + string(style) + "m" + text + unpaint
}

// ColorFor decides about colour for one stream: the user's word (always, never), then
// NO_COLOR, then CLICOLOR_FORCE, then whether it is a terminal that understands colour.
func ColorFor(word string, env func(string) (string, bool), terminal bool) bool {
	value := func(name string) string { text, _ := env(name); return text }
	switch {
	case word == "always":
		return true
	case word == "never", value("NO_COLOR") != "":
		return false
	case value("CLICOLOR_FORCE") != "" && value("CLICOLOR_FORCE") != "0":
		return true
	}
	return terminal && value("TERM") != "dumb"
}
