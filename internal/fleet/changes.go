package fleet

import (
	"context"
	"errors"
	"iter"
	"time"

	"ecs-activation/internal/activation"
)

// Action is a change of one code.
type Action struct {
	Op string // the verb, for errors: "disable"
	do func(activation.Service, context.Context, activation.Ref) (activation.Changed, error)
}

// Disable stops new registrations.
func Disable() Action { return Action{"disable", activation.Service.Disable} }

// Delete deletes codes that no machine has registered with.
func Delete() Action { return Action{"delete", activation.Service.Delete} }

// Prune deletes, too; its errors name the command.
func Prune() Action { return Action{"prune", activation.Service.Delete} }

// Change changes every code.
func (a Action) Change(ctx context.Context, s activation.Service, refs []activation.Ref) iter.Seq[Result] {
	return inOrder(refs, func(ref activation.Ref) Result {
		changed, err := a.do(s, ctx, ref)
		return Result{Ref: ref, Code: changed.Activation, Answer: changed.Answer, Err: err}
	})
}

// DryRun is a Service that changes nothing. Where it should disable or delete a code, it looks the code
// up, and returns the same errors as far as they can be known before. It creates nothing.
type DryRun struct{ activation.Service }

// Create implements activation.Service.
func (DryRun) Create(_ context.Context, r activation.CreateRequest, _ func(time.Time)) (activation.Created, error) {
	return activation.Created{}, &activation.Error{Kind: activation.KindOther, Op: "create", ID: activation.Ref{RegionId: r.RegionId},
		Err: errors.New("a dry run creates no code"), NothingDone: true}
}

// Disable implements activation.Service.
func (d DryRun) Disable(ctx context.Context, ref activation.Ref) (activation.Changed, error) {
	found := LookUp(ctx, d.Service, "disable", ref)
	return activation.Changed{Answer: found.Answer, Activation: found.Code}, found.Err
}

// Delete implements activation.Service. The service refuses to delete a used code; here the error comes with the
// code, so that the output shows its name and uses.
func (d DryRun) Delete(ctx context.Context, ref activation.Ref) (activation.Changed, error) {
	const inUse = "ActivationId.InUse"
	found := LookUp(ctx, d.Service, "delete", ref)
	if found.Code.RegisteredCount > 0 { // a code that was not found has none
		found.Err = &activation.Error{Kind: activation.KindOfCode(inUse), Op: "delete", ID: ref, Code: inUse}
	}
	return activation.Changed{Answer: found.Answer, Activation: found.Code}, found.Err
}
