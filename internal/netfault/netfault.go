// Package netfault says why a connection failed, in plain words and without secrets.
//
// The errors of net/http name addresses and system calls, or quote the URL, which holds the
// signature and the security token. The texts of this package name hosts alone.
package netfault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
)

// Error is an error of the network in plain words. Text quotes neither a URL nor the address of
// a proxy, which can hold a password.
type Error struct {
	Err  error
	Text string
}

func (e Error) Error() string { return e.Text }
func (e Error) Unwrap() error { return e.Err }

// TimedOut is the text of an error for an answer that did not come in time.
const TimedOut = "timed out"

// Explain returns an error of the network in plain words, as an Error. It returns the end of a
// context, a ProxyError and whatever it has no words for as they are, without the URL.
func Explain(err error) error {
	for wrapped := new(url.Error); errors.As(err, &wrapped); {
		err = wrapped.Err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if text := textOf(err); text != "" {
		return Error{err, text}
	}
	return err
}

// textOf returns the plain words for an error of the network, "" where there are none.
func textOf(err error) string {
	var operation *net.OpError
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	var number syscall.Errno
	switch {
	case errors.As(err, new(ProxyError)):
		return ""
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return "the proxy cannot be reached: " + Explain(operation.Err).Error()
	case errors.As(err, &dns) && dns.IsNotFound:
		return "host " + dns.Name + " not found"
	case errors.As(err, &dns):
		return "the host " + dns.Name + " cannot be looked up: " + dns.Err
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return "the certificate is signed by an authority that this machine does not know"
	case errors.As(err, &certificate):
		return "the certificate is not accepted: " + strings.TrimPrefix(certificate.Err.Error(), "x509: ")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before the answer was complete"
	case errors.As(err, &number):
		return number.Error()
	case errors.As(err, &timeout) && timeout.Timeout():
		return TimedOut
	case strings.Contains(err.Error(), "HTTP/1.x transport connection broken"), strings.Contains(err.Error(), "malformed HTTP"):
		// net/http quotes what it cannot read.
		return "the answer is not HTTP: a proxy or another service may have sent it"
	}
	return ""
}
