package fleet

import (
	"context"
	"iter"

	"ecs-activation/internal/activation"
)

// Changes run at most 8 at a time in a region and 32 in all, so that one command does not use up
// the requests that the account is allowed.
const (
	perRegion = 8
	inAll     = 32
)

// Action is a change of one code.
type Action struct {
	Op      string // the verb, for errors: "disable"
	Refused string // the service's code for a code that machines have registered with; "": it is not refused
	do      func(activation.Service, context.Context, activation.Ref) (activation.Changed, error)
}

// Disable stops new registrations.
func Disable() Action { return Action{Op: "disable", do: activation.Service.Disable} }

// Delete deletes codes that no machine has registered with.
func Delete() Action {
	return Action{Op: "delete", Refused: "ActivationId.InUse", do: activation.Service.Delete}
}

// Prune deletes, too; its errors say what it was for.
func Prune() Action {
	a := Delete()
	a.Op = "prune"
	return a
}

// Change changes every code.
func (a Action) Change(ctx context.Context, s activation.Service, refs []activation.Ref) iter.Seq[Result] {
	return InOrder(refs, func(ref activation.Ref) Result {
		changed, err := a.do(s, ctx, ref)
		return Result{Ref: ref, Code: changed.Activation, Answer: changed.Answer, Err: err}
	})
}

// Preview looks every code up, and returns what a change would come to: the same errors where they
// can be known before.
func (a Action) Preview(ctx context.Context, s activation.Service, refs []activation.Ref) iter.Seq[Result] {
	return InOrder(refs, func(ref activation.Ref) Result {
		found := LookUp(ctx, s, a.Op, ref)
		if found.Err == nil && a.Refused != "" && found.Code.RegisteredCount > 0 {
			found.Err = &activation.Error{Kind: activation.KindOfCode(a.Refused), Op: a.Op, ID: ref, Code: a.Refused}
		}
		return found
	})
}

// LookUpAll looks every code up.
func LookUpAll(ctx context.Context, s activation.Service, op string, refs []activation.Ref) iter.Seq[Result] {
	return InOrder(refs, func(ref activation.Ref) Result { return LookUp(ctx, s, op, ref) })
}

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
