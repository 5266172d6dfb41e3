package batch

import "sync"

// marks writes to the ledger which creates are about to be sent. A row must be marked before the record of its
// create is written. Rows that are marked at the same time share a line, because each line is synced.
type marks struct {
	known entries
	write func(sent map[string]int) error

	mu      sync.Mutex
	next    *group // the rows for the next line
	writing sync.Mutex
}

// group is the rows of one line.
type group struct {
	sent    map[string]int
	written bool
	err     error
}

// add marks a row, unless an earlier run did.
func (m *marks) add(s Step) error {
	if before, found := m.known[s.Key]; found && !before.free && before.generation >= s.generation {
		return nil
	}
	g := m.join(s)
	m.writing.Lock()
	defer m.writing.Unlock()
	if !g.written {
		m.mu.Lock()
		m.next = nil // g is complete
		m.mu.Unlock()
		g.written, g.err = true, m.write(g.sent)
	}
	return g.err
}

// join adds a row to the next line.
func (m *marks) join(s Step) *group {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.next == nil {
		m.next = &group{sent: map[string]int{}}
	}
	m.next.sent[s.Key] = s.generation
	return m.next
}
