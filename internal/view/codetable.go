package view

import (
	"fmt"
	"strconv"
	"time"

	"ecs-activation/internal/ui"
)

// CodeTable prints codes as a table when all of them are known. It keeps only the text of their cells, in
// compact form: about 100 bytes for a code, or 300 in the wide format. It is not safe for concurrent use.
//
// The rows come out as they were added, the regions in the order in which Region was first called for
// them. A caller that reads several regions at once calls it for each in advance:
//
//	t := NewCodeTable(printer, now, true)
//	for _, region := range regions {
//		t.Region(region)
//	}
//	t.Region("cn-beijing").Add(codes...)   // as pages arrive
//	t.Region("cn-hangzhou").Drop()         // it could not be read to its end
//	return t.End()
//
// The columns are as wide as all rows that are printed need, so a list with a limit must not add more
// rows than it prints.
type CodeTable struct {
	printer *Printer
	table   table[Listed]
	regions map[string]CodeRows
}

// NewCodeTable returns a table without codes in the format table or wide. now is the time at which the codes
// are shown. The table has a column of regions if the codes are from several, or in the wide format.
func NewCodeTable(p *Printer, now time.Time, several bool) *CodeTable {
	columns := columnsOf(p, codeColumns(codeContext{out: p.Out, now: now, several: several}))
	return &CodeTable{printer: p, table: newTable(columns), regions: map[string]CodeRows{}}
}

// Add adds codes below all that were added with Add. It is Region("").Add.
func (t *CodeTable) Add(codes ...Listed) { t.Region("").Add(codes...) }

// Len returns the number of codes in the table.
func (t *CodeTable) Len() int { return t.table.Len() }

// Region returns the rows of a region. The first call for a region puts them below the rows of all regions
// before.
func (t *CodeTable) Region(name string) CodeRows {
	rows, found := t.regions[name]
	if !found {
		rows = CodeRows{table: t.table, section: t.table.Section()}
		t.regions[name] = rows
	}
	return rows
}

// End prints the table. A table without codes is not printed.
func (t *CodeTable) End() error {
	if t.Len() == 0 {
		return nil
	}
	return t.table.print(t.printer)
}

// CodeRows is the rows of one region in a CodeTable.
type CodeRows struct {
	table   table[Listed]
	section *ui.Section
}

// Add adds codes below those that were added before.
func (r CodeRows) Add(codes ...Listed) { r.table.add(r.section, codes) }

// Drop removes all codes of the region from the table.
func (r CodeRows) Drop() { r.section.Clear() }

// CodeColumns returns the names of the columns of a code, in the order of a table.
func CodeColumns() []string { return namesOf(codeColumns(codeContext{out: &ui.Stream{}})) }

// LiveTable returns the lines of the table of codes that is drawn every second.
func LiveTable(p *Printer, codes []Listed, now time.Time, several bool) ([]string, error) {
	columns := codeColumns(codeContext{out: p.Out, now: now, several: several, live: true})
	t := tableOf(columnsOf(p, columns), codes)
	t.Untitled = p.NoHeaders
	return t.Lines(p.Out)
}

// codeContext is what the cells of a code depend on beside the code.
type codeContext struct {
	out     *ui.Stream
	now     time.Time
	several bool // the codes are from several regions
	live    bool // the table is drawn every second
}

// codeColumns returns the columns of a table of codes. An ID is truncated only in a live table, in which no
// line may be wider than the terminal; elsewhere users copy it, so it is never dropped, and neither is the
// region that belongs to it.
func codeColumns(c codeContext) []Column[Listed] {
	return []Column[Listed]{
		{Name: "id", TruncateLast: c.live, Cell: func(l Listed) string { return ui.Clean(l.ActivationId) }},
		{Name: "region", In: wideIf(!c.several), Drop: c.dropRegion(), Cell: func(l Listed) string { return l.RegionId }},
		{Name: "name", CanTruncate: true, Drop: 2, Cell: func(l Listed) string { return ui.Clean(l.InstanceName) }},
		{Name: "status", Drop: 1, Cell: func(l Listed) string { return StatusText(c.out, l.Status) }},
		c.usesColumn(),
		{Name: "expires", Drop: 3, Cell: c.expires},
		{Name: "created", In: InWide, Drop: 6, Cell: func(l Listed) string { return timeText(c.out, c.now, l.CreationTime) }},
		{Name: "addresses", In: InWide, Drop: 7, Cell: func(l Listed) string { return ui.Clean(l.IpAddressRange) }},
		{Name: "group", In: InWide, Drop: 8, Cell: func(l Listed) string { return ui.Clean(l.ResourceGroupId) }},
		{Name: "tags", In: InWide, Drop: 9, CanTruncate: true, Cell: func(l Listed) string { return tagsText(l.Tags) }},
		{Name: "description", In: InWide, CanTruncate: true, Drop: 10, Cell: func(l Listed) string { return ui.Clean(l.Description) }},
		{Name: "count", In: OnRequest, Cell: func(l Listed) string { return strconv.Itoa(l.InstanceCount) }},
		{Name: "registered", In: OnRequest, Cell: func(l Listed) string { return strconv.Itoa(l.RegisteredCount) }},
		{Name: "remaining", In: OnRequest, Cell: func(l Listed) string { return strconv.Itoa(l.RemainingCount) }},
	}
}

// dropRegion returns the number of the column of the region, which is not needed if all codes are from one.
func (c codeContext) dropRegion() int {
	if c.several {
		return 0
	}
	return 5
}

// expires returns when a code expires. In a live table it shows seconds.
func (c codeContext) expires(l Listed) string {
	if at, err := time.Parse(time.RFC3339, l.ExpirationTime); c.live && err == nil {
		return c.out.Language.Countdown(c.now, at)
	}
	return timeText(c.out, c.now, l.ExpirationTime)
}

// usesColumn returns the column of uses: numbers, on a terminal with a bar if there is enough space.
func (c codeContext) usesColumn() Column[Listed] {
	numbers := func(l Listed) string { return usesText(l.RegisteredCount, l.InstanceCount) }
	if !c.out.Terminal {
		return Column[Listed]{Name: "uses", Drop: 4, Cell: numbers}
	}
	return Column[Listed]{Name: "uses", Drop: 4, Cell: usesWithBar, Short: numbers}
}

// usesWithBar returns a bar and the numbers of uses, aligned if they have up to four digits.
func usesWithBar(l Listed) string {
	widest := len("/") + 2*len(strconv.Itoa(l.InstanceCount))
	return ui.Bar(l.RegisteredCount, l.InstanceCount, 5) + " " + fmt.Sprintf("%*s", min(widest, 9), usesText(l.RegisteredCount, l.InstanceCount))
}
