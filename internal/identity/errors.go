package identity

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/netfault"
)

// newError returns an error of an identity with a hint, and optionally a command that solves it.
func newError(cause error, hint string, command ...string) *activation.Error {
	return &activation.Error{Kind: activation.KindIdentity, Err: cause, Hint: hint, Command: command}
}

// unreachable returns the error of a request for credentials that received no response. The request
// can be repeated. If netfault has no text for the error, the text is replaced, because it may quote a
// response.
func unreachable(server, err error) error {
	e := &activation.Error{Kind: activation.KindUnavailable, Hint: netfault.CheckNetwork}
	reason := netfault.Explain(err)
	switch {
	case strings.HasPrefix(reason.Error(), "invalid proxy address"):
		reason = netfault.ErrProxyAddress
		e.Hint = netfault.CheckProxy
	case errors.As(err, new(netfault.ProxyError)):
		e.Hint = netfault.CheckProxy
	case errors.As(err, new(*tls.CertificateVerificationError)):
		e.Hint = netfault.CertificateHint(err)
	case errors.Is(err, context.DeadlineExceeded):
		reason = netfault.Error{Err: reason, Format: netfault.TimedOut}
	case !errors.As(reason, new(netfault.Error)):
		reason = netfault.Error{Err: reason, Format: "the connection was closed, or a proxy refused it"}
	}
	e.Err = activation.Textf("cannot reach %s: %w", server, reason)
	return e
}

// unusable returns the error of a response without credentials. After a temporary error of a gateway
// the request can be repeated.
func unusable(server error, status int, hint string) error {
	e := &activation.Error{Kind: activation.KindIdentity, Err: activation.Textf("%s returned %w", server, httpStatus(status)), Hint: hint}
	if netfault.IsTemporary(status) {
		e.Kind, e.Hint = activation.KindUnavailable, "repeat the command in a moment"
	}
	return e
}

// httpStatus is the status of a response, as an error.
type httpStatus int

func (s httpStatus) Error() string { return fmt.Sprintf("HTTP %d", int(s)) }

// causeOf returns the reason of an error, without the operation.
func causeOf(err error) error {
	var known *activation.Error
	if errors.As(err, &known) {
		return known.Reason()
	}
	return err
}
