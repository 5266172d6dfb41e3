package view

import (
	"fmt"
	"strconv"
	"time"

	"ecs-activation/internal/ui"
)

// codeTable is how codes become a table.
type codeTable struct {
	out     *ui.Stream
	now     time.Time
	wide    bool // every column
	several bool // regions
	live    bool // it is drawn every second
	narrow  bool // there is no space for bars
}

// columns are the columns of the table. An ID has to be copied whole, so it is cut only in a live
// table, which no line may be too long for.
func (t codeTable) columns() []Column[Listed] {
	return []Column[Listed]{
		{Title: "ID", Yields: t.live, Cell: func(c Listed) string { return ui.Clean(c.ActivationId) }},
		{Title: "REGION", Wide: !t.several, Cell: func(c Listed) string { return c.RegionId }},
		{Title: "NAME", Shrinks: true, Cell: func(c Listed) string { return ui.Clean(c.InstanceName) }},
		{Title: "STATUS", Cell: func(c Listed) string { return StatusText(t.out, c.Status) }},
		{Title: "USES", Cell: t.uses},
		{Title: "EXPIRES", Cell: t.expires},
		{Title: "CREATED", Wide: true, Cell: func(c Listed) string { return timeText(t.out, t.now, c.CreationTime) }},
		{Title: "ADDRESSES", Wide: true, Cell: func(c Listed) string { return ui.Clean(c.IpAddressRange) }},
		{Title: "GROUP", Wide: true, Cell: func(c Listed) string { return ui.Clean(c.ResourceGroupId) }},
		{Title: "TAGS", Wide: true, Shrinks: true, Cell: func(c Listed) string { return tagsText(c.Tags) }},
		{Title: "DESCRIPTION", Wide: true, Shrinks: true, Cell: func(c Listed) string { return ui.Clean(c.Description) }},
	}
}

// of returns the table of the codes. The bars are left out of one that does not fit with them.
func (t codeTable) of(codes []Listed) table {
	made := tableOf(t.columns(), t.wide, codes)
	if t.out.Terminal && !t.narrow && !made.fits(t.out) {
		t.narrow = true
		return t.of(codes)
	}
	return made
}

// expires returns when a code expires: to the second in a live table, where each second is seen.
func (t codeTable) expires(c Listed) string {
	if at, err := time.Parse(time.RFC3339, c.ExpirationTime); t.live && err == nil {
		return ui.Countdown(t.now, at)
	}
	return timeText(t.out, t.now, c.ExpirationTime)
}

// uses returns the uses: plain in a pipe, with a bar for a person.
func (t codeTable) uses(c Listed) string {
	figures := usesText(c.RegisteredCount, c.InstanceCount)
	if !t.out.Terminal || t.narrow {
		return figures
	}
	widest := len("/") + 2*len(strconv.Itoa(c.InstanceCount))
	return ui.Bar(c.RegisteredCount, c.InstanceCount, 5) + " " + fmt.Sprintf("%*s", min(widest, 9), figures)
}

// LiveTable returns the lines of the table of codes that is drawn every second.
func (p *Printer) LiveTable(codes []Listed, now time.Time, several bool) ([]string, error) {
	return codeTable{out: p.Out, now: now, wide: p.wide(), several: several, live: true}.of(codes).lines(p.Out)
}
