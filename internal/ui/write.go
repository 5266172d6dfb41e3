package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON writes a value as indented JSON, in one write. "<", ">" and "&" stay readable: the
// output is for programs and people, not for web pages.
func JSON(w io.Writer, value any) error {
	return encode(w, value, "  ")
}

// JSONLine writes a value as JSON on one line, in one write.
func JSONLine(w io.Writer, value any) error {
	return encode(w, value, "")
}

func encode(w io.Writer, value any, indent string) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(escaped(out.Bytes()))
	return err
}

// escaped writes what steers a terminal as JSON's own escapes: encoding/json leaves some of it
// as it is (DEL, C1, bidi). Outside of texts JSON holds none of it but its line breaks.
func escaped(text []byte) []byte {
	steering := func(r rune) bool { return r != '\n' && steers(r) }
	if !bytes.ContainsFunc(text, steering) {
		return text
	}
	var safe []byte
	for _, r := range string(text) {
		if !steering(r) {
			safe = utf8.AppendRune(safe, r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			safe = fmt.Appendf(safe, "\\u%04x", unit)
		}
	}
	return safe
}

// Field is a name with its value, for one thing shown in full.
type Field struct{ Name, Value string }

// Fields writes one field a line, the values below each other, leaving out the empty ones.
// Values must be clean.
func Fields(s *Stream, fields []Field) error {
	width := 0
	for _, f := range fields {
		if f.Value != "" {
			width = max(width, len(f.Name))
		}
	}
	var out strings.Builder
	for _, f := range fields {
		if f.Value != "" {
			fmt.Fprintf(&out, "%s%s%s%s\n", s.Paint(Bold, f.Name), strings.Repeat(" ", width-len(f.Name)), gap, f.Value)
		}
	}
	_, err := io.WriteString(s, out.String())
	return err
}
