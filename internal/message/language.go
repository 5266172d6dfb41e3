package message

import (
	"fmt"

	"ecs-activation/internal/ui"
)

// Language translates an English text into another language. nil means English.
//
// The English text is the key of the catalogue: a format of package fmt, or a text with names in
// braces (codes.go). It is always a whole sentence or a whole clause, so a language can put its
// arguments in another order ("%[2]s"). A text that is not in the catalogue is printed in English.
type Language func(english string) string

// text returns a text with its arguments.
func (l Language) text(format string, args ...any) string {
	if l == nil {
		return fmt.Sprintf(format, args...)
	}
	return fmt.Sprintf(l(format), args...)
}

// errorf returns an error with a text, which wraps the argument of %w.
func (l Language) errorf(format string, args ...any) error {
	if l == nil {
		return fmt.Errorf(format, args...)
	}
	return fmt.Errorf(l(format), args...)
}

// find returns the translation of a text that is not a format, such as that of an error of another package.
func (l Language) find(text string) string {
	if l == nil {
		return text
	}
	return l(text)
}

// count returns a number with its noun, which is a format of one argument in the singular and in the
// plural.
func (l Language) count(n int, one, many string) string {
	if n == 1 {
		return l.text(one, ui.Number(n))
	}
	return l.text(many, ui.Number(n))
}
