package fleet

import (
	"context"
	"sync"
)

// Slots limits how many may work at once, in a region and in all.
type Slots struct {
	perRegion int
	every     chan struct{}

	mu      sync.Mutex
	regions map[string]chan struct{}
}

// NewSlots returns slots of which none is taken.
func NewSlots(perRegion, all int) *Slots {
	return &Slots{perRegion: perRegion, every: make(chan struct{}, all), regions: map[string]chan struct{}{}}
}

// Take waits for a slot, and returns the function that gives it back. If ctx ends before, the error is its cause.
func (s *Slots) Take(ctx context.Context, region string) (giveBack func(), err error) {
	here := s.region(region)
	if err := enter(ctx, here); err != nil {
		return nil, err
	}
	if err := enter(ctx, s.every); err != nil {
		<-here
		return nil, err
	}
	return func() { <-s.every; <-here }, nil
}

// region returns the channel of a region.
func (s *Slots) region(name string) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.regions[name] == nil {
		s.regions[name] = make(chan struct{}, s.perRegion)
	}
	return s.regions[name]
}

// enter waits until a channel of slots has room.
func enter(ctx context.Context, room chan struct{}) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
