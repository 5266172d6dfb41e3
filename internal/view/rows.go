package view

import (
	"fmt"
	"slices"
	"strings"

	"ecs-activation/internal/batch"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/ui"
)

// Row is the result of a row of a batch whose code is in a file.
type Row struct {
	codefile.Code
	State string // StateReused, StateCreated or StateRecovered
	Save  string // the file
}

// Rows prints the results of a batch in the order of its rows, each as soon as it is known: a sequence for
// programs, or lines of a table. The widths of the columns of the table follow from the rows, which are known
// before.
type Rows struct {
	printer *Printer
	columns []rowColumn // those that the terminal has space for
	dropped []string    // the titles of the others
	files   bool        // the codes are in files
	begun   bool
}

// rowColumn is a column of the table. The width of the last one is that of its longest cell, if it is known.
type rowColumn struct {
	title string
	width int
	drop  int // a terminal that is too narrow leaves out the column with the highest number first; 0: never
	cell  func(Row) string
}

// The lengths of an ActivationId, of a time, and of an ActivationCode.
const (
	idWidth   = 36
	timeWidth = len("2006-01-02T15:04:05Z")
	codeWidth = 31
)

// NewRows returns a printer of the results of a batch. In a dry run nothing is created.
func NewRows(p *Printer, rows []batch.Row, dryRun bool) *Rows {
	name, region, file := len("NAME"), len("REGION"), 0
	for _, r := range rows {
		file = max(file, len(r.File))
		name, region = max(name, len(ui.Clean(r.Request.InstanceName))), max(region, len(r.Request.RegionId))
	}
	columns := []rowColumn{
		{"NAME", name, 0, func(r Row) string { return r.InstanceName }},
		{"REGION", region, 2, func(r Row) string { return r.RegionId }},
		{"ID", idWidth, 0, func(r Row) string { return r.ActivationId }},
		{"EXPIRES", timeWidth, 3, func(r Row) string { return r.ExpirationTime }},
		{"CODE", codeWidth, 0, func(r Row) string { return r.ActivationCode }},
	}
	state := len(StateRecovered)
	if dryRun {
		state = len(stateText(p.Out.Language, StateCreated, dryRun))
	}
	if file > 0 { // the codes are in files
		columns[2].drop = 1
		columns = append(columns[:4],
			rowColumn{"STATE", state, 0, func(r Row) string { return stateText(p.Out.Language, r.State, r.DryRun) }},
			rowColumn{"FILE", file, 0, func(r Row) string { return r.Save }})
	}
	p.Begin()
	columns, dropped := fitting(columns, p.Out)
	return &Rows{printer: p, columns: columns, dropped: dropped, files: file > 0}
}

// fitting returns the columns that a terminal has space for, and the titles of the others. A pipe has space for
// all.
func fitting(columns []rowColumn, out *ui.Stream) (shown []rowColumn, dropped []string) {
	for out.Terminal {
		width, last := -len(gap), 0
		for i, c := range columns {
			width += c.width + len(gap)
			if c.drop > columns[last].drop {
				last = i
			}
		}
		if width <= out.Width || columns[last].drop == 0 {
			break
		}
		dropped = append(dropped, columns[last].title)
		columns = slices.Delete(slices.Clone(columns), last, last+1)
	}
	return columns, dropped
}

// Code prints a code that is not in a file. The table of files has no column for it, so there it is printed as fields.
func (r *Rows) Code(c codefile.Code) error {
	if r.files || r.printer.Quiet || r.printer.HoldsCode() || r.printer.ForPrograms() {
		return PrintCreated(r.printer, c)
	}
	return r.line(Row{Code: c})
}

// Saved prints a code that is in a file. The code itself is not printed.
func (r *Rows) Saved(row Row) error {
	row.ActivationCode = ""
	switch {
	case r.printer.Quiet:
		return nil
	case r.printer.ForPrograms():
		return r.printer.element(row)
	}
	return r.line(row)
}

// End ends the sequence for programs, and reports the columns of the table that the terminal is too narrow for.
func (r *Rows) End() error {
	if r.begun && len(r.dropped) > 0 && r.printer.Dropped != nil {
		r.printer.Dropped(r.dropped)
	}
	return r.printer.End()
}

// line prints a line of the table, and the titles before the first.
func (r *Rows) line(row Row) error {
	if !r.begun {
		r.begun = true
		titles := r.padded(func(c rowColumn) string { return c.title })
		if err := r.printer.Line(r.printer.Out.Paint(ui.Bold, titles)); err != nil {
			return err
		}
	}
	return r.printer.Line(r.padded(func(c rowColumn) string { return c.cell(row) }))
}

// gap is the space between two columns.
const gap = "  "

// padded returns the cells of a line, without blanks at its end.
func (r *Rows) padded(cell func(rowColumn) string) string {
	var text strings.Builder
	for _, c := range r.columns {
		fmt.Fprintf(&text, "%-*s%s", c.width, ui.Clean(cell(c)), gap)
	}
	return strings.TrimRight(text.String(), " ")
}
