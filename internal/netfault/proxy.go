package netfault

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// ProxyError is an error of the proxy, from before the service was reached.
type ProxyError struct{ Text string }

func (p ProxyError) Error() string { return p.Text }

// ErrProxyAddress is the error of a proxy variable that cannot be read.
var ErrProxyAddress = ProxyError{"HTTP_PROXY or HTTPS_PROXY holds no valid address"}

// WithoutAddress returns the same choice of a proxy, with errors that do not quote the proxy's
// address, which can hold a password. It returns nil for nil.
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

// CheckConnect returns a ProxyError when a proxy refuses to connect; it is for
// http.Transport.OnProxyConnectResponse. net/http would show only the proxy's own words.
func CheckConnect(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return ProxyError{fmt.Sprintf("the proxy does not connect to the service (HTTP %d)", answer.StatusCode)}
	}
	return nil
}
