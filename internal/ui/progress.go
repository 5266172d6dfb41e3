package ui

import (
	"bytes"
	"io"
	"sync"
	"time"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// How long nothing is shown of work that may be done at once, and how often a line changes.
const (
	patience = 300 * time.Millisecond
	beat     = 50 * time.Millisecond
)

// eraseLine returns to the start of a terminal's line and empties it, ECMA-48.
const eraseLine = "\r\x1b[K"

// Progress is one line on standard error, where that is a terminal that obeys, that tells how far some
// work is. It is rewritten in place, and erased before anything else is printed. It is safe
// for concurrent use; one that is not on a terminal tells nothing.
type Progress struct {
	io *IO

	mu    sync.Mutex
	line  string
	shown bool // it is on the terminal
	ended bool
	due   bool // patience is over
	drawn time.Time
	timer *time.Timer
}

// Progress begins a line of progress. It must be stopped.
func (o *IO) Progress() *Progress {
	p := &Progress{io: o}
	if !o.Err.Terminal || o.Err.Dumb {
		return p
	}
	o.Err.progress.Store(p)
	if o.Out.Terminal {
		o.Out.progress.Store(p)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer = time.AfterFunc(patience, p.overdue)
	return p
}

// overdue shows the line when its time has come.
func (p *Progress) overdue() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due = true
	p.draw()
}

// Tell changes the line. The text must be clean; it is asked for only where it may be shown.
func (p *Progress) Tell(text func() string) {
	if p.timer == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line = text()
	switch {
	case time.Since(p.drawn) >= beat:
		p.draw()
	case p.due && !p.ended:
		p.timer.Reset(beat) // what is told last is shown
	}
}

// draw shows the line as it is now; one that cannot be shown changes nothing about the work.
func (p *Progress) draw() {
	if !p.due || p.ended || p.line == "" {
		return
	}
	p.drawn, p.shown = time.Now(), true
	line := p.line
	if width := max(1, p.io.Err.Width-1); twwidth.Width(line) > width {
		line = twwidth.Truncate(line, width, "…")
	}
	io.WriteString(p.io.Err.Writer, eraseLine+p.io.Err.Paint(Faint, line)) //nolint:errcheck // see above
}

// erase removes the line from the terminal.
func (p *Progress) erase() {
	if p.shown {
		p.shown = false
		io.WriteString(p.io.Err.Writer, eraseLine) //nolint:errcheck // as in draw
	}
}

// before writes what is no progress, in the place of the line, and puts the line below it.
func (p *Progress) before(w io.Writer, b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	n, err := w.Write(b)
	if !bytes.HasSuffix(b, []byte("\n")) {
		p.ended = true // what comes next belongs behind it
	}
	p.draw()
	return n, err
}

// Stop erases the line for good.
func (p *Progress) Stop() {
	if p.timer == nil {
		return
	}
	p.mu.Lock()
	p.ended = true
	p.timer.Stop()
	p.erase()
	p.mu.Unlock()
	p.io.Err.progress.CompareAndSwap(p, nil)
	p.io.Out.progress.CompareAndSwap(p, nil)
}
