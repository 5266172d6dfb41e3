package fleet

import (
	"context"
	"errors"

	"ecs-activation/internal/activation"
)

// Result is the result of a look-up or a change of one code.
type Result struct {
	Ref    activation.Ref
	Code   activation.Activation // as the service answered it
	Answer activation.Answer
	Err    error
}

// codeNotFound is the service's code for an ActivationId that the region does not hold.
const codeNotFound = "ActivationId.NotFound"

// LookUp requests one code. A code that does not exist has the error ActivationId.NotFound. op is
// the verb of the command, for errors.
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
	return Result{Ref: ref, Answer: page.Answer, Err: notFound(op, ref, page)}
}

// notFound returns the error for a page without the code that was looked up. Only an empty page proves
// that the code does not exist.
func notFound(op string, ref activation.Ref, page activation.Page) error {
	switch {
	case len(page.ActivationList) > 0:
		return &activation.Error{Kind: activation.KindOther, Op: op, ID: ref, RequestID: page.RequestId,
			Err: &FilterIgnored{Ignored{"ActivationId", len(page.ActivationList)}}}
	case page.TotalCount > 0:
		return incomplete(op, ref, page.RequestId, &Incomplete{Announced: page.TotalCount})
	}
	return &activation.Error{Kind: activation.KindOfCode(codeNotFound), Op: op, ID: ref, Code: codeNotFound, RequestID: page.RequestId}
}

// Missing reports whether an error says that the region does not hold the code.
func Missing(err error) bool { return activation.HasCode(err, codeNotFound) }
