package fleet

import (
	"context"
	"iter"
	"time"

	"ecs-activation/internal/activation"
)

// regions yields the parts of every region, in the order of the query.
func (r *Reader) regions(ctx context.Context, q Query) iter.Seq[Part] {
	return func(yield func(Part) bool) {
		gone := make(chan struct{})
		defer close(gone)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		queue := make([]*regionReading, len(q.Regions))
		for i, region := range q.Regions {
			queue[i] = newRegionReading(r, q, region, gone)
			defer queue[i].memory.end()
			go queue[i].read(ctx)
		}
		for len(queue) > 0 {
			for _, next := range queue[:min(r.regionsToRead(), len(queue))] {
				next.turn.open()
			}
			queue[0].front.open()
			part, arrived := queue[0].next(r.patience)
			switch {
			case !arrived:
				queue = append(queue[1:], queue[0])
			case !yield(part):
				return
			case part.End:
				queue = queue[1:]
			case part.large:
				queue[0].done <- struct{}{}
			}
		}
	}
}

// regionReading is one region while its list is read.
type regionReading struct {
	reader  *Reader
	request activation.ListRequest
	enough  int
	parts   chan Part     // keeps the first page until the region's turn, so that all regions are requested at once
	memory  *holding      // of that page
	turn    *gate         // opens when the region may read more than its first page
	front   *gate         // opens when the caller waits for the region
	done    chan struct{} // gets a value when the caller has done with a large page
	gone    chan struct{} // closed when the caller takes no more parts
}

func newRegionReading(r *Reader, q Query, region string, gone chan struct{}) *regionReading {
	g := &regionReading{
		reader: r, request: q.Filter, enough: q.Enough,
		parts: make(chan Part, 1), memory: &holding{reader: r}, turn: newGate(), front: newGate(), done: make(chan struct{}, 1), gone: gone,
	}
	g.request.RegionId = region
	return g
}

// read offers the pages as parts. After the first one it waits for its turn. A first page for which
// there is no memory is read again when the caller waits for it.
func (g *regionReading) read(ctx context.Context) {
	dropped, first := false, true
	offer := func(page activation.Page, ignored Ignored, err error) bool {
		bytes := sizeOf(page)
		if first {
			first = false
			if !g.front.isOpen() && !g.memory.take(bytes) {
				dropped = true
				return false
			}
		}
		g.offer(Part{RegionId: g.request.RegionId, Page: page, Ignored: ignored, Err: err, large: bytes > largePage})
		g.turn.wait(ctx)
		if bytes > largePage {
			g.wait()
		}
		return true
	}
	g.list(offer).read(ctx)
	if dropped {
		g.front.wait(ctx)
		g.list(offer).read(ctx)
	}
	g.offer(Part{RegionId: g.request.RegionId, End: true})
}

func (g *regionReading) list(offer yield) *list {
	return &list{reader: g.reader, request: g.request, enough: g.enough, yield: offer}
}

// offer passes a part to the caller, unless the caller takes no more parts: then ctx has ended, and what
// is read next is an error.
func (g *regionReading) offer(part Part) {
	select {
	case g.parts <- part:
	case <-g.gone:
	}
}

// wait waits until the caller has done with the page that was offered last, or takes no more parts.
func (g *regionReading) wait() {
	select {
	case <-g.done:
	case <-g.gone:
	}
}

// next returns the next part, if it comes soon.
func (g *regionReading) next(patience time.Duration) (part Part, arrived bool) {
	select {
	case part = <-g.parts:
		g.memory.end()
		return part, true
	case <-time.After(patience):
		return Part{}, false
	}
}

// gate is closed at first, and is opened by one goroutine.
type gate struct {
	passage chan struct{}
	opened  bool // known to the goroutine that opens
}

func newGate() *gate { return &gate{passage: make(chan struct{})} }

func (g *gate) open() {
	if !g.opened {
		g.opened = true
		close(g.passage)
	}
}

func (g *gate) isOpen() bool {
	select {
	case <-g.passage:
		return true
	default:
		return false
	}
}

// wait returns when the gate is open or ctx has ended; what is read then is an error.
func (g *gate) wait(ctx context.Context) {
	select {
	case <-g.passage:
	case <-ctx.Done():
	}
}
