package activation

import "fmt"

// Text is an error whose words are a format of package fmt with arguments. Error prints it in English.
// Package message translates the format, which is a whole sentence or clause and the key of the catalogue, and
// each argument that is an error. So a noun with words of its own, such as "the credentials URI at %s", is a
// Text as well. An error that other code examines has a type of its own with the method Sentence.
type Text struct {
	format string
	args   []any
	err    error
}

// Textf returns a text. It wraps the argument of %w, as fmt.Errorf does.
func Textf(format string, args ...any) *Text {
	return &Text{format, args, fmt.Errorf(format, args...)}
}

// Error returns the text in English.
func (t *Text) Error() string { return t.err.Error() }

// Unwrap gives access to the argument of %w.
func (t *Text) Unwrap() error { return t.err }

// Sentence returns the format with its arguments.
func (t *Text) Sentence() (format string, args []any) { return t.format, t.args }

// Origin is where a setting or an identity comes from: "flag --ttl", "environment ALIBABA_CLOUD_REGION_ID",
// "profile prod", "default", or the path of a file. As an argument of a Text it is translated as well.
type Origin string
