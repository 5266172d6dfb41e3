package view

import (
	"fmt"
	"strings"

	"ecs-activation/internal/batch"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/ui"
)

// Row is the result of a row of a batch whose code is in a file.
type Row struct {
	codefile.Code
	State string // StateReused or StateCreated
	Save  string // the file
}

// Rows prints the results of a batch in the order of its rows, each as soon as it is known: a sequence for
// programs, or lines of a table. The widths of the columns of the table follow from the rows, which are known
// before.
type Rows struct {
	printer *Printer
	saved   bool // the codes are in files
	widths  []int
	begun   bool
}

// idWidth is the length of an ActivationId, and timeWidth that of a time.
const (
	idWidth   = 36
	timeWidth = len("2006-01-02T15:04:05Z")
)

// NewRows returns a printer of the results of a batch.
func NewRows(p *Printer, rows []batch.Row, saved bool) *Rows {
	name, region := len("NAME"), len("REGION")
	for _, r := range rows {
		name, region = max(name, len(ui.Clean(r.Request.InstanceName))), max(region, len(r.Request.RegionId))
	}
	p.Begin()
	return &Rows{printer: p, saved: saved, widths: []int{name, region, idWidth, timeWidth, len(StateCreated)}}
}

// Code prints a code that is not in a file.
func (r *Rows) Code(c codefile.Code) error {
	if r.printer.Quiet || r.printer.HoldsCode() || r.printer.ForPrograms() {
		return PrintCreated(r.printer, c)
	}
	return r.line(c.InstanceName, c.RegionId, c.ActivationId, c.ExpirationTime, c.ActivationCode)
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
	return r.line(row.InstanceName, row.RegionId, row.ActivationId, row.ExpirationTime, row.State, row.Save)
}

// End ends the sequence for programs.
func (r *Rows) End() error { return r.printer.End() }

// line prints a line of the table, and the titles before the first.
func (r *Rows) line(cells ...string) error {
	if !r.begun {
		r.begun = true
		titles := []string{"NAME", "REGION", "ID", "EXPIRES", "CODE"}
		if r.saved {
			titles = []string{"NAME", "REGION", "ID", "EXPIRES", "STATE", "FILE"}
		}
		if err := r.printer.Line(r.printer.Out.Paint(ui.Bold, r.padded(titles))); err != nil {
			return err
		}
	}
	return r.printer.Line(r.padded(cells))
}

// padded returns cells as a line, without blanks at its end.
func (r *Rows) padded(cells []string) string {
	var text strings.Builder
	for i, cell := range cells {
		if i == len(cells)-1 {
			text.WriteString(ui.Clean(cell))
			break
		}
		fmt.Fprintf(&text, "%-*s  ", r.widths[i], ui.Clean(cell))
	}
	return strings.TrimRight(text.String(), " ")
}
