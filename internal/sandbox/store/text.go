package store

import "fmt"

// Text is an error whose words are a format of package fmt with arguments. Error prints it in English. The commands
// of the sandbox print it in the language of the user: they translate the format, and each argument that is an error.
type Text struct {
	format string
	args   []any
	err    error
}

// Textf returns a text. It wraps the arguments of %w, as fmt.Errorf does.
func Textf(format string, args ...any) *Text {
	return &Text{format, args, fmt.Errorf(format, args...)}
}

// Error returns the text in English.
func (t *Text) Error() string { return t.err.Error() }

// Unwrap gives access to the arguments of %w.
func (t *Text) Unwrap() error { return t.err }

// Sentence returns the format with its arguments.
func (t *Text) Sentence() (format string, args []any) { return t.format, t.args }
