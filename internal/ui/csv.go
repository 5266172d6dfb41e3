package ui

import (
	"encoding/csv"
	"io"
	"strings"
)

// CSV writes rows as RFC 4180 describes, with the line breaks of Unix. It writes chunks of rows.
type CSV struct {
	out  chunkWriter
	rows *csv.Writer // to out
}

// NewCSV returns a writer of rows. It writes nothing.
func NewCSV(w io.Writer) *CSV {
	c := &CSV{out: chunkWriter{w: w}}
	c.rows = csv.NewWriter(&c.out)
	return c
}

// Add adds a row, which is written with the next chunk, or by Flush. The cells must be clean. A cell that a
// spreadsheet would run as a formula gets an apostrophe in front.
func (c *CSV) Add(cells []string) error {
	row := make([]string, len(cells))
	for i, cell := range cells {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cell = "'" + cell
		}
		row[i] = cell
	}
	if err := c.rows.Write(row); err != nil {
		return err
	}
	c.rows.Flush()
	return c.rows.Error()
}

// Flush writes the rows that were added.
func (c *CSV) Flush() error { return c.out.Flush() }
