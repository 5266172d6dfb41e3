package identity

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/netfault"
)

func TestConcurrentCallersShareOneFetch(t *testing.T) {
	sts := newSTS(t)
	identity := found(t, sts.of(t, ramRole))
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := identity.Provider(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := len(sts.Requests()); n != 1 {
		t.Errorf("STS was asked %d times", n)
	}
}

func TestKeysReturnsWhenTheContextEnds(t *testing.T) {
	sts := newSTS(t)
	sts.Instead = hang
	identity := found(t, sts.of(t, ramRole))
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded, errors.New("enough")} {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(50*time.Millisecond, func() { cancel(cause) })
		if provider, err := identity.Provider(ctx); provider != nil || err != cause { //nolint:errorlint // it must be the same
			t.Errorf("%v: %v", cause, err)
		}
	}
	sts.CloseClientConnections()
}

func TestPrintingAnIdentityShowsNoSecret(t *testing.T) {
	sts, i := newSTS(t), newInstance(t)
	beside := serve(t, serves(time.Hour))
	chain := sts.of(t, `"mode":"ChainableRamRoleArn","source_profile":"base","ram_role_arn":"`+theRole+`"`, `{"name":"base",`+theKeys+`}`)
	for _, s := range []Search{sts.of(t, theKeys), sts.of(t, ramRole), chain, i.on(t, nil, `"mode":"EcsRamRole"`), at(t, beside.URL+"/"+theToken)} {
		identity := found(t, s)
		signsWith(t, identity)
		if _, err := identity.keys(t.Context()); err != nil {
			t.Fatal(err)
		}
		profile, err := s.Profile()
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
			text := fmt.Sprintf(format, identity) + fmt.Sprintf(format, profile)
			for _, secret := range []string{theSecret, theToken} {
				if strings.Contains(text, secret) {
					t.Errorf("%s shows %s: %s", format, secret, text)
				}
			}
		}
	}
}

func TestANetworkErrorShowsNoProxyPasswordAndNoResponse(t *testing.T) {
	refused := &url.Error{Op: "Post", URL: "https://sts.aliyuncs.com/?Signature=" + theMark, Err: &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}}
	for _, test := range []struct {
		err  error
		says string
	}{
		{refused, syscall.ECONNREFUSED.Error()},
		{&url.Error{Op: "Get", URL: "http://x/?" + theMark, Err: fmt.Errorf("invalid proxy address %q", "http://user:"+theSecret+"@proxy")}, "HTTP_PROXY or HTTPS_PROXY is not a valid address"},
		{&url.Error{Op: "Get", URL: "http://x/?" + theMark, Err: errors.New("malformed HTTP response " + theMark)}, "the response is not HTTP"},
		{&url.Error{Op: "Get", URL: "http://x/?" + theMark, Err: &net.DNSError{Err: "no such host", Name: "sts.x.aliyuncs.com", IsNotFound: true}}, "host sts.x.aliyuncs.com not found"},
		{&url.Error{Op: "Get", URL: "http://x/?" + theMark, Err: errors.New(theMark)}, "the connection was closed"},
		{&url.Error{Op: "Get", URL: "http://x/?" + theMark, Err: context.DeadlineExceeded}, netfault.TimedOut},
	} {
		wantKind(t, unreachable(errors.New("STS"), test.err), activation.KindUnavailable, "cannot reach STS: "+test.says)
	}
	if err := withoutPath(&fs.PathError{Op: "open", Path: theMark, Err: fs.ErrPermission}); !errors.Is(err, fs.ErrPermission) || strings.Contains(err.Error(), theMark) {
		t.Error(err)
	}
}

func TestCredentialsAreNotSentThroughAPlainHTTPProxy(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the proxy was asked for %s", r.URL) }))
	defer proxy.Close()
	through, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	beside := serve(t, serves(time.Hour))
	s := at(t, beside.URL)
	s.Proxy = http.ProxyURL(through)
	signsWith(t, found(t, s))
}
