// Package fleet works on many activation codes: it looks them up, works on them side by side, and
// finds those that are dead.
package fleet

import (
	"context"
	"errors"
	"iter"
	"time"

	"ecs-activation/internal/activation"
)

// Result is what became of one code.
type Result struct {
	Ref    activation.Ref
	Code   activation.Activation // as the service answered it
	Answer activation.Answer
	Err    error
}

// codeNotFound is the service's code for an ActivationId that the region does not hold.
const codeNotFound = "ActivationId.NotFound"

// LookUp asks the service for one code. A code that does not exist has the error
// ActivationId.NotFound. op is the verb of the command, for errors.
func LookUp(ctx context.Context, service activation.Service, op string, ref activation.Ref) Result {
	page, err := service.List(ctx, activation.ListRequest{RegionId: ref.RegionId, ActivationId: ref.ActivationId})
	if err != nil {
		var known *activation.Error
		if errors.As(err, &known) {
			known.Op, known.ID = op, ref
		}
		return Result{Ref: ref, Answer: page.Answer, Err: err}
	}
	for _, code := range page.ActivationList {
		if code.ActivationId == ref.ActivationId {
			return Result{Ref: ref, Code: code, Answer: page.Answer}
		}
	}
	missing := &activation.Error{Kind: activation.KindOfCode(codeNotFound), Op: op, ID: ref, Code: codeNotFound, RequestID: page.RequestId}
	return Result{Ref: ref, Answer: page.Answer, Err: missing}
}

// Missing reports whether an error says that the region does not hold the code.
func Missing(err error) bool { return activation.HasCode(err, codeNotFound) }

// Changes run at most 8 at a time in a region and 32 in all, so that one command does not use up
// what the account may ask.
const (
	perRegion = 8
	inAll     = 32
)

// InOrder works on every code and yields the results in the order of the codes, each as soon as it
// and those before it are there. All are worked on, whatever becomes of the others.
func InOrder[T any](refs []activation.Ref, work func(activation.Ref) T) iter.Seq[T] {
	all, regions := make(chan struct{}, inAll), map[string]chan struct{}{}
	results := make([]chan T, len(refs))
	for i, ref := range refs {
		results[i] = make(chan T, 1)
		if regions[ref.RegionId] == nil {
			regions[ref.RegionId] = make(chan struct{}, perRegion)
		}
		go func(region chan struct{}) {
			region <- struct{}{}
			all <- struct{}{}
			results[i] <- work(ref)
			<-all
			<-region
		}(regions[ref.RegionId])
	}
	return func(yield func(T) bool) {
		for _, r := range results {
			if !yield(<-r) {
				return
			}
		}
	}
}

// Dead returns the codes that have been dead for at least that long at a moment of the service's
// clock: those that were never used, which can be deleted, and the used ones, which the service
// keeps.
func Dead(codes []activation.Activation, now time.Time, age time.Duration) (unused, used []activation.Activation) {
	for _, code := range codes {
		since, dead := code.DeadSince(now)
		switch {
		case !dead || since.After(now.Add(-age)):
		case code.RegisteredCount > 0:
			used = append(used, code)
		default:
			unused = append(unused, code)
		}
	}
	return unused, used
}
