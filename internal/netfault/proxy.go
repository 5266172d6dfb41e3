package netfault

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// ProxyError is an error of the proxy. The request did not reach the service.
type ProxyError struct {
	Status int // with which the proxy refused to connect; 0: its address is not valid

	host, variable string // of the proxy; empty: not known
}

func (p ProxyError) Error() string {
	format, args := p.Sentence()
	return fmt.Sprintf(format, args...)
}

// Sentence returns the text for package message.
func (p ProxyError) Sentence() (format string, args []any) {
	if p.Status == 0 {
		return "HTTP_PROXY or HTTPS_PROXY is not a valid address", nil
	}
	if p.host != "" {
		return "the proxy %s (%s) refused to connect to the service (HTTP %d)", []any{p.host, p.variable, p.Status}
	}
	return "the proxy refused to connect to the service (HTTP %d)", []any{p.Status}
}

// proxied is the error of a connection to a proxy that failed, with the proxy.
type proxied struct {
	operation      *net.OpError
	host, variable string
}

func (p proxied) Error() string { return p.operation.Error() }
func (p proxied) Unwrap() error { return p.operation }

// NameProxy returns the error of a request. If a proxy failed, the error names its host and port, and the variable
// that it came from. proxy and env may be nil.
func NameProxy(err error, r *http.Request, proxy func(*http.Request) (*url.URL, error), env func(string) (string, bool)) error {
	var operation *net.OpError
	var refused ProxyError
	if proxy == nil || env == nil {
		return err
	}
	address, unknown := proxy(r)
	switch {
	case unknown != nil || address == nil:
	case errors.As(err, &refused) && refused.Status != 0:
		return ProxyError{refused.Status, address.Host, variableOf(r.URL.Scheme, env)}
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return proxied{operation, address.Host, variableOf(r.URL.Scheme, env)}
	}
	return err
}

// variableOf returns the variable that sets the proxy for a scheme. Go reads the name in capitals first.
func variableOf(scheme string, env func(string) (string, bool)) string {
	name := strings.ToUpper(scheme) + "_PROXY"
	if value, _ := env(name); value == "" {
		return strings.ToLower(name)
	}
	return name
}

// ErrProxyAddress is the error of an environment variable without a valid proxy address.
var ErrProxyAddress = ProxyError{}

// WithoutAddress wraps a proxy function, so that its errors do not contain the proxy's address, which
// can contain a password. It returns nil for nil.
func WithoutAddress(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	if proxy == nil {
		return nil
	}
	return func(r *http.Request) (*url.URL, error) {
		u, err := proxy(r)
		if err != nil {
			return nil, ErrProxyAddress
		}
		return u, nil
	}
}

// CheckConnect returns a ProxyError if a proxy refuses to connect. It is for
// http.Transport.OnProxyConnectResponse; without it, net/http returns only the text of the proxy.
func CheckConnect(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return ProxyError{Status: answer.StatusCode}
	}
	return nil
}
