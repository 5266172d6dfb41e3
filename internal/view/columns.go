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
	Wide  bool           // only in the wide format

	CanTruncate  bool // cells may be truncated to fit a terminal
	TruncateLast bool // cells may be truncated if that is not enough
}

// Title returns the title of the column in a table.
func (c Column[T]) Title() string { return strings.ToUpper(c.Name) }

// columnsOf returns the columns that a format shows.
func columnsOf[T any](columns []Column[T], wide bool) (shown []Column[T]) {
	for _, c := range columns {
		if wide || !c.Wide {
			shown = append(shown, c)
		}
	}
	return shown
}

// columnsFor converts columns of rows of type U for rows of type T. row returns the U of a T.
func columnsFor[T, U any](columns []Column[U], row func(T) U) []Column[T] {
	converted := make([]Column[T], len(columns))
	for i, c := range columns {
		converted[i] = Column[T]{
			Name: c.Name, Wide: c.Wide, CanTruncate: c.CanTruncate, TruncateLast: c.TruncateLast,
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
		column := ui.Column{Title: c.Title(), CanTruncate: c.CanTruncate, TruncateLast: c.TruncateLast}
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
