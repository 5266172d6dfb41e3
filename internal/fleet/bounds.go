package fleet

import (
	"sync"
	"time"

	"ecs-activation/internal/activation"
)

// How many pages are read at once: in one region at the beginning and at most, and in all regions
// together. Measured with a prototype on two cores: more is not faster.
const (
	readsAtFirst = 8
	readsAtMost  = 16
	readsInAll   = 128

	// readsAhead is how many pages of a region are requested beyond the one that the caller waits
	// for, so that a slow caller does not get the whole list into memory. The 100 pages that a region
	// has at most, according to the documents, are read before their turn comes.
	readsAhead = 8 * readsAtMost

	// regionsAhead is in how many regions pages after the first one are read, beyond what the caller
	// has taken: enough to keep readsInAll requests running.
	regionsAhead = 10

	// A page of 50 codes takes about 25 kB in memory. As soon as one is larger than largePage, nothing is
	// read ahead any more: each page is read when the caller has done with the one before. Pages of at
	// most that size which were read before their turn take no more than bytesAhead together, enough for
	// all pages of regionsAhead regions. A page that came too early is dropped, and read again in its
	// turn.
	largePage  = 256 << 10
	bytesAhead = 32 << 20
)

// Reader reads whole lists, many pages at once. It is safe for concurrent use: its bounds hold for
// all lists together.
type Reader struct {
	service  activation.Service
	running  chan struct{}
	patience time.Duration // how long the other regions wait for one, see Read

	mu        sync.Mutex
	paces     map[string]*pace // by region
	ahead     int              // bytes, see bytesAhead
	large     bool             // a page was larger than largePage
	throttled bool             // since takeThrottled
	reading   map[string]int   // how many lists of a region are being read
}

// NewReader returns a reader of a service's lists.
func NewReader(s activation.Service) *Reader {
	return &Reader{service: s, running: make(chan struct{}, readsInAll), patience: 2 * time.Second, paces: map[string]*pace{}, reading: map[string]int{}}
}

// Throttled makes the reader read half as many pages at once in a region, because the service asked for fewer
// requests. It reports whether the reader is reading the region.
func (r *Reader) Throttled(region string) (reading bool) {
	r.mu.Lock()
	reading = r.reading[region] > 0
	r.throttled = r.throttled || reading
	r.mu.Unlock()
	if reading {
		r.pace(region).slower()
	}
	return reading
}

// begins counts a reading of a region, and returns what ends it.
func (r *Reader) begins(region string) (end func()) {
	add := func(n int) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.reading[region] += n
	}
	add(1)
	return func() { add(-1) }
}

// takeThrottled reports whether Throttled was called since the last takeThrottled.
func (r *Reader) takeThrottled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.throttled
	r.throttled = false
	return was
}

// holding counts the pages of one list that were read before their turn. Its methods use the reader's
// lock, because the bound is that of all lists.
type holding struct {
	reader *Reader
	bytes  int
	ended  bool
}

// take reports whether there is memory for a page, and counts it then.
func (h *holding) take(bytes int) bool {
	h.reader.mu.Lock()
	defer h.reader.mu.Unlock()
	h.reader.large = h.reader.large || bytes > largePage
	if h.ended || h.reader.large || h.reader.ahead+bytes > bytesAhead {
		return false
	}
	h.bytes += bytes
	h.reader.ahead += bytes
	return true
}

// give ends the counting of a page.
func (h *holding) give(bytes int) {
	h.reader.mu.Lock()
	defer h.reader.mu.Unlock()
	h.bytes -= bytes
	h.reader.ahead -= bytes
}

// end gives everything back, for a caller who leaves. Later pages are not taken.
func (h *holding) end() {
	h.reader.mu.Lock()
	defer h.reader.mu.Unlock()
	h.reader.ahead -= h.bytes
	h.bytes, h.ended = 0, true
}

// mayReadAhead reports whether pages may be read before their turn.
func (r *Reader) mayReadAhead() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.large && r.ahead < bytesAhead
}

// regionsToRead returns in how many regions more than the first page may be read.
func (r *Reader) regionsToRead() int {
	if r.mayReadAhead() {
		return regionsAhead
	}
	return 1
}

func (r *Reader) pace(region string) *pace {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.paces[region]
	if p == nil {
		p = &pace{limit: readsAtFirst}
		p.free = sync.NewCond(&p.mu)
		r.paces[region] = p
	}
	return p
}

// pace bounds how many pages of one region are read at once.
type pace struct {
	mu             sync.Mutex
	free           *sync.Cond
	running, limit int
}

// begin waits until one more page may be read.
func (p *pace) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.running >= p.limit {
		p.free.Wait()
	}
	p.running++
}

// end counts a page as read. After a success the limit grows by one.
func (p *pace) end(success bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
	if success {
		p.limit = min(p.limit+1, readsAtMost)
	}
	p.free.Broadcast()
}

// slower halves the limit.
func (p *pace) slower() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limit = max(1, p.limit/2)
}
