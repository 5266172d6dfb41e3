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

// do sends a call until its outcome is final: it repeats what may succeed later, with full jitter,
// until ctx ends. Each answer is read into an empty body of its own. do returns the answer of the
// latest attempt that had one.
func (c *Client) do(ctx context.Context, call call, empty func() body) (activation.Answer, error) {
	var latest activation.Answer
	acted, notExecuted, last := false, true, outcome{}
	_, call.host = c.options.Endpoint.of(call.ref.RegionId)
	for attempt := 1; ; attempt++ {
		if ctx.Err() != nil {
			return latest, call.failure(outcome{err: last.errorAtEnd(ctx), hint: last.hintAtEnd(), lastCode: last.code, notExecuted: notExecuted})
		}
		begun, before := c.options.Now(), last
		x := c.send(ctx, call)
		last = classify(x, empty())
		x.release()
		if x.err == nil {
			latest = last.answer
		}
		if call.goneIsDone && acted && last.notExecuted && last.code == "ActivationId.NotFound" {
			last.err = nil
		}
		acted, notExecuted = acted || last.mayHaveActed(), notExecuted && last.notExecuted
		wait := c.wait(ctx, call, last, attempt)
		c.trace(call, x, last, attempt, c.options.Now().Sub(begun), wait)
		if wait == 0 {
			if last.err != nil && ctx.Err() != nil && errors.Is(last.err, context.Cause(ctx)) {
				last.err, last.hint, last.lastCode = before.errorAtEnd(ctx), cmp.Or(before.hintAtEnd(), last.hint), before.code
			}
			last.notExecuted = notExecuted
			return latest, call.failure(last)
		}
		if call.again != nil {
			call.again(c.options.Now().Add(wait))
		}
		sleep(ctx, wait)
	}
}

// errorAtEnd returns the cause of the context's end, with the outcome of the last attempt before it.
func (o outcome) errorAtEnd(ctx context.Context) error {
	switch {
	case o.err == nil:
		return context.Cause(ctx)
	case o.code != "":
		return fmt.Errorf("%w; the last answer was %s", context.Cause(ctx), o.code)
	default:
		return fmt.Errorf("%w; before that: %s", context.Cause(ctx), o.err.Error())
	}
}

// hintAtEnd returns what to do when the context ended while the service asked to wait.
func (o outcome) hintAtEnd() string {
	if o.code == "" {
		return o.hint
	}
	return "repeat the command later; --timeout lets it wait longer"
}

// mayHaveActed reports whether this attempt may have deleted a code that is gone afterwards. An
// attempt that was throttled was not carried out. A create does not rely on that, because its code
// would be lost if it were wrong.
func (o outcome) mayHaveActed() bool { return !o.notExecuted && !o.throttled }

// The wait before a repetition is a random time up to firstBackoff, which doubles with each attempt
// up to maxBackoff. Where the service says how long to wait, it is that, up to maxRetryAfter.
const (
	firstBackoff  = 100 * time.Millisecond
	maxBackoff    = 10 * time.Second
	maxRetryAfter = 60 * time.Second
)

// wait returns how long to wait before the next attempt; 0 means there is none, because the
// outcome is final, attempts are used up, or the time left would not suffice.
func (c *Client) wait(ctx context.Context, call call, o outcome, attempt int) time.Duration {
	if o.err == nil || ctx.Err() != nil || call.once || attempt >= o.maxAttempts {
		return 0
	}
	wait := rand.N(min(firstBackoff<<min(attempt-1, 10), maxBackoff)) + time.Millisecond
	if o.after > 0 {
		wait = min(o.after, maxRetryAfter)
	}
	if deadline, limited := ctx.Deadline(); limited && time.Until(deadline) <= wait {
		return 0
	}
	return wait
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// failure returns the error of an outcome for the caller, or nil.
func (c call) failure(o outcome) error {
	if o.err == nil {
		return nil
	}
	var known *activation.Error
	if errors.As(o.err, &known) { // of package identity, with its hint
		e := *known
		e.Op, e.ID, e.NothingDone = c.op, c.ref, o.notExecuted
		return &e
	}
	e := &activation.Error{
		Kind: o.kind(), Op: c.op, ID: c.ref, Code: o.code, RequestID: o.answer.RequestId, Err: o.err, Hint: o.hint,
		Action: c.request.ApiName, LastCode: o.lastCode, NothingDone: o.notExecuted,
	}
	if e.Code == "" && e.Kind != activation.KindInterrupted {
		e.Host = c.host
	}
	return e
}

// why returns the error without the operation, which Attempt names already.
func (o outcome) why() error {
	var known *activation.Error
	if errors.As(o.err, &known) {
		return errors.New(known.Cause())
	}
	return o.err
}

// trace reports an attempt to Options.Trace.
func (c *Client) trace(call call, x *exchange, o outcome, number int, took, wait time.Duration) {
	c.options.Trace(Attempt{
		Action: call.request.ApiName, RegionId: call.ref.RegionId, Host: call.host, Number: number,
		Status: x.status, Code: o.code, RequestID: o.answer.RequestId, Err: o.why(), Took: took, Wait: wait,
	})
}
