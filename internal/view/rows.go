package view

import (
	"slices"
	"sort"

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
// programs, or a table that is written row by row. The widths of its columns follow from the rows, which are known
// before.
type Rows struct {
	printer *Printer
	columns []Column[Row]
	files   bool     // the codes are in files
	begun   bool     // a row was written
	dropped []string // the titles of the columns that the terminal is too narrow for
}

// The lengths of an ActivationId, of a time, and of an ActivationCode.
const (
	idWidth   = 36
	timeWidth = len("2006-01-02T15:04:05Z")
	codeWidth = 31
)

// NewRows returns a printer of the results of a batch. In a dry run nothing is created.
func NewRows(p *Printer, rows []batch.Row, dryRun bool) *Rows {
	name, region, file := 0, 0, 0
	for _, r := range rows {
		file = max(file, ui.Width(ui.Clean(r.File)))
		name, region = max(name, ui.Width(ui.Clean(r.Request.InstanceName))), max(region, len(r.Request.RegionId))
	}
	columns := []Column[Row]{
		{Name: "name", Width: name, Cell: func(r Row) string { return ui.Clean(r.InstanceName) }},
		{Name: "region", Width: region, Drop: 2, Cell: func(r Row) string { return r.RegionId }},
		{Name: "id", Width: idWidth, Cell: func(r Row) string { return ui.Clean(r.ActivationId) }},
		{Name: "expires", Width: timeWidth, Drop: 3, Cell: func(r Row) string { return r.ExpirationTime }},
		{Name: "code", Width: codeWidth, Cell: func(r Row) string { return ui.Clean(r.ActivationCode) }},
	}
	l := p.Out.Language
	state := len(StateRecovered)
	if dryRun {
		state = ui.Width(stateText(l, StateCreated, dryRun))
	}
	if file > 0 {
		columns[2].Drop = 1
		columns = append(columns[:4],
			Column[Row]{Name: "state", Width: state, Cell: func(r Row) string { return stateText(l, r.State, r.DryRun) }},
			Column[Row]{Name: "file", Width: file, Cell: func(r Row) string { return ui.Clean(r.Save) }})
	}
	p.Begin()
	return &Rows{printer: p, columns: columns, files: file > 0}
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
	if len(r.dropped) > 0 && r.printer.Dropped != nil {
		r.printer.Dropped(inOrderOfDrop(r.columns, r.dropped))
	}
	return r.printer.End()
}

// inOrderOfDrop returns the titles of columns in the order in which they are left out.
func inOrderOfDrop(columns []Column[Row], dropped []string) (titles []string) {
	ordered := slices.Clone(columns)
	sort.SliceStable(ordered, func(i, j int) bool { return ordered[i].Drop > ordered[j].Drop })
	for _, c := range ordered {
		if slices.Contains(dropped, c.Title()) {
			titles = append(titles, c.Title())
		}
	}
	return titles
}

// line prints a row of the table, and the titles before the first.
func (r *Rows) line(row Row) error {
	t := tableOf(r.columns, []Row{row})
	t.Untitled, r.begun, r.dropped = r.begun, true, t.Dropped(r.printer.Out)
	return t.Write(r.printer.Out)
}
