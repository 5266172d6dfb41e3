package view

import (
	"strings"

	"ecs-activation/internal/ui"
)

// Column is one column of a table of rows of type T. The columns of each kind of row are defined once, by a
// function such as codeColumns, and every format that has columns uses that definition.
//
// The text of a cell must be clean: it must not contain characters that control a terminal.
type Column[T any] struct {
	Name  string         // in lower case; never changed. The title is the name in capitals
	Cell  func(T) string // the text of the cell of a row
	Short func(T) string // a shorter text for a terminal that is too narrow for the table; nil: none
	In    Formats        // the formats that show the column

	Width        int  // the column is at least so wide, for a table that is written row by row
	CanTruncate  bool // cells may be truncated to fit a terminal
	TruncateLast bool // cells may be truncated if that is not enough
	Drop         int  // a terminal that is too narrow leaves out the column with the highest number first; 0: never
}

// Formats says which formats show a column. --columns shows any.
type Formats int

// The formats that show a column.
const (
	InAll     Formats = iota
	InWide            // wide and csv
	OnRequest         // none
)

// Title returns the title of the column in a table.
func (c Column[T]) Title() string { return strings.ToUpper(c.Name) }

// wideIf returns InWide if a column is only for the wide format.
func wideIf(wide bool) Formats {
	if wide {
		return InWide
	}
	return InAll
}

// columnsOf returns the columns that a printer shows: those that the user chose, which are never dropped, or
// those of its format.
func columnsOf[T any](p *Printer, columns []Column[T]) (shown []Column[T]) {
	for _, name := range p.Columns {
		for _, c := range columns {
			if c.Name == name {
				c.Drop = 0
				shown = append(shown, c)
			}
		}
	}
	if p.Columns != nil {
		return shown
	}
	most := InAll
	if p.Format == FormatWide || p.Format == FormatCSV {
		most = InWide
	}
	for _, c := range columns {
		if c.In <= most {
			shown = append(shown, c)
		}
	}
	return shown
}

// namesOf returns the names of columns.
func namesOf[T any](columns []Column[T]) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// columnsFor converts columns of rows of type U for rows of type T. row returns the U of a T.
func columnsFor[T, U any](columns []Column[U], row func(T) U) []Column[T] {
	converted := make([]Column[T], len(columns))
	for i, c := range columns {
		converted[i] = Column[T]{
			Name: c.Name, In: c.In, CanTruncate: c.CanTruncate, TruncateLast: c.TruncateLast, Drop: c.Drop,
			Cell: func(of T) string { return c.Cell(row(of)) },
		}
		if c.Short != nil {
			converted[i].Short = func(of T) string { return c.Short(row(of)) }
		}
	}
	return converted
}

// table is a table of rows of one kind. It keeps the text of the cells, not the rows.
type table[T any] struct {
	*ui.Table
	cells []func(T) string // one for each column of the ui.Table
}

// newTable returns a table without rows. A column with a short text becomes two columns, one of which is
// shown, depending on the width of the terminal.
func newTable[T any](columns []Column[T]) table[T] {
	var of []ui.Column
	var t table[T]
	for _, c := range columns {
		column := ui.Column{Title: c.Title(), Width: c.Width, CanTruncate: c.CanTruncate, TruncateLast: c.TruncateLast, Drop: c.Drop}
		if c.Short != nil {
			column.Layout = ui.NarrowLayout
			of, t.cells = append(of, column), append(t.cells, c.Short)
			column.Layout = ui.FullLayout
		}
		of, t.cells = append(of, column), append(t.cells, c.Cell)
	}
	t.Table = ui.NewTable(of)
	return t
}

// tableOf returns a table of rows.
func tableOf[T any](columns []Column[T], rows []T) table[T] {
	t := newTable(columns)
	t.add(t.Section(), rows)
	return t
}

// print prints the table, and reports the columns that the terminal is too narrow for.
func (t table[T]) print(p *Printer) error {
	t.Untitled = t.Untitled || p.NoHeaders
	if err := t.Write(p.Out); err != nil || p.Dropped == nil {
		return err
	}
	if dropped := t.Dropped(p.Out); len(dropped) > 0 {
		p.Dropped(dropped)
	}
	return nil
}

// printRows prints rows as a table or as CSV. The cells of CSV are those of a pipe: the columns are made for
// cellStream.
func printRows[T any](p *Printer, columns []Column[T], rows []T) error {
	columns = columnsOf(p, columns)
	if p.Format != FormatCSV {
		return tableOf(columns, rows).print(p)
	}
	c := newCSV(p, columns)
	if err := c.add(rows); err != nil {
		return err
	}
	return c.end()
}

// csvRows prints rows as CSV.
type csvRows[T any] struct {
	out     *ui.CSV
	columns []Column[T]
	titled  bool // the names of the columns were printed, or are not wanted
}

// newCSV returns a printer of rows that has printed nothing. It prints all of these columns.
func newCSV[T any](p *Printer, columns []Column[T]) *csvRows[T] {
	return &csvRows[T]{out: ui.NewCSV(p.Out), columns: columns, titled: p.NoHeaders}
}

// add prints rows, below the names of the columns.
func (c *csvRows[T]) add(rows []T) error {
	if !c.titled {
		c.titled = true
		if err := c.out.Add(namesOf(c.columns)); err != nil {
			return err
		}
	}
	cells := make([]string, len(c.columns))
	for _, row := range rows {
		for i, column := range c.columns {
			cells[i] = column.Cell(row)
		}
		if err := c.out.Add(cells); err != nil {
			return err
		}
	}
	return nil
}

// end prints the names of the columns if there were no rows, and ends the output.
func (c *csvRows[T]) end() error {
	if err := c.add(nil); err != nil {
		return err
	}
	return c.out.Flush()
}

// add adds rows to a section of the table.
func (t table[T]) add(section *ui.Section, rows []T) {
	texts := make([]string, len(t.cells))
	for _, row := range rows {
		for i, cell := range t.cells {
			texts[i] = cell(row)
		}
		section.Add(texts)
	}
}
