// Package view is what users read on standard output: the JSON of each command, tables, and fields.
// It knows what a result looks like in each format, and makes no requests.
//
// This file is the Printer, through which each command prints its result. The other files have one
// kind of result each: the type that programs read, and what people read of it. columns.go makes
// tables, text.go the texts of single values. The JSON keys are the words of the API, and keys are
// only ever added.
//
// Notes, questions and errors are not printed here: they need the settings and the flags of the
// command.
package view

import (
	"io"

	"ecs-activation/internal/codefile"
	"ecs-activation/internal/ui"
)

// The formats besides those of ui. Every other format is one of Script.
const (
	FormatTable = "table"
	FormatWide  = "wide" // a table with every column
	FormatCode  = "code" // the bare code, as with --quiet
)

// Printer prints the result of a command in the format that the user has chosen.
type Printer struct {
	Out    *ui.Stream // where results go
	Err    *ui.Stream // where the command prints notes and errors; a Printer writes nothing there
	Format string
	Quiet  bool // print the bare result: IDs, or the code

	// Script returns what a shell or a machine runs with a code, in Format. It is nil where Format
	// is not a format for that.
	Script func(codefile.Code) (string, error)

	sequence *ui.Sequence // what is printed for programs becomes part of it; nil: it stands alone
}

// ForPrograms reports whether the result is printed in a format for programs.
func (p *Printer) ForPrograms() bool { return ui.ForPrograms(p.Format) && !p.Quiet }

// ForPeople reports whether the result is printed as text: a table, fields, lines.
func (p *Printer) ForPeople() bool { return !p.Quiet && !ui.ForPrograms(p.Format) }

// Document reports whether the result is one JSON or YAML document, which has to have an end.
func (p *Printer) Document() bool { return p.ForPrograms() && p.Format != ui.FormatJSONLines }

// HoldsCode reports whether the format has no meaning without the activation code.
func (p *Printer) HoldsCode() bool { return p.Format == FormatCode || p.Script != nil }

// Value prints one value in the format for programs.
func (p *Printer) Value(value any) error { return ui.One(p.Out, p.Format, value) }

// Fields prints the fields of one thing.
func (p *Printer) Fields(fields []ui.Field) error { return ui.Fields(p.Out, fields) }

// Line prints one line in one write. The text must be clean.
func (p *Printer) Line(text string) error { return p.Text(text + "\n") }

// Text prints a text as it is, in one write.
func (p *Printer) Text(text string) error {
	_, err := io.WriteString(p.Out, text)
	return err
}

// JSON prints a text that is JSON already.
func (p *Printer) JSON(text string) error { return ui.RawJSON(p.Out, text) }

// Begin makes the codes that are printed for programs the elements of one sequence, each of which
// is written before the next is made. End ends it.
func (p *Printer) Begin() { p.sequence = ui.NewSequence(p.Out, p.Format) }

// End ends the sequence. Where the result is not for programs there is nothing to end.
func (p *Printer) End() error {
	if !p.ForPrograms() {
		return nil
	}
	return p.sequence.End()
}

// wide reports whether tables have every column.
func (p *Printer) wide() bool { return p.Format == FormatWide }

// printMany prints a sequence of values in the format for programs. (A method cannot have a type
// parameter.)
func printMany[T any](p *Printer, values []T) error { return ui.Many(p.Out, p.Format, values) }
