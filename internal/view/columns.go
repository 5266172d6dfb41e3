package view

import "ecs-activation/internal/ui"

// Column is one column of a table of things of one kind: its title, and the text of its cell for
// each thing. The text must be clean, that is without anything that controls a terminal.
type Column[T any] struct {
	Title   string
	Cell    func(T) string
	Wide    bool // left out but in the wide format
	Shrinks bool // may be cut to fit a terminal
	Yields  bool // may be cut where that is not enough
}

// table is a table before it is printed.
type table struct {
	columns []ui.Column
	rows    [][]string
}

// tableOf returns the table that some columns make of things.
func tableOf[T any](columns []Column[T], wide bool, things []T) table {
	t := table{rows: make([][]string, len(things))}
	var cells []func(T) string
	for _, c := range columns {
		if !c.Wide || wide {
			t.columns = append(t.columns, ui.Column{Title: c.Title, Shrinks: c.Shrinks, Yields: c.Yields})
			cells = append(cells, c.Cell)
		}
	}
	for i, thing := range things {
		t.rows[i] = make([]string, len(cells))
		for j, cell := range cells {
			t.rows[i][j] = cell(thing)
		}
	}
	return t
}

// print writes the table, in one write.
func (t table) print(out *ui.Stream) error { return ui.Table(out, t.columns, t.rows) }

// lines returns the lines of the table, the titles first.
func (t table) lines(out *ui.Stream) ([]string, error) { return ui.TableLines(out, t.columns, t.rows) }

// fits reports whether a terminal is wide enough for the table.
func (t table) fits(out *ui.Stream) bool { return ui.Fits(out, t.columns, t.rows) }
