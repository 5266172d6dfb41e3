package netfault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
)

const secret = "TOP-SECRET"

// sent wraps an error with the requested URL, as net/http does.
func sent(err error) error {
	return &url.Error{Op: "Post", URL: "https://ecs.aliyuncs.com/?Signature=" + secret, Err: err}
}

func dial(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

func TestExplainShowsNoSecrets(t *testing.T) {
	for _, test := range []struct {
		err  error
		says string
	}{
		{dial(&net.DNSError{Err: "no such host", Name: "ecs.cn-hangzou.aliyuncs.com", IsNotFound: true}), "host ecs.cn-hangzou.aliyuncs.com not found"},
		{dial(&net.DNSError{Err: "server misbehaving", Name: "ecs", IsTemporary: true}), "cannot look up host ecs: server misbehaving"},
		{dial(syscall.ECONNREFUSED), syscall.ECONNREFUSED.Error()},
		{&net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(syscall.EHOSTUNREACH)}, "cannot reach the proxy: " + syscall.EHOSTUNREACH.Error()},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "the certificate is signed by an unknown authority"},
		{&tls.CertificateVerificationError{Err: errors.New("x509: why")}, "the certificate is not valid: why"},
		{io.EOF, "the connection was closed before the response was complete"},
		{fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), "the connection was closed before the response was complete"},
		{&net.OpError{Op: "read", Err: timeout{}}, "timed out"},
		{errors.New("net/http: HTTP/1.x transport connection broken: " + secret), "the response is not HTTP: a proxy or another service may have sent it"},
		{errors.New("malformed HTTP response " + secret), "the response is not HTTP: a proxy or another service may have sent it"},
		{sent(sent(dial(syscall.ECONNRESET))), syscall.ECONNRESET.Error()},
	} {
		var explained Error
		if err := Explain(sent(test.err)); err.Error() != test.says || !errors.As(err, &explained) || errors.Unwrap(err) == nil {
			t.Errorf("%v: %v", test.err, err)
		}
	}
}

// timeout is a timeout error of package net.
type timeout struct{}

func (timeout) Error() string   { return "i/o timeout " + secret }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

func TestExplainReturnsUnknownErrorsWithoutTheURL(t *testing.T) {
	for _, err := range []error{context.Canceled, context.DeadlineExceeded, ErrProxyAddress, errors.New("something else")} {
		if got := Explain(sent(err)); !errors.Is(got, err) || errors.As(got, new(*url.Error)) || errors.As(got, new(Error)) {
			t.Errorf("%v: %#v", err, got)
		}
	}
}

func TestAnInvalidProxyAddressIsNotShown(t *testing.T) {
	if WithoutAddress(nil) != nil {
		t.Error("no proxy has become one")
	}
	if _, err := WithoutAddress(func(*http.Request) (*url.URL, error) { return nil, errors.New(secret) })(nil); err == nil || strings.Contains(err.Error(), secret) {
		t.Error(err)
	}
	address := &url.URL{Host: "proxy"}
	if got, err := WithoutAddress(func(*http.Request) (*url.URL, error) { return address, nil })(nil); got != address || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestCheckConnectReturnsTheStatusOfTheProxy(t *testing.T) {
	if err := CheckConnect(t.Context(), nil, nil, &http.Response{StatusCode: http.StatusOK, Status: "200 OK"}); err != nil {
		t.Error(err)
	}
	err := CheckConnect(t.Context(), nil, nil, &http.Response{StatusCode: http.StatusProxyAuthRequired, Status: "407 " + secret})
	if !errors.As(err, new(ProxyError)) || err.Error() != "the proxy refused to connect to the service (HTTP 407)" {
		t.Error(err)
	}
}

func TestCertificateHint(t *testing.T) {
	for _, test := range []struct {
		err  error
		says string
	}{
		{x509.UnknownAuthorityError{}, "SSL_CERT_FILE"},
		{x509.CertificateInvalidError{Reason: x509.Expired}, "this machine's clock"},
		{x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}, "check --endpoint and the proxy settings"},
		{x509.HostnameError{}, "check --endpoint and the proxy settings"},
	} {
		if hint := CertificateHint(&tls.CertificateVerificationError{Err: test.err}); !strings.Contains(hint, test.says) {
			t.Errorf("%T: %s", test.err, hint)
		}
	}
}

func TestIsTemporary(t *testing.T) {
	for status, want := range map[int]bool{200: false, 302: false, 400: false, 403: false, 404: false, 408: true, 429: true, 499: true, 500: true, 501: false, 502: true, 503: true, 504: true, 505: false} {
		if IsTemporary(status) != want {
			t.Errorf("%d: %t", status, !want)
		}
	}
}

func TestWithoutContentDoesNotQuoteTheInput(t *testing.T) {
	var into struct{ Name struct{ Inner string } }
	for input, says := range map[string]string{
		`["` + secret + `"]`:           "it has an unexpected form",
		`{"x":` + secret:               "it is not valid JSON at byte 6",
		`{"Name":"` + secret + `"}`:    "field Name has an unexpected form",
		`{"Name":{"Inner":["` + `"]}}`: "field Name.Inner has an unexpected form",
	} {
		if err := WithoutContent(json.Unmarshal([]byte(input), &into)); err.Error() != says {
			t.Errorf("%s: %v", input, err)
		}
	}
	if other := errors.New("another"); WithoutContent(other) != other { //nolint:errorlint // it must be the same
		t.Error("another error was changed")
	}
}
