package fleet

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"ecs-activation/internal/activation"
)

// Counts is what a region holds, in numbers.
type Counts struct {
	RegionId         string
	Codes            int
	ByStatus         map[activation.Status]int
	ExpireWithinHour int // of the active codes
	Registered       int // uses of all codes
	Deregistered     int
	Unserved         bool  // see Query
	Err              error // why the region could not be counted; the numbers are then 0
}

// Machines returns how many machines that registered with these codes are still registered. A used code cannot
// be deleted, so these are all machines of the region.
func (c Counts) Machines() int { return max(0, c.Registered-c.Deregistered) }

// Counted is the result of Count.
type Counted struct {
	Regions []Counts          // in the order of the query
	Answer  activation.Answer // the first one that has a time, also if it was a refusal
	Err     error             // why nothing was sent; nil: something was
}

// Count counts the codes of the regions of a query. It keeps no codes. here returns the time of this machine,
// for answers without a time. see is called with every part; nil: nothing is.
func (r *Reader) Count(ctx context.Context, q Query, here func() time.Time, see func(Part)) Counted {
	counted := Counted{Regions: make([]Counts, len(q.Regions))}
	index := map[string]int{}
	for i, region := range q.Regions {
		counted.Regions[i] = Counts{RegionId: region, ByStatus: map[activation.Status]int{}}
		index[region] = i
	}
	for part := range unordered(ctx, r, q) {
		if see != nil {
			see(part)
		}
		if counted.Answer.Date.IsZero() {
			counted.Answer = part.Page.Answer
		}
		counted.Regions[index[part.RegionId]].add(part, here)
	}
	return counted
}

// unordered returns the parts of every region as they come. All regions are read at the same time, unlike by
// Read, which reads only some of them beyond their first pages to keep the order. The caller takes all parts.
func unordered(ctx context.Context, r *Reader, q Query) <-chan Part {
	parts := make(chan Part)
	var running sync.WaitGroup
	for _, region := range q.Regions {
		request := q.Filter
		request.RegionId = region
		running.Go(func() {
			l := &list{reader: r, request: request, yield: func(page activation.Page, ignored Ignored, err error) bool {
				parts <- q.part(Part{RegionId: region, Page: page, Ignored: ignored, Err: err})
				return true
			}}
			l.read(ctx)
			parts <- Part{RegionId: region, End: true}
		})
	}
	go func() {
		running.Wait()
		close(parts)
	}()
	return parts
}

// add takes one more part of the region into account.
func (c *Counts) add(part Part, here func() time.Time) {
	c.Unserved = c.Unserved || part.Unserved
	if part.Err != nil {
		*c = Counts{RegionId: c.RegionId, Err: ofCounting(part.Err, c.RegionId)}
		return
	}
	now := part.Page.Time(here)
	for _, code := range part.Page.ActivationList {
		c.Codes++
		c.Registered += bounded(code.RegisteredCount)
		c.Deregistered += bounded(code.DeregisteredCount)
		status := code.Status(now)
		c.ByStatus[status]++
		if expires, _ := code.Expires(); status == activation.Active && !expires.After(now.Add(time.Hour)) {
			c.ExpireWithinHour++
		}
	}
}

// bounded returns a number of the service within bounds, so that a sum of them cannot overflow.
func bounded(n int) int { return max(0, min(n, math.MaxInt32)) }

// OpCount is what Count attempts, for errors.
const OpCount = "count the codes of"

// ofCounting returns the error of a region with this operation and the region.
func ofCounting(err error, region string) error {
	var known *activation.Error
	if errors.As(err, &known) {
		known.Op, known.ID.RegionId, known.InRegion = OpCount, region, true
	}
	return err
}

// NotCounted returns the result for a query that could not be sent, with the reason.
func NotCounted(q Query, err error) Counted {
	counted := Counted{Err: err}
	for _, region := range q.Regions {
		counted.Regions = append(counted.Regions, Counts{RegionId: region, Err: err})
	}
	return counted
}

// Works returns whether the credentials work, and the error that says that they do not, or why it is not known.
// A region that could be read proves that they do.
func (c Counted) Works() (*bool, error) {
	works, reason := false, c.Err
	for _, region := range c.Regions {
		if works = region.Err == nil && !region.Unserved; works {
			return &works, nil
		}
		if reason == nil || activation.KindOf(region.Err) == activation.KindIdentity {
			reason = region.Err
		}
	}
	if activation.KindOf(reason) == activation.KindIdentity {
		return &works, reason
	}
	return nil, reason
}

// ClockDifference returns how many seconds this machine's clock is ahead of the service's; nil: it is not known.
func (c Counted) ClockDifference() *int64 {
	if c.Answer.Date.IsZero() {
		return nil
	}
	seconds := int64(c.Answer.ReceivedAt.Sub(c.Answer.Date).Seconds())
	return &seconds
}

// Failed returns the errors of the regions.
func (c Counted) Failed() (errs []error) {
	for _, region := range c.Regions {
		if region.Err != nil {
			errs = append(errs, region.Err)
		}
	}
	return errs
}
