package activation

import (
	"context"
	"iter"
	"time"
)

// regionsAhead is in how many regions pages after the first one are read, beyond what the caller
// has taken: enough to keep readsInAll requests under way, and no more to be kept in memory.
const regionsAhead = 10

// Part is what comes of a region: a page, why there are no more of them, or its end.
type Part struct {
	RegionId string
	Page     Page
	Err      error
	End      bool
}

// Regions yields the pages of a list in several regions, region after region, each with its End.
// enough is as for Pages, for each region.
//
// Page 1 of every region is asked for at once. A region that then keeps those behind it waiting
// for longer than 2 s loses its place, not its rows: the others go before.
func (r *Reader) Regions(ctx context.Context, regions []string, request ListRequest, enough int) iter.Seq[Part] {
	return func(yield func(Part) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		gone := make(chan struct{})
		defer close(gone)
		queue := make([]*reading, len(regions))
		for i, region := range regions {
			queue[i] = &reading{region: region, parts: make(chan Part, 1), turn: make(chan struct{}), gone: gone}
			request.RegionId = region
			go queue[i].read(ctx, r.Pages(ctx, request, enough))
		}
		for len(queue) > 0 {
			for _, next := range queue[:min(regionsAhead, len(queue))] {
				next.goOn()
			}
			part, there := queue[0].next(r.patience, len(queue) > 1)
			switch {
			case !there:
				queue = append(queue[1:], queue[0])
			case !yield(part):
				return
			case part.End:
				queue = queue[1:]
			}
		}
	}
}

// reading is a region whose pages are being read.
type reading struct {
	region string
	parts  chan Part     // holds the first page until its place comes, so that the others are read
	turn   chan struct{} // closed when it may read more than its first page
	open   bool          // turn is closed
	gone   chan struct{} // closed when nobody takes parts any more
}

// read offers the pages as parts. After the first one it waits for its turn.
func (g *reading) read(ctx context.Context, pages iter.Seq2[Page, error]) {
	for page, err := range pages {
		if !g.offer(Part{RegionId: g.region, Page: page, Err: err}) {
			return
		}
		select {
		case <-g.turn:
		case <-ctx.Done(): // what comes next is an error
		}
	}
	g.offer(Part{RegionId: g.region, End: true})
}

func (g *reading) offer(part Part) (taken bool) {
	select {
	case g.parts <- part:
		return true
	case <-g.gone:
		return false
	}
}

func (g *reading) goOn() {
	if !g.open {
		g.open = true
		close(g.turn)
	}
}

// next returns the next part; where others wait, only if it comes soon.
func (g *reading) next(patience time.Duration, othersWait bool) (part Part, there bool) {
	var late <-chan time.Time
	if othersWait {
		late = time.After(patience)
	}
	select {
	case part = <-g.parts:
		return part, true
	case <-late:
		return Part{}, false
	}
}
