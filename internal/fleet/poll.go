package fleet

import (
	"context"
	"math/rand/v2"
	"time"
)

// Interval is the time between two readings: at first Least, then up to Most, see scale.
type Interval struct{ Least, Most, now time.Duration }

// Now returns the interval as it is, without the random part.
func (i Interval) Now() time.Duration { return max(i.now, i.Least) }

// scale multiplies the interval by times/by, within its bounds.
func (i *Interval) scale(times, by time.Duration) {
	i.now = max(i.Least, min(i.Now()*times/by, i.Most))
}

// next returns how long to wait now: between 80 and 120 percent of the interval, so that several
// programs do not read at the same moments.
func (i Interval) next() time.Duration { return i.Now()*4/5 + rand.N(i.Now()*2/5+1) }

// sleep waits. Its error is the cause for which ctx ended before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
