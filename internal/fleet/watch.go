package fleet

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"ecs-activation/internal/activation"
)

// Watch reads a list again and again. Between two readings it follows the service's clock. A region
// that cannot be read keeps its codes of the last reading, and throttling makes the readings rarer.
type Watch struct {
	Reader   *Reader
	Query    Query
	Order    func(a, b activation.Activation) int // nil: as the service returns the codes
	Interval Interval
	Limit    func(context.Context) (context.Context, context.CancelFunc) // of one reading
	Now      func() time.Time                                            // this machine's clock
	See      func(Part)                                                  // called with every part of the first reading; may be nil
}

// Snapshot is the state of a watch at one moment.
type Snapshot struct {
	Codes    []activation.Activation
	Now      time.Time // the service's clock
	ReadAt   time.Time // the service's clock at the last reading that brought something
	Reading  int       // the number of the last reading, from 1
	Failed   []error   // of the last reading
	Next     time.Time // the service's clock at the next reading
	Interval Interval  // between the two
}

// Slow reports whether throttling has made the readings rarer.
func (s Snapshot) Slow() bool { return s.Interval.Now() > s.Interval.Least }

// First takes the first reading. Where no region can be read, there is nothing to watch.
func (w *Watch) First(ctx context.Context) (Listing, *Watching) {
	first := w.read(ctx, w.See)
	watching := &Watching{watch: w, interval: w.Interval}
	watching.apply(first)
	return first.Listing, watching
}

// Watching is a watch that has begun.
type Watching struct {
	watch    *Watch
	interval Interval
	clock    clock
	state    Snapshot
	next     time.Time // of the next reading, by this machine's clock
}

// Follow calls show at once, then about every second, and after every reading, until ctx ends or show
// returns an error.
func (g *Watching) Follow(ctx context.Context, show func(Snapshot) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	now := g.watch.Now
	readings, due := make(chan reading, 1), time.After(g.next.Sub(now()))
	for {
		g.state.Now = g.clock.at(now())
		if err := show(g.state); err != nil || ctx.Err() != nil {
			return err
		}
		select {
		case <-due:
			running.Go(func() { readings <- g.watch.read(ctx, nil) })
		case r := <-readings:
			if ctx.Err() != nil {
				break // it may have been cut short
			}
			g.apply(r)
			due = time.After(g.next.Sub(now()))
		case <-time.After(g.clock.untilNext(now())):
		case <-ctx.Done():
		}
	}
}

// Failed returns the errors of the last reading.
func (g *Watching) Failed() []error { return g.state.Failed }

// reading is one reading of all regions.
type reading struct {
	Listing
	at time.Time // by this machine's clock
}

func (w *Watch) read(ctx context.Context, see func(Part)) reading {
	ctx, cancel := w.Limit(ctx)
	defer cancel()
	list := w.Reader.List(ctx, w.Query, see)
	return reading{list, w.Now()}
}

// apply updates the state from a reading, and sets the time of the next one.
func (g *Watching) apply(r reading) {
	regions := g.watch.Query.Regions
	failed := FailedRegions(regions, r.Failed())
	g.state.Reading++
	g.state.Failed = r.Failed()
	g.state.Codes = merge(regions, g.state.Codes, r.Codes, failed)
	if g.watch.Order != nil {
		slices.SortStableFunc(g.state.Codes, g.watch.Order)
	}
	if !r.None() {
		g.sync(r)
		g.state.ReadAt = g.clock.at(r.at)
	}
	if g.watch.Reader.takeThrottled() {
		g.interval.scale(2, 1)
	} else {
		g.interval.scale(3, 4)
	}
	g.state.Interval = g.interval
	g.next = g.watch.Now().Add(g.interval.next())
	g.state.Next = g.clock.at(g.next)
}

// sync sets the clock by the first answer of a reading, or by this machine's clock where no answer had
// a time: a reading can take long, and its first answer is as old then.
func (g *Watching) sync(r reading) {
	if r.Answer.Date.IsZero() {
		g.clock.sync(r.at, r.at)
		return
	}
	g.clock.sync(r.Answer.Date, r.Answer.ReceivedAt)
}

// FailedRegions returns the regions that errors are about; an error about none is about all.
func FailedRegions(regions []string, errs []error) map[string]bool {
	failed := map[string]bool{}
	for _, err := range errs {
		var known *activation.Error
		if errors.As(err, &known) && slices.Contains(regions, known.ID.RegionId) {
			failed[known.ID.RegionId] = true
			continue
		}
		for _, region := range regions {
			failed[region] = true
		}
	}
	return failed
}

// merge returns the codes after a reading that failed in some regions, which keep the codes known before. The
// order is that of the regions.
func merge(regions []string, known, read []activation.Activation, failed map[string]bool) []activation.Activation {
	before, now := byRegion(known), byRegion(read)
	var codes []activation.Activation
	for _, region := range regions {
		if failed[region] {
			codes = append(codes, before[region]...)
		} else {
			codes = append(codes, now[region]...)
		}
	}
	return codes
}

func byRegion(codes []activation.Activation) map[string][]activation.Activation {
	m := map[string][]activation.Activation{}
	for _, code := range codes {
		m[code.RegionId] = append(m[code.RegionId], code)
	}
	return m
}
