// Package netfault explains why a connection failed, in short texts without secrets.
//
// The errors of net/http contain addresses and system calls, or the URL with the signature and the
// security token. The texts of this package contain only host names.
package netfault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
)

// Error is a network error with a text for users. The text contains no URL, which can contain a
// password; a proxy is named by its host and port.
type Error struct {
	Err    error
	Format string // of package fmt
	Args   []any
}

func (e Error) Error() string { return fmt.Sprintf(e.Format, e.Args...) }
func (e Error) Unwrap() error { return e.Err }

// Sentence returns the text for package message.
func (e Error) Sentence() (format string, args []any) { return e.Format, e.Args }

// TimedOut is the text of the error for a timeout.
const TimedOut = "timed out"

// Explain returns a network error as an Error. It returns the error of a context, a ProxyError and all
// other errors unchanged, without the URL.
func Explain(err error) error {
	for wrapped := new(url.Error); errors.As(err, &wrapped); {
		err = wrapped.Err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if format, args := textOf(err); format != "" {
		return Error{err, format, args}
	}
	return err
}

// SpeaksHTTP reports whether a connection failed because its server answered the first message of TLS in plain HTTP.
// So no request was sent.
func SpeaksHTTP(err error) bool {
	var record tls.RecordHeaderError
	return errors.As(err, &record) && string(record.RecordHeader[:]) == "HTTP/" && strings.HasPrefix(record.Msg, "first record")
}

// textOf returns the text for a network error with its arguments; empty: there is none.
func textOf(err error) (format string, args []any) {
	var proxied proxied
	var operation *net.OpError
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	var number syscall.Errno
	switch {
	case errors.As(err, new(ProxyError)):
		return "", nil
	case errors.As(err, &proxied):
		return "cannot reach the proxy %s (%s): %s", []any{proxied.host, proxied.variable, Explain(proxied.operation.Err)}
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return "cannot reach the proxy: %s", []any{Explain(operation.Err)}
	case SpeaksHTTP(err):
		return "the endpoint speaks plain HTTP, not HTTPS", nil
	case errors.As(err, &dns) && dns.IsNotFound:
		return "host %s not found", []any{dns.Name}
	case errors.As(err, &dns):
		return "cannot look up host %s: %s", []any{dns.Name, errors.New(dns.Err)}
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return "the certificate is signed by an unknown authority", nil
	case errors.As(err, &certificate):
		return "the certificate is not valid: %s", []any{strings.TrimPrefix(certificate.Err.Error(), "x509: ")}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before the response was complete", nil
	case errors.As(err, &number):
		return "%s", []any{errors.New(number.Error())}
	case errors.As(err, &timeout) && timeout.Timeout():
		return TimedOut, nil
	case strings.Contains(err.Error(), "HTTP/1.x transport connection broken"), strings.Contains(err.Error(), "malformed HTTP"):
		// The error of net/http quotes the response.
		return "the response is not HTTP: a proxy or another service may have sent it", nil
	}
	return "", nil
}
