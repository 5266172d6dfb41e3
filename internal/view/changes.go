package view

import (
	"strings"
	"time"
)

// What became of a code between two looks at a list.
const (
	ChangeIs      = "is" // it existed when its region was first read
	ChangeNew     = "new"
	ChangeChanged = "changed"
	ChangeGone    = "gone" // deleted, or no longer one of those asked for
)

// CodeChange is what became of a code, and the code as it is now, or was last.
type CodeChange struct {
	Change string
	Listed
}

// Changes prints changes of codes: for programs, or as a table. A table that goes on below an
// earlier one has no titles.
func (p *Printer) Changes(changes []CodeChange, now time.Time, several, goesOn bool) error {
	if p.ForPrograms() {
		return printMany(p, changes)
	}
	t := codeTable{out: p.Out, now: now, wide: p.wide(), several: several}
	lines, err := tableOf(t.changeColumns(), t.wide, changes).lines(p.Out)
	if err != nil {
		return err
	}
	if goesOn {
		lines = lines[1:]
	}
	return p.Line(strings.Join(lines, "\n"))
}

// changeColumns are the columns of a code below the one that says what became of it.
func (t codeTable) changeColumns() []Column[CodeChange] {
	columns := []Column[CodeChange]{{Title: "CHANGE", Cell: func(c CodeChange) string { return c.Change }}}
	for _, of := range t.columns() {
		columns = append(columns, Column[CodeChange]{
			Title: of.Title, Wide: of.Wide, Shrinks: of.Shrinks, Yields: of.Yields,
			Cell: func(c CodeChange) string { return of.Cell(c.Listed) },
		})
	}
	return columns
}
