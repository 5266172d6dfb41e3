package fleet

import (
	"context"
	"errors"
	"time"

	"ecs-activation/internal/activation"
)

// Wait waits for a code.
type Wait struct {
	Service  activation.Service
	Op       string // the verb, for errors
	Interval Interval
	Now      func() time.Time // this machine's clock, where an answer has no time
	See      func(Result)     // called with every reading that does not end the wait; may be nil
}

// For reads a code again and again, until it reaches a goal or can no longer reach it. An outage is
// waited out, unless it is the first reading that fails.
//
// The result is the code as it was read last; one without an ID says that it never was. The error is
// an *activation.Error: of kind Conflict with an *activation.Unreachable, of kind Unavailable or
// Interrupted when ctx ends, or the service's.
func (w Wait) For(ctx context.Context, ref activation.Ref, goal activation.Goal) (last Result, err error) {
	for interval := w.Interval; ; interval.scale(3, 2) {
		read := LookUp(ctx, w.Service, w.Op, ref)
		known := last.Ref.ActivationId != ""
		outage := known && activation.KindOf(read.Err) == activation.KindUnavailable
		switch {
		case read.Err == nil:
			if last.Ref.ActivationId == "" {
				goal = goal.From(read.Code)
			}
			last = read
			if ended, err := w.reached(goal, read); ended {
				return last, err
			}
		case known && ctx.Err() != nil: // that the wait ended during a request says nothing about the network
			return last, w.failed(ref, context.Cause(ctx))
		case !outage:
			return last, w.failed(ref, read.Err)
		}
		if w.See != nil {
			w.See(read)
		}
		if err := sleep(ctx, interval.next()); err != nil {
			return last, w.failed(ref, err)
		}
	}
}

// reached reports whether the wait has ended, and how.
func (w Wait) reached(goal activation.Goal, read Result) (ended bool, err error) {
	now := read.Answer.Time(w.Now)
	if goal.Reached(read.Code, now) {
		return true, nil
	}
	if why := goal.Unreachable(read.Code, now); why != nil {
		return true, &activation.Error{Kind: activation.KindConflict, Op: w.Op, ID: read.Ref, RequestID: read.Answer.RequestId, Err: why}
	}
	return false, nil
}

// failed makes an error one about the code.
func (w Wait) failed(ref activation.Ref, err error) error {
	if errors.As(err, new(*activation.Error)) {
		return err
	}
	kind := activation.KindInterrupted
	if errors.Is(err, context.DeadlineExceeded) {
		kind = activation.KindUnavailable
	}
	return &activation.Error{Kind: kind, Op: w.Op, ID: ref, Err: err}
}
