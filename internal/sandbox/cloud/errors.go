package cloud

import (
	"errors"
	"fmt"

	"ecs-activation/internal/sandbox/store"
)

// Error is an answer by which the service refuses: its code and its message. Anything else that goes wrong,
// such as a file that cannot be read, is an error of another type.
type Error struct {
	Code    string
	Message string
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Refuse returns a refusal with a formatted message.
func Refuse(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Codes for problems of the sandbox itself. StateUnusable is an invention of the sandbox: its file is damaged
// or cannot be used, and the message says where it is and what to do.
const (
	StateUnusable = "SandboxState.Unusable"
	InternalError = "InternalError"
)

// IsInternal reports whether the sandbox itself has a problem, instead of refusing by a rule of the service.
func (e *Error) IsInternal() bool { return e.Code == InternalError || e.Code == StateUnusable }

// AsError returns the refusal in err. Any other error is a problem of the sandbox itself.
func AsError(err error) *Error {
	var refused *Error
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.As(err, new(*store.Error)):
		return Refuse(StateUnusable, "%v", err)
	}
	return Refuse(InternalError, "%v", err)
}

// Damaged marks an error in what the sandbox itself has stored.
func Damaged(err error) error { return store.Textf("%w: %w", store.ErrDamaged, err) }

// Missing and Invalid are common to all actions. Their messages are those of "Common error codes" in the ECS
// API reference (help centre, document 185871, no date).

// Missing refuses a request without a parameter that the action needs.
func Missing(parameter string) *Error {
	return Refuse("MissingParameter", "The input parameter %q that is mandatory for processing this request is not supplied.", parameter)
}

// Invalid refuses the value of a parameter.
func Invalid(parameter string) *Error {
	return Refuse("InvalidParameter", "The specified parameter %q is not valid.", parameter)
}

// The messages of the other refusals are copied from the pages CreateActivation (2026-06-25),
// DescribeActivations (2024-01-17), DisableActivation and DeleteActivation. Where the page writes %s, the
// sandbox fills in the limit.

func activationNotFound() *Error {
	return Refuse("ActivationId.NotFound", "The specified activation id does not exist.")
}

func machinesFull(quota int) *Error {
	return Refuse("ManagedInstanceCountExceedLimit", "The count of managed instance in current region exceeds the limit of %d.", quota)
}

// TokenProcessing refuses a create while another one with its ClientToken is being carried out.
func TokenProcessing() *Error {
	return Refuse("IdempotentProcessing", "The previous idempotent request(s) is still processing.")
}
