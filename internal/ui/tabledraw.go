package ui

import (
	"bytes"
	"io"
	"iter"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// drawnRows is the largest number of rows of a table that tablewriter draws. It needs about a hundred times
// as long for a row as writeRows, which for a list of 80,000 codes is some seconds.
const drawnRows = 1000

// drawing is a table as it appears on a stream.
type drawing struct {
	table  *Table
	layout layout
	stream *Stream
}

// draw returns the table as tablewriter draws it. It is drawn in memory because tablewriter ignores errors
// of its writer.
func (d drawing) draw() ([]byte, error) {
	// A new condition also clears the cache of tablewriter. It keeps every text that it measured, which would fill the
	// memory while a list is watched.
	twwidth.SetCondition(narrow())
	var out bytes.Buffer
	table := newTablewriter(&out, d.layout.widths)
	if err := table.Start(); err != nil {
		return nil, err
	}
	if !d.table.Untitled {
		table.Header(texts(d.titles()))
	}
	for row := range d.rows() {
		if err := table.Append(texts(row)); err != nil {
			return nil, err
		}
	}
	err := table.Close()
	return trimLines(out.Bytes()), err
}

// newTablewriter returns a tablewriter without borders and lines. Cells are written as they are, separated
// by the gap. The widths are given in advance, so tablewriter can write row by row.
func newTablewriter(w io.Writer, widths []int) *tablewriter.Table {
	perColumn := tw.NewMapper[int, int]()
	for i, width := range widths {
		perColumn.Set(i, width)
	}
	blueprint := renderer.NewBlueprint(tw.Rendition{
		Borders: tw.BorderNone,
		Symbols: tw.NewSymbolCustom("blanks").WithColumn(gap),
		Settings: tw.Settings{
			Lines:      tw.LinesNone,
			Separators: tw.Separators{BetweenColumns: tw.On, BetweenRows: tw.Off},
		},
		Streaming: true,
	})
	unpadded := tw.Padding{Overwrite: true}
	return tablewriter.NewTable(w,
		tablewriter.WithRenderer(blueprint),
		tablewriter.WithStreaming(tw.StreamConfig{Enable: true}),
		tablewriter.WithColumnWidths(perColumn),
		tablewriter.WithPadding(unpadded),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
	)
}

// writeRows writes the table in chunks of lines. The bytes are those that draw returns.
func (d drawing) writeRows(w io.Writer) error {
	out := &chunkWriter{w: w}
	var line []byte
	if !d.table.Untitled {
		line = appendLine(line, d.titles(), d.layout.widths)
	}
	for row := range d.rows() {
		if _, err := out.Write(line); err != nil {
			return err
		}
		line = appendLine(line[:0], row, d.layout.widths)
	}
	if _, err := out.Write(line); err != nil {
		return err
	}
	return out.Flush()
}

// appendLine appends a row, each cell padded to the width of its column, without trailing blanks.
func appendLine(line []byte, row []cell, widths []int) []byte {
	for i, c := range row {
		line = append(line, c.text...)
		for range widths[i] - c.width + len(gap) {
			line = append(line, ' ')
		}
	}
	return append(bytes.TrimRight(line, " "), '\n')
}

// titles returns the row of the titles.
func (d drawing) titles() []cell {
	row := make([]cell, len(d.layout.columns))
	for i, c := range d.layout.columns {
		row[i] = cell{[]byte(d.stream.Paint(Bold, c.Title)), Width(c.Title)}
	}
	return row
}

// rows returns the rows with the columns that are shown, truncated to the widths of the layout. The slice of
// cells is reused for each row.
func (d drawing) rows() iter.Seq[[]cell] {
	return func(yield func([]cell) bool) {
		shown := make([]cell, len(d.layout.shown))
		for _, section := range d.table.sections {
			for row := range section.rows.all() {
				for i, column := range d.layout.shown {
					shown[i] = row[column].truncated(d.layout.widths[i])
				}
				if !yield(shown) {
					return
				}
			}
		}
	}
}

// truncated returns the cell, truncated to a width.
func (c cell) truncated(width int) cell {
	if c.width <= width {
		return c
	}
	text := truncate(string(c.text), width)
	return cell{[]byte(text), Width(text)}
}

// texts returns the texts of the cells.
func texts(row []cell) []string {
	texts := make([]string, len(row))
	for i, c := range row {
		texts[i] = string(c.text)
	}
	return texts
}

// trimLines removes the blanks at the end of each line. tablewriter has no setting for that: it pads the last
// column too, and a row can end with empty cells.
func trimLines(text []byte) []byte {
	trimmed := text[:0]
	for line := range bytes.Lines(text) {
		trimmed = append(append(trimmed, bytes.TrimRight(line, " \n")...), '\n')
	}
	return trimmed
}
