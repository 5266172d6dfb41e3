package fleet

import (
	"context"
	"iter"

	"ecs-activation/internal/activation"
)

// LookUpAll looks every code up.
func LookUpAll(ctx context.Context, s activation.Service, op string, refs []activation.Ref) iter.Seq[Result] {
	return inOrder(refs, func(ref activation.Ref) Result { return LookUp(ctx, s, op, ref) })
}

// Inspected is a code with the machines that registered with it, or with the reason why they could not
// be read.
type Inspected struct {
	Result
	Machines    []activation.Machine
	MachinesErr error
}

// Inspect looks every code up, and the machines of those that were used.
func Inspect(ctx context.Context, s activation.Service, op string, refs []activation.Ref) iter.Seq[Inspected] {
	return inOrder(refs, func(ref activation.Ref) Inspected {
		code := Inspected{Result: LookUp(ctx, s, op, ref), Machines: []activation.Machine{}}
		if code.Code.RegisteredCount > 0 { // a code that was not found has none
			code.Machines, code.MachinesErr = Machines(ctx, s, ref)
		}
		return code
	})
}
