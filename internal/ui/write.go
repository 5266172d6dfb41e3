package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// JSON writes a value as indented JSON, in one write. "<", ">" and "&" are not escaped, because the output
// is not for web pages.
func JSON(w io.Writer, value any) error {
	return encode(w, value, "  ")
}

// JSONLine writes a value as JSON on one line, in one write.
func JSONLine(w io.Writer, value any) error {
	return encode(w, value, "")
}

// RawJSON writes a text that is JSON, in one write. It escapes characters that control a terminal.
func RawJSON(w io.Writer, text string) error {
	_, err := w.Write(escaped([]byte(text)))
	return err
}

// encode writes a value as JSON with an indent, in one write.
func encode(w io.Writer, value any, indent string) error {
	var out bytes.Buffer
	if err := newEncoder(&out, "", indent).Encode(value); err != nil {
		return err
	}
	_, err := w.Write(escaped(out.Bytes()))
	return err
}

// newEncoder returns an encoder of JSON that puts the prefix and the indent before each line, the first
// excepted.
func newEncoder(w io.Writer, prefix, indent string) *json.Encoder {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent(prefix, indent)
	return encoder
}

// escaped returns JSON in which the characters that control a terminal are escaped. encoding/json leaves
// some of them as they are (DEL, C1, bidirectional controls), always within strings.
func escaped(text []byte) []byte {
	return escapedAs(text, func(r rune) string {
		var escapes strings.Builder
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&escapes, "\\u%04x", unit)
		}
		return escapes.String()
	})
}

// escapedAs returns text in which escape replaces the characters that control a terminal, except for line
// breaks.
func escapedAs(text []byte, escape func(rune) string) []byte {
	unsafe := func(r rune) bool { return r != '\n' && isControl(r) }
	if isPlain(text) || !bytes.ContainsFunc(text, unsafe) {
		return text
	}
	var safe bytes.Buffer
	for _, r := range string(text) {
		if unsafe(r) {
			safe.WriteString(escape(r))
		} else {
			safe.WriteRune(r)
		}
	}
	return safe.Bytes()
}

// Field is a name with its value.
type Field struct{ Name, Value string }

// Fields writes one field a line, the values aligned. It leaves out fields without a value. On a terminal values are
// broken at words to its width. Values must be clean.
func Fields(s *Stream, fields []Field) error {
	width := 0
	for _, f := range fields {
		if f.Value != "" {
			width = max(width, len(f.Name))
		}
	}
	margin := strings.Repeat(" ", width) + gap
	var out strings.Builder
	for _, f := range fields {
		if f.Value != "" {
			value := f.Value
			if s.Width > 0 {
				value = strings.ReplaceAll(Wrap(value, s.Width-len(margin), ""), "\n", "\n"+margin)
			}
			fmt.Fprintf(&out, "%s%s%s\n", s.Paint(Bold, f.Name), margin[len(f.Name):], value)
		}
	}
	_, err := io.WriteString(s, out.String())
	return err
}

// isPlain reports whether a text is all printable ASCII and line breaks, the most frequent case: it holds
// nothing that controls a terminal.
func isPlain(text []byte) bool {
	for _, b := range text {
		if b < ' ' && b != '\n' || b >= 0x7f {
			return false
		}
	}
	return true
}
