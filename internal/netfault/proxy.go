package netfault

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// ProxyError is an error of the proxy. The request did not reach the service.
type ProxyError struct{ Text string }

func (p ProxyError) Error() string { return p.Text }

// ErrProxyAddress is the error of an environment variable without a valid proxy address.
var ErrProxyAddress = ProxyError{"HTTP_PROXY or HTTPS_PROXY is not a valid address"}

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
		return ProxyError{fmt.Sprintf("the proxy refused to connect to the service (HTTP %d)", answer.StatusCode)}
	}
	return nil
}
