package ui

import "fmt"

// Language translates an English text into another language. nil means English.
//
// The English text is the key of the catalogue: a format of package fmt, or a text with names in
// braces (message/codes.go). It is always a whole sentence or a whole clause, so a language can put its
// arguments in another order ("%[2]s"). A text that is not in the catalogue is printed in English.
type Language func(english string) string

// Find returns the translation of a text that is not a format.
func (l Language) Find(text string) string {
	if l == nil {
		return text
	}
	return l(text)
}

// Text returns a text with its arguments.
func (l Language) Text(format string, args ...any) string {
	if l == nil {
		return fmt.Sprintf(format, args...)
	}
	return fmt.Sprintf(l(format), args...)
}

// Count returns a text with a number, which is the first argument of the format. There is one format for
// the number 1 and one for other numbers.
func (l Language) Count(n int, one, many string, args ...any) string {
	format := many
	if n == 1 {
		format = one
	}
	return l.Text(format, append([]any{Number(n)}, args...)...)
}
