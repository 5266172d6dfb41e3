package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// The formats for programs. All of them are made from the JSON of a value, so the keys and their order
// are the same.
const (
	FormatJSON      = "json"
	FormatJSONLines = "jsonl" // one value a line, without an array around them
	FormatYAML      = "yaml"
)

// ForPrograms reports whether a format is one for programs.
func ForPrograms(format string) bool {
	return format == FormatJSON || format == FormatJSONLines || format == FormatYAML
}

// One writes one value in a format for programs, in one write.
func One(w io.Writer, format string, value any) error {
	switch format {
	case FormatJSONLines:
		return JSONLine(w, value)
	case FormatYAML:
		var out bytes.Buffer
		if err := writeYAML(&out, value); err != nil {
			return err
		}
		_, err := w.Write(out.Bytes())
		return err
	}
	return JSON(w, value)
}

// Filter writes something else in place of a JSON text.
type Filter func(text []byte, w io.Writer) error

// Sequence writes values one by one in a format for programs. It writes chunks of encoded values, so it
// needs memory for one chunk and one encoded value only.
type Sequence struct {
	out     chunkWriter
	format  string
	begun   bool          // a value was written
	value   bytes.Buffer  // the JSON of the value being added
	encoder *json.Encoder // to value

	filter Filter       // nil: none
	whole  bytes.Buffer // the JSON of all values, if the filter needs that
	to     io.Writer    // where the filter writes
}

// NewSequence returns an empty sequence. It writes nothing.
func NewSequence(w io.Writer, format string) *Sequence {
	s := &Sequence{out: chunkWriter{w: w}, format: format}
	if format == FormatJSONLines {
		s.encoder = newEncoder(&s.value, "", "")
	} else {
		s.encoder = newEncoder(&s.value, "  ", "  ")
	}
	return s
}

// NewFiltered returns an empty sequence whose JSON a filter replaces: each line, or the whole array. The array
// is kept in memory.
func NewFiltered(w io.Writer, format string, filter Filter) *Sequence {
	s := NewSequence(w, format)
	s.filter, s.to = filter, w
	if format != FormatJSONLines {
		s.out.w = &s.whole
	}
	return s
}

// Add adds one value, which is written with the next chunk, or by Flush. A value that cannot be encoded is
// not added, and others can follow it.
func (s *Sequence) Add(value any) error {
	if s.format == FormatYAML {
		s.begun = true
		return One(&s.out, FormatYAML, []any{value})
	}
	s.value.Reset()
	s.value.WriteString(s.before())
	if err := s.encoder.Encode(value); err != nil {
		return err
	}
	s.begun = true
	if s.filter != nil && s.format == FormatJSONLines {
		return s.replace(s.value.Bytes())
	}
	text := escaped(s.value.Bytes())
	if s.format == FormatJSON {
		text = bytes.TrimSuffix(text, []byte("\n")) // a comma or the end of the array follows
	}
	_, err := s.out.Write(text)
	return err
}

// Flush writes the values that were added.
func (s *Sequence) Flush() error { return s.out.Flush() }

// before returns what comes before a value.
func (s *Sequence) before() string {
	switch {
	case s.format == FormatJSONLines:
		return ""
	case !s.begun:
		return "[\n  "
	}
	return ",\n  "
}

// End ends the sequence, and writes all of it. A sequence without values is "[]", or nothing in the format of lines.
func (s *Sequence) End() error {
	end := ""
	switch {
	case s.format == FormatJSONLines:
	case !s.begun:
		end = "[]\n"
	case s.format == FormatJSON:
		end = "\n]\n"
	}
	if _, err := io.WriteString(&s.out, end); err != nil {
		return err
	}
	if err := s.out.Flush(); err != nil || s.filter == nil || s.format == FormatJSONLines {
		return err
	}
	s.out.w = s.to
	return errors.Join(s.replace(s.whole.Bytes()), s.out.Flush())
}

// replace writes what the filter writes for a JSON text. If the filter fails, what it wrote before is written.
func (s *Sequence) replace(text []byte) error {
	if err := s.filter(text, &s.out); err != nil {
		return errors.Join(err, s.out.Flush())
	}
	return nil
}
