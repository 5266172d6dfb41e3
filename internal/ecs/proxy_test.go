package ecs

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"ecs-activation/internal/activation"
)

func TestRequestsLeaveThroughTheProxyThatIsChosen(t *testing.T) {
	var through atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		through.Add(1)
		if !r.URL.IsAbs() || r.Header.Get("Proxy-Authorization") == "" {
			t.Errorf("%s, authorization %q", r.URL.Redacted(), r.Header.Get("Proxy-Authorization"))
		}
		good(w, r)
	}))
	defer proxy.Close()
	address := strings.Replace(proxy.URL, "http://", "http://user:"+theMark+"@", 1)
	s, direct := startServer(t)
	proxied := s.client(t, func(o *Options) {
		o.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(address) }
	})
	for name, call := range operations {
		if _, err := call(t.Context(), proxied); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if int(through.Load()) != len(operations) || len(s.queries()) != 0 {
		t.Errorf("%d requests through the proxy and %d past it", through.Load(), len(s.queries()))
	}
	if _, err := operations["list"](t.Context(), direct); err != nil || len(s.queries()) != 1 {
		t.Errorf("without a proxy: %v, %d requests", err, len(s.queries()))
	}
}

func TestTheEnvironmentsProxyIsNotTakenUnlessItIsGiven(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the proxy was asked for %s", r.URL.Host) }))
	defer proxy.Close()
	_, client := startServer(t)
	for _, value := range []string{proxy.URL, "://no address"} {
		for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
			t.Setenv(name, value)
		}
		t.Setenv("NO_PROXY", "[") // the SDK would read it as a regular expression, and fail
		if _, err := operations["list"](t.Context(), client); err != nil {
			t.Errorf("%s: %v", value, err)
		}
	}
}

func TestAProxyErrorNamesTheProxyWithoutItsAddress(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		fmt.Fprintf(connection, "HTTP/1.1 407 %s\r\nContent-Length: 0\r\n\r\n", theMark) //nolint:errcheck // the client reports it
		connection.Close()                                                               //nolint:errcheck // the same
	}))
	defer refusing.Close()
	withPassword := func(address string) func(*http.Request) (*url.URL, error) {
		return func(*http.Request) (*url.URL, error) {
			return url.Parse(strings.Replace(address, "http://", "http://user:"+theSecret+"@", 1))
		}
	}
	for _, test := range []struct {
		name     string
		proxy    func(*http.Request) (*url.URL, error)
		says     string
		attempts int
	}{
		{"an address that is none", func(*http.Request) (*url.URL, error) {
			return nil, errors.New("invalid proxy address \"http://user:" + theSecret + "@[\"")
		}, "HTTP_PROXY or HTTPS_PROXY is not a valid address", oneAttempt},
		{"a proxy that wants a password", withPassword(refusing.URL), "HTTP 407", oneAttempt},
		{"a proxy that is not there", withPassword(unreachable), "cannot reach the proxy: ", fewAttempts},
	} {
		s := &fakeServer{Server: refusing} // only for what is traced: nothing reaches it but the proxy
		client := s.client(t, func(o *Options) { o.Proxy, o.Endpoint = test.proxy, Endpoint{} })
		_, err := client.Create(t.Context(), activation.CreateRequest{RegionId: hangzhou, ClientToken: "t"}, nil)
		known := wantError(t, err)
		if known.Kind != activation.KindUnavailable || !known.NothingDone || known.Hint == "" || !strings.Contains(known.Error(), test.says) {
			t.Errorf("%s: %+v", test.name, known)
		}
		if n := len(s.traced()); n != test.attempts {
			t.Errorf("%s: %d attempts", test.name, n)
		}
		hidesSecrets(t, s.shown(known), "user:")
	}
}
