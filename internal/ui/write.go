package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
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

// RawJSON writes text that is JSON already, in one write.
func RawJSON(w io.Writer, text string) error {
	_, err := w.Write(escaped([]byte(text)))
	return err
}

func encode(w io.Writer, value any, indent string) error {
	var out bytes.Buffer
	text, err := marshal(&out, value, "", indent)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// marshal returns a value as JSON; it lives in out until that is used again.
func marshal(out *bytes.Buffer, value any, prefix, indent string) ([]byte, error) {
	out.Reset()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent(prefix, indent)
	err := encoder.Encode(value)
	return escaped(out.Bytes()), err
}

// escaped writes what steers a terminal as JSON's own escapes: encoding/json leaves some of it
// as it is (DEL, C1, bidi). Outside of texts JSON holds none of it but its line breaks.
func escaped(text []byte) []byte {
	return escapedAs(text, func(r rune) string {
		var escapes strings.Builder
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&escapes, "\\u%04x", unit)
		}
		return escapes.String()
	})
}

// escapedAs writes what steers a terminal, but for line breaks, by its escape.
func escapedAs(text []byte, escape func(rune) string) []byte {
	steering := func(r rune) bool { return r != '\n' && steers(r) }
	if harmless(text) || !bytes.ContainsFunc(text, steering) {
		return text
	}
	var safe bytes.Buffer
	for _, r := range string(text) {
		if steering(r) {
			safe.WriteString(escape(r))
		} else {
			safe.WriteRune(r)
		}
	}
	return safe.Bytes()
}

// harmless says at a glance that nothing steers: all is printable ASCII, but for line breaks.
func harmless[T string | []byte](text T) bool {
	for i := range len(text) {
		if b := text[i]; b < ' ' && b != '\n' || b >= 0x7f {
			return false
		}
	}
	return true
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
