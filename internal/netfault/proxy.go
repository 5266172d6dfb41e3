package netfault

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// ProxyError is an error of the proxy. The request did not reach the service.
type ProxyError struct {
	Status int // with which the proxy refused to connect; 0: its address is not valid
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
	return "the proxy refused to connect to the service (HTTP %d)", []any{p.Status}
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
		return ProxyError{answer.StatusCode}
	}
	return nil
}
