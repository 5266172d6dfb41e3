package ui

import (
	"bytes"
	"io"
	"slices"
	"strings"
)

// Column is one column of a table.
type Column struct {
	Title        string
	Width        int  // it is at least so wide, so that tables with other rows can continue the table
	CanTruncate  bool // its cells may be truncated to fit a terminal; not for text that users copy
	TruncateLast bool // its cells are truncated only when all others are as narrow as they can be
	Drop         int  // a terminal that is too narrow for the table leaves out the column with the highest number first; 0: never
	Layout       Layout
}

// Layout says in which layouts of a table a column is shown.
type Layout int

// The layouts. A table in a pipe is always full.
const (
	EveryLayout  Layout = iota
	FullLayout          // only where the terminal is wide enough for the whole table
	NarrowLayout        // only where it is not
)

// Table is a table that is written when all of its rows are known. It has no borders and no trailing
// blanks. On a terminal cells are truncated to its width; in a pipe they are written whole.
//
// It keeps the text of its cells in compact form (tablerows.go). tablewriter draws tables of up to drawnRows
// rows. Longer tables are written without it, with the same result (tabledraw.go).
type Table struct {
	Untitled bool // do not write the titles

	columns  []Column
	sections []*Section
}

// NewTable returns a table without rows.
func NewTable(columns []Column) *Table { return &Table{columns: columns} }

// Section adds an empty section below the others and returns it.
func (t *Table) Section() *Section {
	s := &Section{rows: newRows(len(t.columns))}
	t.sections = append(t.sections, s)
	return s
}

// Len returns the number of rows.
func (t *Table) Len() int {
	sum := 0
	for _, s := range t.sections {
		sum += s.rows.count
	}
	return sum
}

// Dropped returns the titles of the columns that a stream is too narrow for.
func (t *Table) Dropped(s *Stream) (titles []string) {
	shown := t.layoutFor(s).columns
	for _, c := range t.columns {
		isShown := func(other Column) bool { return other.Title == c.Title }
		if !slices.ContainsFunc(shown, isShown) && !slices.Contains(titles, c.Title) {
			titles = append(titles, c.Title)
		}
	}
	return titles
}

// Write writes the table. A table of up to drawnRows rows is written in one write, a longer one in chunks of
// lines.
func (t *Table) Write(s *Stream) error { return t.writeTo(s, s) }

// Lines returns the lines of the table as Write would write them to the stream.
func (t *Table) Lines(s *Stream) ([]string, error) {
	var out bytes.Buffer
	err := t.writeTo(&out, s)
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"), err
}

// writeTo writes the table for a stream to a writer.
func (t *Table) writeTo(w io.Writer, s *Stream) error {
	d := drawing{table: t, layout: t.layoutFor(s), stream: s}
	if t.Len() > drawnRows {
		return d.writeRows(w)
	}
	text, err := d.draw()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// Section is some consecutive rows of a table.
type Section struct{ rows *rows }

// Add adds a row. It has a cell for each column of the table; their text must be clean.
func (s *Section) Add(cells []string) { s.rows.add(cells) }

// Clear removes all rows of the section.
func (s *Section) Clear() { s.rows = newRows(len(s.rows.widths)) }
