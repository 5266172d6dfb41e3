package cli

import (
	"sync"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// tally counts what has been read of the regions, for the line of progress. It is safe for
// concurrent use; nil counts nothing.
type tally struct {
	progress *ui.Progress

	mu              sync.Mutex
	done, of, codes int
}

// count begins a tally of regions and returns what ends it.
func (s *session) count(regions []string) func() {
	progress := &ui.Progress{} // it shows nothing
	if !s.repeats {
		progress = s.IO.Progress()
	}
	s.reading = &tally{progress: progress, of: len(regions)}
	s.reading.add(0, 0)
	return progress.Stop
}

// region counts a region that was read.
func (t *tally) region() { t.add(1, 0) }

// page counts the codes of a page.
func (t *tally) page(page activation.Page) { t.add(0, len(page.ActivationList)) }

func (t *tally) add(regions, codes int) {
	if t == nil {
		return
	}
	t.mu.Lock()
	t.done, t.codes = t.done+regions, t.codes+codes
	t.mu.Unlock()
	t.progress.Update(t.text)
}

// text is the line: "12 of 16 regions, 3,400 codes".
func (t *tally) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := ui.Count(t.codes, "code")
	if t.of > 1 {
		text = ui.Number(t.done) + " of " + ui.Count(t.of, "region") + ", " + text
	}
	return text
}

// advances begins a line of progress such as "delete: 120 of 1,000". It returns what adds one
// to it and what ends it.
func (s *session) advances(word string, of int) (advance, stop func()) {
	progress, done := s.IO.Progress(), 0
	tell := func() {
		progress.Update(func() string { return word + " " + ui.Number(done) + " of " + ui.Number(of) })
	}
	tell()
	return func() { done++; tell() }, progress.Stop
}
