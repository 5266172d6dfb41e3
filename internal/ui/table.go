package ui

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/ll"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/tw"
)

// Column is one column of a table.
type Column struct {
	Title   string
	Shrinks bool // may be cut to fit a terminal; what must be copied whole may not
}

// gap separates columns.
const gap = "  "

// narrowest is how far a column is cut to fit a terminal.
const narrowest = 8

// Table writes rows below their titles: no borders, no trailing blanks. On a terminal the
// shrinking columns are cut to its width; in a pipe nothing is cut. Cells must be clean.
func Table(s *Stream, columns []Column, rows [][]string) error {
	if s.Terminal {
		fit(columns, rows, s.Width)
	}
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.Title
	}
	var out bytes.Buffer
	table := tablewriter.NewTable(&out,
		tablewriter.WithRenderer(&plain{out: &out, paint: s.Paint}),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
	)
	table.Header(titles)
	if err := table.Bulk(rows); err != nil {
		return err
	}
	if err := table.Render(); err != nil {
		return err
	}
	_, err := s.Write(out.Bytes())
	return err
}

// fit cuts cells of shrinking columns, the widest column first, until a row fits the width.
func fit(columns []Column, rows [][]string, width int) {
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = twwidth.Width(c.Title)
		for _, row := range rows {
			widths[i] = max(widths[i], twwidth.Width(row[i]))
		}
	}
	excess := (len(columns)-1)*len(gap) - width
	for _, w := range widths {
		excess += w
	}
	for ; excess > 0; excess-- {
		widest := -1
		for i, c := range columns {
			if c.Shrinks && widths[i] > max(narrowest, twwidth.Width(c.Title)) && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	for _, row := range rows {
		for i, c := range columns {
			if c.Shrinks && twwidth.Width(row[i]) > widths[i] {
				row[i] = twwidth.Truncate(row[i], widths[i], "…")
			}
		}
	}
}

// plain is our renderer for tablewriter: cells padded to the width of their column, the last
// one not. It builds the whole table in memory; the caller writes it and sees the error.
type plain struct {
	out   *bytes.Buffer
	paint func(Style, string) string
}

func (p *plain) Header(_ [][]string, ctx tw.Formatting) {
	p.line(ctx, func(text string) string { return p.paint(Bold, text) })
}

func (p *plain) Row(_ []string, ctx tw.Formatting) {
	p.line(ctx, func(text string) string { return text })
}

func (p *plain) line(ctx tw.Formatting, paint func(string) string) {
	var line strings.Builder
	cells := ctx.Row.Current
	for _, i := range slices.Sorted(keys(cells)) {
		text := cells[i].Data
		line.WriteString(paint(text))
		width := ctx.Row.Widths.Get(i) - 2 // tablewriter counts its own padding
		line.WriteString(strings.Repeat(" ", max(0, width-twwidth.Width(text))) + gap)
	}
	p.out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
}

func keys(cells map[int]tw.CellContext) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range cells {
			if !yield(i) {
				return
			}
		}
	}
}

// The rest of tablewriter's interface has nothing to draw.

func (p *plain) Start(io.Writer) error            { return nil }
func (p *plain) Footer([][]string, tw.Formatting) {}
func (p *plain) Line(tw.Formatting)               {}
func (p *plain) Close() error                     { return nil }
func (p *plain) Logger(*ll.Logger)                {}
func (p *plain) Config() tw.Rendition             { return tw.Rendition{} }
