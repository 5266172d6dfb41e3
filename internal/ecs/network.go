package ecs

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

// networkError is an error of the network in plain words. They never quote the URL, which holds
// the signature and the security token, and not a proxy's address, which can hold a password.
type networkError struct {
	err   error
	words string
}

func (n networkError) Error() string { return n.words }
func (n networkError) Unwrap() error { return n.err }

// plain words an error of the network. The end of the command's time or of the command is told
// as it is; so is what there are no words for, without the URL.
func plain(err error) error {
	for wrapped := new(url.Error); errors.As(err, &wrapped); {
		err = wrapped.Err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if words := wording(err); words != "" {
		return networkError{err, words}
	}
	return err
}

// wording returns the plain words for an error of the network, "" where there are none.
func wording(err error) string {
	var operation *net.OpError
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	var number syscall.Errno
	switch {
	case errors.As(err, new(proxyError)):
		return ""
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return "the proxy cannot be reached: " + plain(operation.Err).Error()
	case errors.As(err, &dns) && dns.IsNotFound:
		return "there is no host " + dns.Name
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
		return "no answer in time"
	case strings.Contains(err.Error(), "HTTP/1.x transport connection broken"), strings.Contains(err.Error(), "malformed HTTP"):
		// net/http quotes what it cannot read.
		return "the answer is not HTTP: a proxy or another service may have sent it"
	}
	return ""
}

// What to do about an answer that did not come.
const (
	checkNetwork  = "check the network and the proxy settings, then repeat the command"
	checkProxy    = "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
	checkEndpoint = "check --endpoint and the proxy settings; --debug shows what answered"
)

// certificateHint is what to do about a certificate that was not accepted.
func certificateHint(err error) string {
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return "a proxy with its own authority? Have this machine trust it; on Linux SSL_CERT_FILE can name its certificate"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "check this machine's clock, --endpoint and the proxy settings"
	}
	return "check --endpoint and the proxy settings"
}
