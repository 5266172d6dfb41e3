package sandbox

import (
	"errors"
	"fmt"
	"net/http"

	"ecs-activation/internal/sandbox/store"
)

// Error is an answer by which the service refuses: the HTTP status, the
// service's code, and its message. Anything else that goes wrong, such as a
// file that cannot be read, is an error of another type.
type Error struct {
	Status  int
	Code    string
	Message string
}

// Error gives the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func refuse(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// missing and invalid are common to every operation; the messages are those of
// "Common error codes" in the ECS API reference (help centre, document 185871,
// no date).
func missing(parameter string) *Error {
	return refuse(http.StatusBadRequest, "MissingParameter",
		"The input parameter %q that is mandatory for processing this request is not supplied.", parameter)
}

func invalid(parameter string) *Error {
	return refuse(http.StatusBadRequest, "InvalidParameter", "The specified parameter %q is not valid.", parameter)
}

// The refusals of the pages CreateActivation (2026-06-25), DescribeActivations
// (2024-01-17), DisableActivation and DeleteActivation, word for word; where
// the page writes %s the sandbox fills in the limit.

func regionNotFound() *Error {
	return refuse(http.StatusNotFound, "InvalidRegionId.NotFound", "The RegionId provided does not exist in our records.")
}

func regionNotSupported() *Error {
	return refuse(http.StatusBadRequest, "RegionId.ApiNotSupported", "The api is not supported in this region.")
}

func activationNotFound() *Error {
	return refuse(http.StatusNotFound, "ActivationId.NotFound", "The specified activation id does not exist.")
}

func activationInUse() *Error {
	return refuse(http.StatusForbidden, "ActivationId.InUse", "The specified activation id is in use.")
}

func quotaExceeded(quota int) *Error {
	return refuse(http.StatusBadRequest, "ActivationCount.ExceedLimit",
		"The count of activation in current region exceeds the limit of %d.", quota)
}

func machinesFull(quota int) *Error {
	return refuse(http.StatusForbidden, "ManagedInstanceCountExceedLimit",
		"The count of managed instance in current region exceeds the limit of %d.", quota)
}

func tokenMalformed() *Error {
	return refuse(http.StatusBadRequest, "InvalidClientToken.Malformed", "The specified parameter clientToken is not valid.")
}

func tokenMismatch() *Error {
	return refuse(http.StatusForbidden, "IdempotentParameterMismatch",
		"The specified parameter has changed while using an already used clientToken.")
}

func tokenProcessing() *Error {
	return refuse(http.StatusForbidden, "IdempotentProcessing", "The previous idempotent request(s) is still processing.")
}

func dispatchFailed() *Error {
	return refuse(http.StatusInternalServerError, "InternalError.Dispatch", "An error occurred when you dispatched the request.")
}

func operationForbidden() *Error {
	return refuse(http.StatusForbidden, "Operation.Forbidden", "The operation is not permitted.")
}

func nameUnverified() *Error {
	return refuse(http.StatusForbidden, "RealNameAuthenticationError", "Your account has not passed the real-name authentication yet.")
}

func groupBusy() *Error {
	return refuse(http.StatusForbidden, "InvalidStatus.ResourceGroup",
		"You cannot perform an operation on a resource group that is being created or deleted.")
}

// throttled and unavailable are common to every operation; the messages are
// those people quote in public issues of the SDKs (2017 to 2025).

func throttled() *Error {
	return refuse(http.StatusBadRequest, "Throttling.User", "Request was denied due to user flow control.")
}

func unavailable() *Error {
	return refuse(http.StatusServiceUnavailable, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.")
}

// The codes of the sandbox's own trouble. StateUnusable is an invention of the
// sandbox: its file is damaged or cannot be used, and the message says where it
// is and what to do. Its status, 507, is one that clients do not repeat.
const (
	StateUnusable = "SandboxState.Unusable"
	internalError = "InternalError"
)

// ownTrouble says whether a refusal is none of the service's.
func (e *Error) ownTrouble() bool { return e.Code == internalError || e.Code == StateUnusable }

// asError turns any error into the answer that goes out. What no rule refused
// is the sandbox's own trouble.
func asError(err error) *Error {
	var refused *Error
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.As(err, new(*store.Error)):
		return refuse(http.StatusInsufficientStorage, StateUnusable, "%v", err)
	}
	return refuse(http.StatusInternalServerError, internalError, "%v", err)
}
