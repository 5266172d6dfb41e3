package batch

import (
	"context"
	"errors"
	"sync"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
)

// As many requests run at once as of other changes.
const (
	perRegion = fleet.PerRegion
	inAll     = fleet.InAll
)

// take waits for a slot, and returns the function that gives it back. The error is that of a create that was
// not sent, if ctx ends before.
func take(ctx context.Context, slots *fleet.Slots, region string) (giveBack func(), err error) {
	if giveBack, err = slots.Take(ctx, region); err != nil {
		err = untried(region, err)
	}
	return giveBack, err
}

// untried is the error of a create that was not sent for a cause.
func untried(region string, cause error) error {
	kind := activation.KindInterrupted
	if errors.Is(cause, context.DeadlineExceeded) {
		kind = activation.KindUnavailable
	}
	return &activation.Error{Kind: kind, Op: "create", ID: activation.Ref{RegionId: region}, Err: cause, NothingDone: true}
}

// limits is a Service that limits its creates and lists.
type limits struct {
	activation.Service
	slots  *fleet.Slots
	repeat func(region string) // called before a create is sent again
}

func newLimits(s activation.Service, repeat func(region string)) limits {
	return limits{s, fleet.NewSlots(perRegion, inAll), repeat}
}

// Create implements activation.Service.
func (l limits) Create(ctx context.Context, r activation.CreateRequest, again func(at time.Time)) (activation.Created, error) {
	giveBack, err := take(ctx, l.slots, r.RegionId)
	if err != nil {
		return activation.Created{}, err
	}
	defer giveBack()
	return l.Service.Create(ctx, r, func(at time.Time) {
		l.repeat(r.RegionId)
		again(at)
	})
}

// List implements activation.Service.
func (l limits) List(ctx context.Context, r activation.ListRequest) (activation.Page, error) {
	giveBack, err := take(ctx, l.slots, r.RegionId)
	if err != nil {
		return activation.Page{}, err
	}
	defer giveBack()
	return l.Service.List(ctx, r)
}

// stops collects the errors after which no more creates are sent to a region.
type stops struct {
	mu      sync.Mutex
	regions map[string]error
	every   error // for all regions: codes cannot be delivered
}

// stopAll remembers that codes cannot be delivered, so that no more are created.
func (s *stops) stopAll(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.every == nil {
		s.every = &NotTried{err}
	}
}

// see remembers an error after which every other create in the region would fail as well: the quota is used
// up, the credentials or the region are refused, or the service cannot be reached.
func (s *stops) see(region string, err error) {
	var unsaved *issuance.NotSaved
	if errors.As(err, &unsaved) && pending.Unwritable(err) {
		s.stopAll(unsaved)
		return
	}
	var failed *activation.Error
	if !errors.As(err, &failed) || !failed.NothingDone {
		return
	}
	switch failed.Kind {
	case activation.KindIdentity, activation.KindNotFound, activation.KindUnavailable:
	case activation.KindConflict:
		if !isQuota(err) {
			return
		}
	default:
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.regions[region] == nil || isQuota(s.regions[region]) {
		s.regions[region] = err
	}
}

// of returns the error for a row, or nil if its create may be sent. A create that an earlier run has sent may
// have its code already, so a quota does not stop it.
func (s *stops) of(row Step) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.every != nil {
		return s.every
	}
	err := s.regions[row.Request.RegionId]
	if row.Known && isQuota(err) {
		return nil
	}
	return err
}

// isQuota reports whether the quota of codes of the region is used up.
func isQuota(err error) bool { return activation.HasCode(err, "ActivationCount.ExceedLimit") }
