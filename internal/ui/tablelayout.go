package ui

import "slices"

// gap separates the columns of a table.
const gap = "  "

// minimumWidth is the width below which no column is truncated.
const minimumWidth = 8

// layout is the columns of a table that are shown, and their widths.
type layout struct {
	shown   []int // indexes of columns of the table, in order
	columns []Column
	widths  []int
}

// layoutFor returns the layout of the table on a stream: the full layout in a pipe, and on a terminal that is
// wide enough for it; else the narrow layout, without as many columns as necessary.
func (t *Table) layoutFor(s *Stream) layout {
	widths := t.measure()
	full := t.layoutOf(NarrowLayout, widths)
	if !s.Terminal || full.truncate(s.Width) <= 0 {
		return full
	}
	narrow := t.layoutOf(FullLayout, widths)
	for narrow.clone().truncate(s.Width) > 0 && narrow.drop() {
	}
	left := narrow.truncate(s.Width)
	narrow.reduce(left, func(c Column) bool { return c.TruncateLast })
	return narrow
}

// measure returns the width of each column, which is its own, or that of its widest cell or of its title.
func (t *Table) measure() []int {
	widths := make([]int, len(t.columns))
	for i, c := range t.columns {
		widths[i] = max(c.Width, Width(c.Title))
		for _, s := range t.sections {
			widths[i] = max(widths[i], s.rows.widths[i])
		}
	}
	return widths
}

// layoutOf returns the layout of all columns except those of another layout.
func (t *Table) layoutOf(other Layout, widths []int) (l layout) {
	for i, c := range t.columns {
		if c.Layout != other {
			l.shown, l.columns, l.widths = append(l.shown, i), append(l.columns, c), append(l.widths, widths[i])
		}
	}
	return l
}

// clone returns a copy whose widths can be changed.
func (l layout) clone() layout {
	l.widths = slices.Clone(l.widths)
	return l
}

// drop removes the column that is dropped first. It reports whether there was one.
func (l *layout) drop() bool {
	first := -1
	for i, c := range l.columns {
		if c.Drop > 0 && (first < 0 || c.Drop > l.columns[first].Drop) {
			first = i
		}
	}
	if first < 0 {
		return false
	}
	l.shown, l.columns, l.widths = slices.Delete(l.shown, first, first+1), slices.Delete(l.columns, first, first+1), slices.Delete(l.widths, first, first+1)
	return true
}

// truncate reduces the widths of columns that can be truncated until a row fits the width of a terminal. It
// returns by how much a row is still too wide.
func (l layout) truncate(width int) int {
	excess := (len(l.columns)-1)*len(gap) - width
	for _, w := range l.widths {
		excess += w
	}
	return l.reduce(excess, func(c Column) bool { return c.CanTruncate })
}

// reduce reduces the widths of columns for which may returns true by the excess in total, each time that of
// the widest. It returns the excess that is left.
func (l layout) reduce(excess int, may func(Column) bool) int {
	for ; excess > 0; excess-- {
		widest := -1
		for i, c := range l.columns {
			if may(c) && l.widths[i] > max(minimumWidth, Width(c.Title)) && (widest < 0 || l.widths[i] > l.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		l.widths[widest]--
	}
	return excess
}
