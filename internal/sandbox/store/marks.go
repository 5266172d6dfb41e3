package store

import (
	"slices"
	"time"
)

// markEvery is the distance between two marks in rows: the largest page that clients can ask for.
const markEvery = 50

// marks remembers the key of every fiftieth row of a list, newest first, so that reading a page far down need
// not count all rows above it. Marks are valid for one version of the file only, and are collected while
// pages are read. No marks are kept in a nil *marks.
type marks struct {
	of   version
	keys map[string][][]byte // kind/region → the keys of its rows 50, 100, 150, …
}

// version distinguishes any two contents of the file. Every change raises the number of the transaction, and
// every new file gets a new secret. The time is for a copy that somebody restores by hand.
type version struct {
	secret      string
	transaction int
	modified    time.Time
}

// renew removes the marks of every other version.
func (m *marks) renew(current version) {
	if m.of != current {
		m.of, m.keys = current, map[string][][]byte{}
	}
}

// before finds where to start for the rows after the first n of a list. It returns how many rows are skipped,
// and the key below which to continue, nil for the newest row.
func (m *marks) before(list string, n int) (int, []byte) {
	if m == nil {
		return 0, nil
	}
	keys := m.keys[list]
	skipped := min(n/markEvery, len(keys))
	if skipped == 0 {
		return 0, nil
	}
	return skipped * markEvery, keys[skipped-1]
}

// note remembers the key of the n-th row of a list, counted from 1, if it is the next mark.
func (m *marks) note(list string, n int, key []byte) {
	if m != nil && n == (len(m.keys[list])+1)*markEvery {
		m.keys[list] = append(m.keys[list], slices.Clone(key))
	}
}
