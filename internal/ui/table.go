package ui

import (
	"bytes"
	"io"
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
	Yields  bool // may be cut when all that shrinks is as narrow as it gets
}

// gap separates columns.
const gap = "  "

// narrowest is how far a column is cut to fit a terminal.
const narrowest = 8

// Table writes rows below their titles: no borders, no trailing blanks. On a terminal the
// shrinking columns are cut to its width; in a pipe nothing is cut. Cells must be clean.
func Table(s *Stream, columns []Column, rows [][]string) error {
	text, err := tableText(s, columns, rows)
	if err != nil {
		return err
	}
	_, err = s.Write(text)
	return err
}

// TableLines returns the lines of a table as Table would write them, the titles first.
func TableLines(s *Stream, columns []Column, rows [][]string) ([]string, error) {
	text, err := tableText(s, columns, rows)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), err
}

func tableText(s *Stream, columns []Column, rows [][]string) ([]byte, error) {
	widths := measure(columns, rows)
	if s.Terminal {
		fit(columns, rows, widths, s.Width)
	}
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.Title
	}
	var out bytes.Buffer
	renderer := &plain{out: &out, widths: widths, paint: s.Paint}
	// Row by row, with widths that are known: tablewriter would keep every cell for ever
	// otherwise, to remember its width.
	table := tablewriter.NewTable(&out,
		tablewriter.WithRenderer(renderer),
		tablewriter.WithStreaming(tw.StreamConfig{Enable: true}),
		tablewriter.WithColumnWidths(widths),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
	)
	if err := table.Start(); err != nil {
		return nil, err
	}
	table.Header(titles)
	appendRow := func(row []string) error { return table.Append(row) }
	if !s.Terminal { // thousands of rows may come, and tablewriter takes longer over one than all the rest
		appendRow = func(row []string) error { renderer.Row(row, tw.Formatting{}); return nil }
	}
	for _, row := range rows {
		if err := appendRow(row); err != nil {
			return nil, err
		}
	}
	err := table.Close()
	return out.Bytes(), err
}

// measure returns the width of each column.
func measure(columns []Column, rows [][]string) tw.Mapper[int, int] {
	widths := tw.NewMapper[int, int]()
	for i, c := range columns {
		width := textWidth(c.Title)
		for _, row := range rows {
			width = max(width, textWidth(row[i]))
		}
		widths.Set(i, width)
	}
	return widths
}

// textWidth is how many columns of a terminal a text takes.
func textWidth(text string) int {
	if harmless(text) {
		return len(text)
	}
	return twwidth.WidthNoCache(text)
}

// Fits says whether a table can be as narrow as the terminal, without a column that yields.
func Fits(s *Stream, columns []Column, rows [][]string) bool {
	widths := measure(columns, rows)
	return narrow(columns, widths, excess(columns, widths, s.Width), shrinks) <= 0
}

// fit cuts cells, those of the widest column first, until a row fits the width.
func fit(columns []Column, rows [][]string, widths tw.Mapper[int, int], width int) {
	left := narrow(columns, widths, excess(columns, widths, width), shrinks)
	narrow(columns, widths, left, func(c Column) bool { return c.Yields })
	for _, row := range rows {
		for i := range columns {
			if textWidth(row[i]) > widths.Get(i) {
				row[i] = twwidth.Truncate(row[i], widths.Get(i), "…")
			}
		}
	}
}

// excess is how much wider a row is than the terminal.
func excess(columns []Column, widths tw.Mapper[int, int], width int) int {
	sum := (len(columns)-1)*len(gap) - width
	for i := range columns {
		sum += widths.Get(i)
	}
	return sum
}

func shrinks(c Column) bool { return c.Shrinks }

// narrow takes the excess from the widths of some of the columns, and returns what it could not
// take.
func narrow(columns []Column, widths tw.Mapper[int, int], excess int, may func(Column) bool) int {
	for ; excess > 0; excess-- {
		widest := -1
		for i, c := range columns {
			if may(c) && widths.Get(i) > max(narrowest, textWidth(c.Title)) && (widest < 0 || widths.Get(i) > widths.Get(widest)) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths.Set(widest, widths.Get(widest)-1)
	}
	return excess
}

// plain is our renderer for tablewriter: cells padded to the width of their column, the last
// one not. It builds the whole table in memory; the caller writes it and sees the error.
type plain struct {
	out    *bytes.Buffer
	widths tw.Mapper[int, int]
	paint  func(Style, string) string
}

func (p *plain) Header(titles [][]string, _ tw.Formatting) {
	p.line(titles[0], func(text string) string { return p.paint(Bold, text) })
}

func (p *plain) Row(cells []string, _ tw.Formatting) {
	p.line(cells, func(text string) string { return text })
}

func (p *plain) line(cells []string, paint func(string) string) {
	for i, text := range cells {
		p.out.WriteString(paint(text))
		for range p.widths.Get(i) - textWidth(text) {
			p.out.WriteByte(' ')
		}
		p.out.WriteString(gap)
	}
	p.out.Truncate(len(bytes.TrimRight(p.out.Bytes(), " ")))
	p.out.WriteByte('\n')
}

// The rest of tablewriter's interface has nothing to draw.

func (p *plain) Start(io.Writer) error            { return nil }
func (p *plain) Footer([][]string, tw.Formatting) {}
func (p *plain) Line(tw.Formatting)               {}
func (p *plain) Close() error                     { return nil }
func (p *plain) Logger(*ll.Logger)                {}
func (p *plain) Config() tw.Rendition             { return tw.Rendition{Streaming: true} }
