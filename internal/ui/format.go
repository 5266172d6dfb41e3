package ui

import (
	"bytes"
	"io"
	"slices"
)

// The formats for programs. Each is made by the JSON encoding, so that the keys and their
// order are the same in all of them.
const (
	FormatJSON      = "json"
	FormatJSONLines = "jsonl" // one value a line, no array around them
	FormatYAML      = "yaml"
)

// ForPrograms says whether a format is one for programs.
func ForPrograms(format string) bool {
	return format == FormatJSON || format == FormatJSONLines || format == FormatYAML
}

// One writes one value in a format for programs, in one write.
func One(w io.Writer, format string, value any) error {
	switch format {
	case FormatJSONLines:
		return JSONLine(w, value)
	case FormatYAML:
		return inOneWrite(w, func(out *bytes.Buffer) error { return writeYAML(out, value) })
	}
	return JSON(w, value)
}

// Many writes a sequence of values in a format for programs, in one write.
func Many[T any](w io.Writer, format string, values []T) error {
	return inOneWrite(w, func(out *bytes.Buffer) error {
		sequence := NewSequence(out, format)
		for i := range values {
			if err := sequence.Add(&values[i]); err != nil {
				return err
			}
			if i == 0 {
				out.Grow(out.Len() * len(values)) // the others are about as long
			}
		}
		return sequence.End()
	})
}

func inOneWrite(w io.Writer, write func(*bytes.Buffer) error) error {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return err
	}
	_, err := w.Write(out.Bytes())
	return err
}

// Sequence writes values one by one in a format for programs, each in one write, so that what
// was added has left before the next one is made.
type Sequence struct {
	w      io.Writer
	format string
	begun  bool
	value  bytes.Buffer // the one under way
}

// NewSequence begins a sequence. Nothing is written yet.
func NewSequence(w io.Writer, format string) *Sequence { return &Sequence{w: w, format: format} }

// Add writes one value.
func (s *Sequence) Add(value any) error {
	begun := s.begun
	s.begun = true
	switch s.format {
	case FormatJSONLines:
		text, err := marshal(&s.value, value, "", "")
		if err == nil {
			_, err = s.w.Write(text)
		}
		return err
	case FormatYAML:
		return One(s.w, FormatYAML, []any{value})
	}
	text, err := marshal(&s.value, value, "  ", "  ")
	if err != nil {
		s.begun = begun
		return err
	}
	before := ",\n"
	if !begun {
		before = "[\n"
	}
	_, err = s.w.Write(slices.Concat([]byte(before+"  "), bytes.TrimSuffix(text, []byte("\n"))))
	return err
}

// End closes the sequence. One without values is "[]", but in lines, where it is nothing.
func (s *Sequence) End() error {
	end := ""
	switch {
	case s.format == FormatJSONLines:
	case !s.begun:
		end = "[]\n"
	case s.format == FormatJSON:
		end = "\n]\n"
	}
	_, err := io.WriteString(s.w, end)
	return err
}
