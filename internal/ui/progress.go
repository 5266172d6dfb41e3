package ui

import (
	"bytes"
	"io"
	"sync"
	"time"
)

const (
	showAfter   = 300 * time.Millisecond // no progress is shown for work that takes less time
	minInterval = 50 * time.Millisecond  // the line is drawn at most once in this time
)

// eraseLine moves the cursor to the start of its line and clears the line, ECMA-48.
const eraseLine = "\r\x1b[K"

// Progress is one line on standard error that shows how much of some work is done. It is redrawn in place,
// and erased before anything else is printed. It shows nothing if standard error is not a terminal or
// does not understand escape sequences. It is safe for concurrent use.
type Progress struct {
	io *IO

	mu    sync.Mutex
	line  string
	shown bool // the line is on the terminal
	ended bool
	due   bool // showAfter has passed
	drawn time.Time
	timer *time.Timer
}

// Progress starts a progress line, which must be stopped.
func (o *IO) Progress() *Progress {
	p := &Progress{io: o}
	if !o.Err.Terminal || o.Err.NoEscapes {
		return p
	}
	o.Err.progress.Store(p)
	if o.Out.Terminal {
		o.Out.progress.Store(p)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer = time.AfterFunc(showAfter, p.timerFired)
	return p
}

// timerFired draws the line. It is called when showAfter has passed, and later for the last change.
func (p *Progress) timerFired() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due = true
	p.draw()
}

// Update changes the line to the result of text, which must be clean. It does not call text if the line is
// never shown.
func (p *Progress) Update(text func() string) {
	if p.timer == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line = text()
	switch {
	case time.Since(p.drawn) >= minInterval:
		p.draw()
	case p.due && !p.ended:
		p.timer.Reset(minInterval) // so that the last change is shown
	}
}

// draw draws the line. An error is ignored: the work goes on without its progress line.
func (p *Progress) draw() {
	if !p.due || p.ended || p.line == "" {
		return
	}
	p.drawn, p.shown = time.Now(), true
	line := truncate(p.line, max(1, p.io.Err.columns()-1))
	io.WriteString(p.io.Err.Writer, eraseLine+p.io.Err.Paint(Faint, line)) //nolint:errcheck // see the comment of draw
}

// erase removes the line from the terminal.
func (p *Progress) erase() {
	if p.shown {
		p.shown = false
		io.WriteString(p.io.Err.Writer, eraseLine) //nolint:errcheck // as in draw
	}
}

// before writes b in place of the line and draws the line below it.
func (p *Progress) before(w io.Writer, b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	n, err := w.Write(b)
	if !bytes.HasSuffix(b, []byte("\n")) {
		p.ended = true // the next output continues this line
	}
	p.draw()
	return n, err
}

// Stop erases the line. It is not drawn again.
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
