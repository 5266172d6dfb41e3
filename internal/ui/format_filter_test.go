package ui

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

// quoting writes a text between brackets, and fails for "bad" after that.
func quoting(text []byte, w io.Writer) error {
	if _, err := fmt.Fprintf(w, "<%s>", text); err != nil {
		return err
	}
	if string(text) == "\"bad\"\n" {
		return errors.New("bad")
	}
	return nil
}

func TestAFilterGetsEachLineOrTheWholeArray(t *testing.T) {
	for format, want := range map[string]string{
		FormatJSONLines: "<\"a\"\n><\"b\"\n>",
		FormatJSON:      "<[\n  \"a\",\n  \"b\"\n]\n>",
	} {
		_, out := pipe()
		s := NewFiltered(out, format, quoting)
		if err := errors.Join(s.Add("a"), s.Add("b"), s.End()); err != nil || out.String() != want {
			t.Errorf("%s: %v, %q", format, err, out)
		}
	}
	_, out := pipe()
	if err := NewFiltered(out, FormatJSON, quoting).End(); err != nil || out.String() != "<[]\n>" {
		t.Errorf("%v, %q", err, out)
	}
}

func TestWhatAFilterWroteBeforeItFailedIsWritten(t *testing.T) {
	_, out := pipe()
	s := NewFiltered(out, FormatJSONLines, quoting)
	if err := s.Add("a"); err != nil {
		t.Fatal(err)
	}
	if err := s.Add("bad"); err == nil || out.String() != "<\"a\"\n><\"bad\"\n>" {
		t.Errorf("%v, %q", err, out)
	}
}
