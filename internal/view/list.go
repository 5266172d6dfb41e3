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
// JSON lines and bare IDs without an order are printed page by page: the first code is printed before the
// last page is requested, and if a region fails, its codes that were read before stay printed. A table keeps
// the text of its cells, which takes less memory than the codes. Documents, and sorted or limited lists, need
// all codes in memory.
func (l List) Print(parts iter.Seq[fleet.Part]) (sum *fleet.Summary, codes int, err error) {
	sum = fleet.NewSummary(l.Query)
	switch {
	case l.Selection.Order == nil && (l.Printer.Quiet || l.Printer.Format == ui.FormatJSONLines):
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
	lines := ui.NewSequence(l.Printer.Out, ui.FormatJSONLines)
	for part := range parts {
		now := l.add(sum, part)
		codes := selection.Apply(part.Page.ActivationList, now)
		if err := l.page(lines, NewListedAll(codes, now)); err != nil {
			return printed, err
		}
		printed += len(codes)
		if selection.Most > 0 {
			if selection.Most -= len(codes); selection.Most == 0 {
				break
			}
		}
	}
	return printed, nil
}

// page prints a page of codes as bare IDs or as JSON lines.
func (l List) page(lines *ui.Sequence, codes []Listed) error {
	if l.Printer.Quiet {
		return printIDs(l.Printer, codes, l.several())
	}
	for i := range codes {
		if err := lines.Add(&codes[i]); err != nil {
			return err
		}
	}
	return lines.Flush()
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
