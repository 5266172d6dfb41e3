package view

import (
	"time"

	"ecs-activation/internal/activation"
)

// What happened to a code between two reads of a list.
const (
	ChangeIs      = "is" // it existed when its region was first read
	ChangeNew     = "new"
	ChangeChanged = "changed"
	ChangeGone    = "gone" // deleted, or no longer selected
)

// CodeChange is a change of a code, and the code as it is now, or as it was last.
type CodeChange struct {
	Change string
	Listed
}

// PrintChanges prints changes of codes: for programs, or as a table. A table that continues an earlier one
// has no titles.
func PrintChanges(p *Printer, changes []CodeChange, now time.Time, several, continues bool) error {
	if p.ForPrograms() {
		return printMany(p, changes)
	}
	t := tableOf(changeColumns(p, codeContext{out: p.Out, now: now, several: several}), changes)
	t.Untitled = continues
	return t.print(p)
}

// changeColumns returns the columns of a table of changes: what happened, and those of the code. The words of later
// rows are not known, so their columns are as wide as the longest.
func changeColumns(p *Printer, c codeContext) []Column[CodeChange] {
	change := Column[CodeChange]{Name: "change", Width: len(ChangeChanged), Cell: func(c CodeChange) string { return c.Change }}
	ofCode := columnsFor(columnsOf(p, codeColumns(c)), func(c CodeChange) Listed { return c.Listed })
	for i := range ofCode {
		if ofCode[i].Name == "status" {
			ofCode[i].Width = len(activation.Exhausted)
		}
	}
	return append([]Column[CodeChange]{change}, ofCode...)
}
