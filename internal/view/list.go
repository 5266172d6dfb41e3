package view

import (
	"iter"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// List prints the codes of a reading.
type List struct {
	Printer   *Printer
	Query     fleet.Query
	Selection fleet.Selection
	Qualified bool                              // bare IDs have their region, also those of a single one
	Now       func(activation.Answer) time.Time // the time of the service in an answer, or that of this machine
	See       func(fleet.Part)                  // called with every part
	First     func(activation.Answer)           // called with the first answer
}

// Print prints the codes of a reading, and returns its summary and how many codes were printed. If all
// regions failed, it prints nothing.
//
// JSON lines, CSV and bare IDs without an order are printed page by page: the first code is printed before the
// last page is requested, and if a region fails, its codes that were read before stay printed. A table keeps
// the text of its cells, which takes less memory than the codes. Documents, and sorted or limited lists, need
// all codes in memory.
func (l List) Print(parts iter.Seq[fleet.Part]) (sum *fleet.Summary, codes int, err error) {
	sum = fleet.NewSummary(l.Query)
	switch {
	case l.Selection.Order == nil && streams(l.Printer):
		codes, err = l.stream(sum, parts)
	case l.Printer.ForPrograms() || l.Selection.Order != nil || l.Selection.Most > 0:
		codes, err = l.whole(sum, parts)
	default:
		codes, err = l.table(sum, parts)
	}
	return sum, codes, err
}

// several reports whether each code is printed with its region.
func (l List) several() bool {
	return len(l.Query.Regions) > 1 || l.Printer.Quiet && l.Qualified
}

// add adds a part to the summary, and returns the time at which its codes are shown, which is that of the
// first answer.
func (l List) add(sum *fleet.Summary, part fleet.Part) time.Time {
	before := sum.Answer
	l.See(part)
	sum.Add(part)
	if sum.Answer != before {
		l.First(sum.Answer)
	}
	return l.Now(sum.Answer)
}

// stream prints the codes page by page.
func (l List) stream(sum *fleet.Summary, parts iter.Seq[fleet.Part]) (printed int, err error) {
	selection := l.Selection
	lines := newCodeLines(l.Printer, l.several())
	for part := range parts {
		now := l.add(sum, part)
		codes := selection.Apply(part.Page.ActivationList, now)
		if err := lines.add(NewListedAll(codes, now)); err != nil {
			return printed, err
		}
		printed += len(codes)
		if selection.Most > 0 {
			if selection.Most -= len(codes); selection.Most == 0 {
				break
			}
		}
	}
	if sum.None() {
		return 0, nil
	}
	return printed, lines.end()
}

// streams reports whether the format has a line for each code, which does not depend on the other codes.
func streams(p *Printer) bool {
	return bare(p) || p.Format == ui.FormatJSONLines || p.Format == FormatCSV
}

// codeLines prints pages of codes in a format that streams.
type codeLines struct {
	printer *Printer
	several bool // the codes are from several regions
	lines   *ui.Sequence
	rows    *csvRows[Listed]
}

func newCodeLines(p *Printer, several bool) codeLines {
	columns := codeColumns(codeContext{out: cellStream(p), several: several})
	return codeLines{p, several, newSequence(p, ui.FormatJSONLines), newCSV(p, columnsOf(p, columns))}
}

// add prints a page of codes.
func (c codeLines) add(codes []Listed) error {
	switch {
	case len(codes) == 0: // the region may have failed
		return nil
	case bare(c.printer):
		return printIDs(c.printer, codes, c.several)
	case c.printer.Format == FormatCSV:
		if err := c.rows.add(codes); err != nil {
			return err
		}
		return c.rows.out.Flush()
	}
	for i := range codes {
		if err := c.lines.Add(&codes[i]); err != nil {
			return err
		}
	}
	return c.lines.Flush()
}

// end ends the list, which has a line of titles as CSV even if there are no codes.
func (c codeLines) end() error {
	if c.printer.Format == FormatCSV && !c.printer.Quiet {
		return c.rows.end()
	}
	return nil
}

// whole prints the codes when all of them are known.
func (l List) whole(sum *fleet.Summary, parts iter.Seq[fleet.Part]) (int, error) {
	var now time.Time
	list := fleet.Collect(l.Query, parts, func(part fleet.Part) { now = l.add(sum, part) })
	if sum.None() {
		return 0, nil
	}
	codes := NewListedAll(l.Selection.Apply(list.Codes, now), now)
	return len(codes), PrintCodes(l.Printer, codes, now, l.several())
}

// table prints a table of the codes.
func (l List) table(sum *fleet.Summary, parts iter.Seq[fleet.Part]) (int, error) {
	var table *CodeTable
	for part := range parts {
		now := l.add(sum, part)
		if table == nil && len(part.Page.ActivationList) > 0 {
			table = NewCodeTable(l.Printer, now, l.several())
			for _, region := range l.Query.Regions {
				table.Region(region) // sets the order
			}
		}
		if table == nil {
			continue
		}
		rows := table.Region(part.RegionId)
		rows.Add(NewListedAll(l.Selection.Apply(part.Page.ActivationList, now), now)...)
		if part.Err != nil {
			rows.Drop()
		}
	}
	if table == nil {
		return 0, nil
	}
	return table.Len(), table.End()
}
