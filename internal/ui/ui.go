// Package ui writes to the terminal: streams, colours, tables, formats for programs, progress and
// questions.
//
// It knows nothing about activation codes. Text from other sources cannot control the terminal, and
// every failed write is reported. It is the only package that knows tablewriter.
//
// This file has the streams and the colours. The files call each other from top to bottom in this order:
// ask.go, progress.go, screen.go, table*.go, format.go, write.go, yaml.go, chunkwriter.go, width.go,
// text.go.
package ui

import (
	"io"
	"sync/atomic"
)

// Stream is standard output or standard error.
type Stream struct {
	io.Writer
	Terminal  bool
	NoEscapes bool // it is a terminal that does not understand escape sequences
	Width     int  // columns; 0 if it is not a terminal
	Height    int  // lines; 0 if it is not a terminal
	Color     bool // text is coloured

	// Size returns how many columns and lines the terminal has now; nil if the stream is not a terminal.
	Size func() (width, height int)

	progress atomic.Pointer[Progress] // the progress line, which is erased before anything is written
}

// Write writes b. A progress line is erased before, and drawn again below.
func (s *Stream) Write(b []byte) (int, error) {
	if p := s.progress.Load(); p != nil {
		return p.before(s.Writer, b)
	}
	return s.Writer.Write(b)
}

// Measure updates Width and Height: a user can change the size of a terminal.
func (s *Stream) Measure() {
	if s.Size != nil {
		s.Width, s.Height = s.Size()
	}
}

// IO is the standard streams of a command.
type IO struct {
	In         io.Reader
	InTerminal bool // standard input is a terminal
	Out        *Stream
	Err        *Stream
}

// Style is a colour or weight of text. No information is given by style alone.
type Style string

// The styles, as SGR parameters of ECMA-48. Yellow, blue, white and black are not used: each is hard to
// read on some background.
const (
	Bold    Style = "1"
	Faint   Style = "2"
	Red     Style = "31"
	Green   Style = "32"
	Magenta Style = "35"
)

// sgrReset ends every style.
const sgrReset = "\x1b[0m"

// Paint returns text in a style if the stream is coloured, else the text as it is.
func (s *Stream) Paint(style Style, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return "\x1b[" + string(style) + "m" + text + sgrReset
}

// ColorFor reports whether a stream is coloured. The first of these that is set decides: the setting
// (always, never), NO_COLOR, CLICOLOR_FORCE, whether the stream is a terminal that understands colours.
func ColorFor(setting string, env func(string) (string, bool), terminal bool) bool {
	value := func(name string) string { text, _ := env(name); return text }
	switch {
	case setting == "always":
		return true
	case setting == "never", value("NO_COLOR") != "":
		return false
	case value("CLICOLOR_FORCE") != "" && value("CLICOLOR_FORCE") != "0":
		return true
	}
	return terminal && value("TERM") != "dumb"
}
