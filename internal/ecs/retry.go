package ecs

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"ecs-activation/internal/activation"
)

// do sends a call. It retries what may succeed later, with full jitter, until ctx ends. Each answer
// is decoded into a new body. do returns the answer of the latest attempt that had one.
func (c *Client) do(ctx context.Context, call call, empty func() body) (activation.Answer, error) {
	var latest activation.Answer
	executed, notExecuted, last := false, true, outcome{} // in any attempt, executed: perhaps; notExecuted: certainly
	_, call.host = c.options.Endpoint.of(call.ref.RegionId)
	for attempt := 1; ; attempt++ {
		if ctx.Err() != nil {
			return latest, call.failure(outcome{err: last.errorAtEnd(ctx), hint: last.hintAtEnd(), lastCode: last.code, notExecuted: notExecuted})
		}
		start, previous := c.options.Now(), last
		x := c.send(ctx, call)
		last = classify(x, empty())
		x.release()
		if x.err == nil {
			latest = last.answer
		}
		if call.notFoundIsSuccess && executed && last.notExecuted && last.code == "ActivationId.NotFound" {
			last.err = nil
		}
		executed, notExecuted = executed || last.mayBeExecuted(), notExecuted && last.notExecuted
		wait := c.wait(ctx, call, last, attempt)
		c.trace(call, x, last, attempt, c.options.Now().Sub(start), wait)
		if wait == 0 {
			if last.err != nil && errors.Is(last.err, context.Cause(ctx)) {
				last.err, last.hint, last.lastCode = previous.errorAtEnd(ctx), cmp.Or(previous.hintAtEnd(), last.hint), previous.code
			}
			last.notExecuted = notExecuted
			return latest, call.failure(last)
		}
		if call.onRetry != nil {
			call.onRetry(c.options.Now().Add(wait))
		}
		sleep(ctx, wait)
	}
}

// errorAtEnd returns the error of a context that has ended, with the last outcome before that.
func (o outcome) errorAtEnd(ctx context.Context) error {
	switch {
	case o.err == nil:
		return context.Cause(ctx)
	case o.code != "":
		return activation.Textf("%w; the last answer was %s", context.Cause(ctx), o.code)
	default:
		return activation.Textf("%w; before that: %s", context.Cause(ctx), o.err)
	}
}

// hintAtEnd returns the hint of a context that has ended after this outcome.
func (o outcome) hintAtEnd() string {
	if o.code == "" {
		return o.hint
	}
	return "repeat the command later; --timeout lets it wait longer"
}

// mayBeExecuted reports whether this attempt may have deleted a code that is not found later. A
// throttled request is not executed. A create does not rely on that, because a code could be lost.
func (o outcome) mayBeExecuted() bool { return !o.notExecuted && !o.throttled }

// The wait before a retry is a random time up to firstBackoff. That limit doubles with each attempt
// up to maxBackoff. If the service says how long to wait, it is that time, up to maxRetryAfter.
const (
	firstBackoff  = 100 * time.Millisecond
	maxBackoff    = 10 * time.Second
	maxRetryAfter = 60 * time.Second
)

// wait returns how long to wait before the next attempt, or 0 if there is none: the outcome is
// final, the attempts are used up, or the remaining time is too short.
func (c *Client) wait(ctx context.Context, call call, o outcome, attempt int) time.Duration {
	if ctx.Err() != nil || call.noRetry || attempt >= o.maxAttempts {
		return 0
	}
	wait := rand.N(min(firstBackoff<<min(attempt-1, 10), maxBackoff)) + time.Millisecond
	if o.retryAfter > 0 {
		wait = min(o.retryAfter, maxRetryAfter)
	}
	if deadline, limited := ctx.Deadline(); limited && time.Until(deadline) <= wait {
		return 0
	}
	return wait
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
}

// failure returns the error of an outcome for the caller of the client, or nil.
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
	if o.hint == givePlainURL {
		e.HintArgs = []any{c.host}
	}
	if e.Code == "" && e.Kind != activation.KindInterrupted {
		e.Host = c.host
	}
	return e
}

// cause returns the error without the operation, which is another field of Attempt.
func (o outcome) cause() error {
	var known *activation.Error
	if errors.As(o.err, &known) {
		return known.Reason()
	}
	return o.err
}

// trace reports an attempt to Options.Trace.
func (c *Client) trace(call call, x *exchange, o outcome, number int, took, wait time.Duration) {
	c.options.Trace(Attempt{
		Action: call.request.ApiName, RegionId: call.ref.RegionId, Host: call.host, Number: number,
		Status: x.status, Code: o.code, RequestID: o.answer.RequestId, Err: o.cause(), Took: took, Wait: wait,
	})
}
