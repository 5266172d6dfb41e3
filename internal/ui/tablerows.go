package ui

import (
	"encoding/binary"
	"iter"
)

// maximumChunk is the largest capacity of a chunk of rows. A row that is longer gets a chunk of its size.
const maximumChunk = 64 << 10

// rows holds the cells of many rows in compact form: chunks of bytes, in which a cell is its width, its
// length and its text. With a string for each cell they would need about twice the memory, and the garbage
// collector would have to visit each string.
type rows struct {
	count  int
	widths []int // the width of the widest cell of each column
	chunks [][]byte
}

// newRows returns an empty set of rows with a number of columns.
func newRows(columns int) *rows { return &rows{widths: make([]int, columns)} }

// add adds a row with a cell for each column.
func (r *rows) add(cells []string) {
	size := 0
	for _, text := range cells {
		size += len(text) + 2*binary.MaxVarintLen32
	}
	chunk := r.chunkFor(size)
	for i := range r.widths {
		width := Width(cells[i])
		r.widths[i] = max(r.widths[i], width)
		*chunk = binary.AppendUvarint(*chunk, uint64(width))
		*chunk = binary.AppendUvarint(*chunk, uint64(len(cells[i])))
		*chunk = append(*chunk, cells[i]...)
	}
	r.count++
}

// chunkFor returns a chunk with space for size bytes: the last one, or a new one.
func (r *rows) chunkFor(size int) *[]byte {
	last, capacity := len(r.chunks)-1, 1<<10
	if last >= 0 {
		if cap(r.chunks[last])-len(r.chunks[last]) >= size {
			return &r.chunks[last]
		}
		capacity = min(maximumChunk, 2*cap(r.chunks[last]))
	}
	r.chunks = append(r.chunks, make([]byte, 0, max(capacity, size)))
	return &r.chunks[last+1]
}

// cell is the text of a cell and the number of columns of a terminal that it takes.
type cell struct {
	text  []byte
	width int
}

// all returns the rows in order. The slice of cells is reused for each row.
func (r *rows) all() iter.Seq[[]cell] {
	return func(yield func([]cell) bool) {
		row := make([]cell, len(r.widths))
		for _, chunk := range r.chunks {
			for len(chunk) > 0 {
				for i := range row {
					row[i], chunk = nextCell(chunk)
				}
				if !yield(row) {
					return
				}
			}
		}
	}
}

// nextCell returns the first cell of a chunk and the rest of the chunk.
func nextCell(chunk []byte) (cell, []byte) {
	width, n := binary.Uvarint(chunk)
	chunk = chunk[n:]
	length, n := binary.Uvarint(chunk)
	chunk = chunk[n:]
	return cell{chunk[:length:length], int(width)}, chunk[length:]
}
