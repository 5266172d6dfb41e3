package identity

import (
	"context"
	"encoding/json"
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
		profile, _, err := s.Profile()
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

// blankKeys are three keys with blanks or line ends around them, and their clean form.
var blankKeys = [3]string{" LTAIx\r\n", "\t" + theSecret + " ", "\u00a0" + theToken + "\n"}

// keySources returns a search for each source of three keys, by a text that its errors contain.
func keySources(t *testing.T, keys [3]string) map[string]Search {
	file, err := json.Marshal(map[string]any{"profiles": []any{map[string]string{
		"name": "default", "access_key_id": keys[0], "access_key_secret": keys[1], "sts_token": keys[2],
	}}})
	if err != nil {
		t.Fatal(err)
	}
	answered, err := json.Marshal(map[string]string{"AccessKeyId": keys[0], "AccessKeySecret": keys[1], "SecurityToken": keys[2]})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]Search{
		"ALIBABA_CLOUD_ACCESS_KEY_": search(t, map[string]string{
			"ALIBABA_CLOUD_ACCESS_KEY_ID": keys[0], "ALIBABA_CLOUD_ACCESS_KEY_SECRET": keys[1], "ALIBABA_CLOUD_SECURITY_TOKEN": keys[2],
		}, ""),
		"profile default":        search(t, nil, profiles(t, string(file))),
		"section default":        inFile(t, fmt.Sprintf("[default]\ntype = sts\naccess_key_id = %q\naccess_key_secret = \"\"\"%s\"\"\"\nsecurity_token = \"\"\"%s\"\"\"\n", strings.TrimSpace(keys[0]), keys[1], keys[2])),
		"the credentials URI on": at(t, serve(t, answer(200, string(answered))).URL),
	}
}

func TestBlanksAndLineEndsAroundAKeyAreRemoved(t *testing.T) {
	for source, s := range keySources(t, blankKeys) {
		if got := signsWith(t, found(t, s)); got != "LTAIx/"+theSecret+"/"+theToken {
			t.Errorf("%s: %q", source, got)
		}
	}
}

func TestAKeyWithABlankInsideIsRefusedWithItsSource(t *testing.T) {
	for _, inside := range []string{" ", "\t", "\x7f", "\u200b"} {
		for source, s := range keySources(t, [3]string{"LTAIx", "hunter2" + inside + "hunter2", theToken}) {
			identity, err := s.Find(t.Context())
			if err == nil {
				_, err = identity.provider.GetCredentials()
			}
			if err == nil || !strings.Contains(err.Error(), source) && !strings.Contains(err.Error(), "ALIBABA_CLOUD_ACCESS_KEY_SECRET") ||
				!strings.Contains(err.Error(), "contains a blank or a control character") || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s with %q: %v", source, inside, err)
			}
		}
	}
}

func TestBlankKeysAreNotSet(t *testing.T) {
	s := search(t, map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID": " ", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "\n", "ALICLOUD_ACCESS_KEY_ID": "LTAIx", "ALICLOUD_ACCESS_KEY_SECRET": theSecret,
	}, "")
	if identity := found(t, s); identity.Source != "environment ALICLOUD_ACCESS_KEY_ID" {
		t.Error(identity)
	}
	s = search(t, nil, profiles(t, `{"profiles":[{"name":"default","access_key_id":"LTAIx","access_key_secret":" \n"}]}`))
	identity, err := s.Find(t.Context())
	wantIdentityError(t, "a blank secret", identity, err, "profile default has no access_key_secret")
	for _, blank := range []string{"AccessKeyId", "AccessKeySecret", "SecurityToken"} {
		answered := map[string]string{"AccessKeyId": "STS.x", "AccessKeySecret": theSecret, "SecurityToken": theToken}
		answered[blank] = " \n"
		body, err := json.Marshal(answered)
		if err != nil {
			t.Fatal(err)
		}
		if err := (&temporary{now: time.Now}).accept(body); err == nil || !strings.Contains(err.Error(), "no usable credentials") {
			t.Errorf("%s: %v", blank, err)
		}
	}
}
