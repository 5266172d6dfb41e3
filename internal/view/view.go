// Package view prints the results of commands on standard output: JSON, tables and fields. It knows what a
// result looks like in each format, and makes no requests.
//
// This file has the Printer, to which each command prints its result. Most other files have one kind of
// result each: the type that is encoded for programs, its text for people, and the function that prints it.
// columns.go makes tables, text.go the texts of single values. The keys of the JSON are named like the fields
// of the API, and keys are only added, never removed.
//
// Notes, questions and errors are not printed here, because they depend on the settings and flags of the
// command.
package view

import (
	"encoding/json"
	"errors"
	"io"

	"ecs-activation/internal/codefile"
	"ecs-activation/internal/ui"
)

// The formats for people. The formats for programs are in package ui; every other format is for Script.
const (
	FormatTable = "table"
	FormatWide  = "wide" // a table with every column
	FormatCSV   = "csv"  // the rows of the wide table, for spreadsheets
	FormatName  = "name" // the IDs alone, with their regions
	FormatCode  = "code" // the activation code alone, as with --quiet
)

// Printer prints the result of a command in the format that the user chose.
type Printer struct {
	Out    *ui.Stream // where results go
	Err    *ui.Stream // where the command prints notes and errors; a Printer writes nothing there
	Format string
	Quiet  bool // print only IDs, or only the activation code

	Columns   []string       // the names of the columns of tables and CSV; nil: those of the format
	NoHeaders bool           // print tables and CSV without the names of their columns
	Dropped   func([]string) // receives the titles of columns that a terminal is too narrow for; nil: not reported

	// Script returns a script in Format that uses a code. It is nil if Format is not a format of scripts.
	Script func(codefile.Code) (string, error)

	// Select passes the results of an expression for a JSON text to a function: JSON, or a string without quotes.
	// It is nil if the JSON itself is printed.
	Select func(text []byte, result func(text string, isString bool) error) error

	sequence *ui.Sequence // to which created codes are added; nil: each is printed as one value
}

// ForPrograms reports whether the result is printed in a format for programs.
func (p *Printer) ForPrograms() bool { return ui.ForPrograms(p.Format) && !p.Quiet }

// ForPeople reports whether the result is printed as a table, as fields or as lines of text.
func (p *Printer) ForPeople() bool {
	return !p.Quiet && !ui.ForPrograms(p.Format) && p.Format != FormatCSV && p.Format != FormatName
}

// bare reports whether only IDs are printed.
func bare(p *Printer) bool { return p.Quiet || p.Format == FormatName }

// cellStream returns the stream for which cells are made. CSV is the same on a terminal and in a pipe.
func cellStream(p *Printer) *ui.Stream {
	if p.Format == FormatCSV {
		return &ui.Stream{Writer: p.Out}
	}
	return p.Out
}

// Document reports whether the result is one JSON or YAML document, which is complete only at its end.
func (p *Printer) Document() bool { return p.ForPrograms() && p.Format != ui.FormatJSONLines }

// HoldsCode reports whether the format needs the activation code.
func (p *Printer) HoldsCode() bool { return p.Format == FormatCode || p.Script != nil }

// Value prints one value in the format for programs.
func (p *Printer) Value(value any) error {
	if p.Select == nil {
		return ui.One(p.Out, p.Format, value)
	}
	one := newSequence(p, ui.FormatJSONLines)
	return errors.Join(one.Add(value), one.Flush())
}

// newSequence returns an empty sequence of values, or of the results that Select has for them.
func newSequence(p *Printer, format string) *ui.Sequence {
	if p.Select == nil {
		return ui.NewSequence(p.Out, format)
	}
	return ui.NewFiltered(p.Out, format, func(text []byte, w io.Writer) error {
		return p.Select(text, func(result string, isString bool) error {
			if !isString {
				return ui.RawJSON(w, result+"\n")
			}
			_, err := io.WriteString(w, p.Out.SafeText(result)+"\n")
			return err
		})
	})
}

// Fields prints the fields of one thing.
func (p *Printer) Fields(fields []ui.Field) error { return ui.Fields(p.Out, fields) }

// Line prints one line in one write. The text must be clean.
func (p *Printer) Line(text string) error { return p.Text(text + "\n") }

// Text prints a text as it is, in one write.
func (p *Printer) Text(text string) error {
	_, err := io.WriteString(p.Out, text)
	return err
}

// JSON prints a text that is a JSON array: as it is, or as a sequence in another format.
func (p *Printer) JSON(text string) error {
	if p.Format == ui.FormatJSON && p.Select == nil {
		return ui.RawJSON(p.Out, text)
	}
	var values []json.RawMessage
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		return err
	}
	return printMany(p, values)
}

// Begin starts a sequence. Codes that are printed for programs become its elements, each written before
// the next is created. End ends it. With Select the format must be that of lines.
func (p *Printer) Begin() {
	if p.Select == nil { // otherwise each code is printed as one value
		p.sequence = ui.NewSequence(p.Out, p.Format)
	}
}

// element prints one value as an element of the sequence, or by itself if none was begun.
func (p *Printer) element(value any) error {
	if p.sequence == nil {
		return p.Value(value)
	}
	if err := p.sequence.Add(value); err != nil {
		return err
	}
	return p.sequence.Flush()
}

// End ends the sequence. It does nothing if the result is not for programs.
func (p *Printer) End() error {
	if !p.ForPrograms() || p.sequence == nil {
		return nil
	}
	return p.sequence.End()
}

// printMany prints a sequence of values in the format for programs. (A method cannot have a type parameter.)
func printMany[T any](p *Printer, values []T) error {
	sequence := newSequence(p, p.Format)
	for i := range values {
		if err := sequence.Add(&values[i]); err != nil {
			return err
		}
	}
	return sequence.End()
}
