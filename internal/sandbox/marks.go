package sandbox

import (
	"slices"
	"time"
)

// markEvery is the distance of two marks, in rows: the largest page.
const markEvery = pageSizeMax

// marks remembers the key of every fiftieth row of a list, newest first, so
// that a deep page by number need not count its way down. They hold for one
// version of the state only, and are collected while pages are read.
type marks struct {
	of   version
	keys map[string][][]byte // kind/region → the keys of its rows 50, 100, 150, …
}

// version tells apart any two contents of the file. Every change raises the
// number of the transaction, and whoever founds a sandbox draws a new secret,
// so the two never meet again in another state; the time is for a copy that
// somebody puts back by hand.
type version struct {
	secret      string
	transaction int
	modified    time.Time
}

// marksOf are the marks that hold for a state that is being read.
func (s *store) marksOf(st *state) *marks {
	s.marks.renew(version{secret: string(st.secret), transaction: st.tx.ID(), modified: s.modified})
	return s.marks
}

// renew forgets the marks of every other version.
func (m *marks) renew(now version) {
	if m.of != now {
		m.of, m.keys = now, map[string][][]byte{}
	}
}

// before finds where to start for the rows after the first n of a list: how
// many rows are passed over, and the key below which to go on, nil for the
// newest.
func (m *marks) before(list string, n int) (int, []byte) {
	keys := m.keys[list]
	passed := min(n/markEvery, len(keys))
	if passed == 0 {
		return 0, nil
	}
	return passed * markEvery, keys[passed-1]
}

// note learns the key of the n-th row of a list, counted from 1.
func (m *marks) note(list string, n int, key []byte) {
	if n == (len(m.keys[list])+1)*markEvery {
		m.keys[list] = append(m.keys[list], slices.Clone(key))
	}
}
