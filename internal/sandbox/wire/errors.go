package wire

import (
	"net/http"
	"net/url"
	"strings"

	"ecs-activation/internal/sandbox/cloud"
)

// Status returns the HTTP status of a refusal. Most refusals have 400. 507 is one that clients do not repeat.
func Status(refused *cloud.Error) int {
	switch refused.Code {
	case "InvalidAction.NotFound", "InvalidAccessKeyId.NotFound", "InvalidRegionId.NotFound", "InvalidResourceGroup.NotFound",
		"InvalidInstance.NotFound", "ActivationId.NotFound", "api_unknown":
		return http.StatusNotFound
	case "ActivationId.InUse", "ManagedInstanceCountExceedLimit", "IdempotentParameterMismatch", "IdempotentProcessing",
		"Operation.Forbidden", "RealNameAuthenticationError", "InvalidStatus.ResourceGroup",
		cloud.InstanceDeregistered, "instance_unknown", "timestamp_invalid", "signature_invalid":
		return http.StatusForbidden
	case "RequestEntityTooLarge":
		return http.StatusRequestEntityTooLarge
	case "ServiceUnavailable":
		return http.StatusServiceUnavailable
	case cloud.InternalError, "InternalError.Dispatch":
		return http.StatusInternalServerError
	case cloud.StateUnusable:
		return http.StatusInsufficientStorage
	}
	if strings.HasPrefix(refused.Code, "ActivationCode.") {
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

// errorAnswer is the body of every refusal, with its fields in the service's order.
type errorAnswer struct {
	RequestId string
	HostId    string
	Code      string
	Message   string
	Recommend string
}

// EncodeError returns a refusal in the format that the request asked for.
func (q *Request) EncodeError(refused *cloud.Error) ([]byte, error) {
	product := "Ecs"
	if q.Parameters["Version"] == stsVersion {
		product = "Sts"
	}
	return q.encode("Error", errorAnswer{
		RequestId: q.RequestId,
		HostId:    q.Host,
		Code:      refused.Code,
		Message:   refused.Message,
		Recommend: "https://api.alibabacloud.com/troubleshoot?q=" + url.QueryEscape(refused.Code) + "&product=" + product + "&requestId=" + q.RequestId,
	})
}
