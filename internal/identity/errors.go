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

// newError returns an error of an identity, with what to do about it, and the command that does
// it where there is one.
func newError(cause, hint string, command ...string) error {
	return &activation.Error{Kind: activation.KindIdentity, Err: errors.New(cause), Hint: hint, Command: command}
}

// unreachable returns the error of a request for credentials that got no answer, as far as the
// network is concerned: it is worth repeating. An error that netfault has no words for may quote
// an answer, so its text is replaced.
func unreachable(server string, err error) error {
	e := &activation.Error{Kind: activation.KindUnavailable, Hint: netfault.CheckNetwork}
	why := netfault.Explain(err)
	switch {
	case strings.HasPrefix(why.Error(), "invalid proxy address"):
		why = netfault.ErrProxyAddress
		e.Hint = netfault.CheckProxy
	case errors.As(err, new(*tls.CertificateVerificationError)):
		e.Hint = netfault.CertificateHint(err)
	case errors.Is(err, context.DeadlineExceeded):
		why = netfault.Error{Err: why, Text: netfault.TimedOut}
	case !errors.As(why, new(netfault.Error)) && !errors.As(why, new(netfault.ProxyError)):
		why = netfault.Error{Err: why, Text: "the connection broke off, or a proxy refused it"}
	}
	e.Err = fmt.Errorf("%s cannot be reached: %w", server, why)
	return e
}

// unusable returns the error of an answer that brings no credentials. The passing trouble of a
// gateway is worth repeating.
func unusable(server string, status int, hint string) error {
	e := &activation.Error{Kind: activation.KindIdentity, Err: fmt.Errorf("%s answered %w", server, httpStatus(status)), Hint: hint}
	if netfault.IsTemporary(status) {
		e.Kind, e.Hint = activation.KindUnavailable, "repeat the command in a moment"
	}
	return e
}

// httpStatus is the status of an answer, as an error.
type httpStatus int

func (s httpStatus) Error() string { return fmt.Sprintf("HTTP %d", int(s)) }

// causeOf returns why something did not work, without what was attempted.
func causeOf(err error) string {
	var known *activation.Error
	if errors.As(err, &known) {
		return known.Cause()
	}
	return err.Error()
}
