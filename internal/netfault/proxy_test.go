package netfault

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
)

func TestNameProxyNamesTheHostAndTheVariable(t *testing.T) {
	r := &http.Request{URL: &url.URL{Scheme: "https", Host: "ecs"}}
	proxy := func(*http.Request) (*url.URL, error) {
		return url.Parse("http://someone:" + secret + "@proxy.example:3128")
	}
	none := func(*http.Request) (*url.URL, error) { return nil, nil }
	only := func(set string) func(string) (string, bool) {
		return func(name string) (string, bool) { return map[string]string{set: "x"}[name], name == set }
	}
	failed := &net.OpError{Op: "proxyconnect", Err: dial(syscall.ECONNREFUSED)}
	other := errors.New("another")
	for _, test := range []struct {
		err   error
		proxy func(*http.Request) (*url.URL, error)
		set   string
		says  string
	}{
		{failed, proxy, "HTTPS_PROXY", "cannot reach the proxy proxy.example:3128 (HTTPS_PROXY): " + syscall.ECONNREFUSED.Error()},
		{failed, proxy, "https_proxy", "cannot reach the proxy proxy.example:3128 (https_proxy): " + syscall.ECONNREFUSED.Error()},
		{ProxyError{Status: 407}, proxy, "HTTPS_PROXY", "the proxy proxy.example:3128 (HTTPS_PROXY) refused to connect to the service (HTTP 407)"},
		{failed, none, "HTTPS_PROXY", "cannot reach the proxy: " + syscall.ECONNREFUSED.Error()},
		{failed, nil, "HTTPS_PROXY", "cannot reach the proxy: " + syscall.ECONNREFUSED.Error()},
		{ErrProxyAddress, proxy, "HTTPS_PROXY", ErrProxyAddress.Error()},
		{other, proxy, "HTTPS_PROXY", "another"},
	} {
		err := Explain(NameProxy(test.err, r, test.proxy, only(test.set)))
		if err.Error() != test.says || strings.Contains(err.Error(), secret) {
			t.Errorf("%v: %v", test.err, err)
		}
	}
}
