package cli

import (
	"context"
	"math/rand/v2"
	"time"
)

// pace is the pause between two looks at the service: at first the least, later whatever the
// answers make of it.
type pace struct{ pause, least, most time.Duration }

// pace returns a pace for the service, or a five times faster one for the sandbox, which is
// nobody's but ours.
func (s *session) pace(least, most time.Duration) pace {
	if s.sandbox() {
		least, most = least/5, most/5
	}
	return pace{least, least, most}
}

// stretch makes the pause times/by of what it was, within its bounds.
func (p *pace) stretch(times, by time.Duration) {
	p.pause = max(p.least, min(p.pause*times/by, p.most))
}

// next is how long to pause now: many that look at one thing should not ask at the same moments.
func (p *pace) next() time.Duration { return p.pause*4/5 + rand.N(p.pause*2/5) }

// rest waits, or until ctx ends.
func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
