// Package ui writes to the terminal: streams, colours, tables, formats for programs, progress and
// questions.
//
// It knows nothing about activation codes. Text from other sources cannot control the terminal, and
// every failed write is reported. It is the only package that knows tablewriter.
//
// This file has the streams. A file calls only those behind it in this order: ui.go, ask.go, progress.go,
// screen.go, table.go, tabledraw.go, tablelayout.go, tablerows.go, csv.go, format.go, yaml.go, write.go,
// chunkwriter.go, wrap.go, width.go, style.go, language.go, text.go.
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
	Language  Language

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

// IO is the standard streams of a command.
type IO struct {
	In         io.Reader
	InTerminal bool // standard input is a terminal
	Out        *Stream
	Err        *Stream
}
