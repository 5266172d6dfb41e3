package fleet

import (
	"context"
	"iter"

	"ecs-activation/internal/activation"
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
