package sandbox

import (
	"slices"
	"time"
)

// markEvery is the distance of two marks, in codes: the largest page.
const markEvery = pageSizeMax

// marks remembers the key of every fiftieth code of a region, newest first, so
// that a deep page by number need not count its way down. They hold for one
// version of the state only, and are collected while pages are read.
type marks struct {
	of   version
	keys map[string][][]byte // region → the keys of its codes 50, 100, 150, …
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

// before finds where to start for the codes after the first n of a region: how
// many codes are passed over, and the key below which to go on, nil for the
// newest.
func (m *marks) before(region string, n int) (int, []byte) {
	keys := m.keys[region]
	passed := min(n/markEvery, len(keys))
	if passed == 0 {
		return 0, nil
	}
	return passed * markEvery, keys[passed-1]
}

// note learns the key of the n-th code of a region, counted from 1.
func (m *marks) note(region string, n int, key []byte) {
	if n == (len(m.keys[region])+1)*markEvery {
		m.keys[region] = append(m.keys[region], slices.Clone(key))
	}
}
