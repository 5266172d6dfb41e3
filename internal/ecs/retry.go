package ecs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"ecs-activation/internal/activation"
)

// do sends a call until it is answered for good: it repeats what may succeed later, with full
// jitter, as long as ctx lasts. Each answer is read into an empty body of its own. What it
// returns is of the latest attempt that was answered.
func (c *Client) do(ctx context.Context, call call, empty func() body) (activation.Answer, error) {
	var heard activation.Answer
	acted, undone, last := false, true, outcome{}
	_, call.host = c.options.Endpoint.of(call.ref.RegionId)
	for attempt := 1; ; attempt++ {
		if ctx.Err() != nil {
			return heard, call.failure(outcome{err: last.thenEnded(ctx), hint: last.hintAtEnd(), lastCode: last.code, undone: undone})
		}
		begun, before := c.options.Now(), last
		x := c.send(ctx, call)
		last = judge(x, empty())
		if x.err == nil {
			heard = last.answer
		}
		if call.goneIsDone && acted && last.undone && last.code == "ActivationId.NotFound" {
			last.err = nil
		}
		acted, undone = acted || last.mayHaveActed(), undone && last.undone
		wait := c.wait(ctx, call, last, attempt)
		c.trace(call, x, last, attempt, c.options.Now().Sub(begun), wait)
		if wait == 0 {
			if last.err != nil && ctx.Err() != nil && errors.Is(last.err, context.Cause(ctx)) {
				last.err, last.hint, last.lastCode = before.thenEnded(ctx), cmp.Or(before.hintAtEnd(), last.hint), before.code
			}
			last.undone = undone
			return heard, call.failure(last)
		}
		if call.again != nil {
			call.again(c.options.Now().Add(wait))
		}
		sleep(ctx, wait)
	}
}

// thenEnded is the end of the context, with what the last whole attempt had come to before.
func (o outcome) thenEnded(ctx context.Context) error {
	switch {
	case o.err == nil:
		return context.Cause(ctx)
	case o.code != "":
		return fmt.Errorf("%w; the last answer was %s", context.Cause(ctx), o.code)
	default:
		return fmt.Errorf("%w; before that: %s", context.Cause(ctx), o.err.Error())
	}
}

// hintAtEnd is what to do when the time ended while the service asked for more of it.
func (o outcome) hintAtEnd() string {
	if o.code == "" {
		return o.hint
	}
	return "repeat the command later; --timeout lets it wait longer"
}

// mayHaveActed reports whether a code that is gone afterwards may have been deleted by this
// attempt. An attempt that was throttled was not carried out; that is no proof for a create,
// whose code would be lost if it were wrong.
func (o outcome) mayHaveActed() bool { return !o.undone && !o.throttled }

// backoff of a repetition: a random time up to first doubled with each attempt, at most
// longest. A service that names a time is given that, at most patience.
const (
	first    = 100 * time.Millisecond
	longest  = 10 * time.Second
	patience = 60 * time.Second
)

// wait returns how long to wait before the next attempt; 0 means there is none, because the
// outcome is final, attempts are used up, or the time left would not suffice.
func (c *Client) wait(ctx context.Context, call call, o outcome, attempt int) time.Duration {
	if o.err == nil || ctx.Err() != nil || call.once || attempt >= o.attempts {
		return 0
	}
	wait := rand.N(min(first<<min(attempt-1, 10), longest)) + time.Millisecond
	if o.after > 0 {
		wait = min(o.after, patience)
	}
	if deadline, limited := ctx.Deadline(); limited && time.Until(deadline) <= wait {
		return 0
	}
	return wait
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// failure turns an outcome into the error that leaves the room, or nil.
func (c call) failure(o outcome) error {
	if o.err == nil {
		return nil
	}
	var ready *activation.Error
	if errors.As(o.err, &ready) { // the identity's own, with its hint
		e := *ready
		e.Op, e.ID, e.NothingDone = c.op, c.ref, o.undone
		return &e
	}
	e := &activation.Error{
		Kind: o.kind(), Op: c.op, ID: c.ref, Code: o.code, RequestID: o.answer.RequestId, Err: o.err, Hint: o.hint,
		Action: c.request.GetActionName(), LastCode: o.lastCode, NothingDone: o.undone,
	}
	if e.Code == "" && e.Kind != activation.KindInterrupted {
		e.Host = c.host
	}
	return e
}

// why is the error without what was attempted: the attempt says that.
func (o outcome) why() error {
	var ready *activation.Error
	if errors.As(o.err, &ready) {
		return errors.New(ready.Cause())
	}
	return o.err
}

func (c *Client) trace(call call, x *exchange, o outcome, number int, took, wait time.Duration) {
	c.options.Trace(Attempt{
		Action: call.request.GetActionName(), RegionId: call.ref.RegionId, Host: call.host, Number: number,
		Status: x.status, Code: o.code, RequestID: o.answer.RequestId, Err: o.why(), Took: took, Wait: wait,
	})
}
