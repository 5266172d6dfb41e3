package identity

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/netfault"
)

// serves responds with credentials that expire after a lifetime.
func serves(lifetime time.Duration) http.HandlerFunc {
	return answer(http.StatusOK, fmt.Sprintf(`{"Code":"Success","AccessKeyId":"STS.uri","AccessKeySecret":%q,"SecurityToken":%q,"Expiration":%q}`,
		theSecret, theToken, time.Now().Add(lifetime).UTC().Format(time.RFC3339)))
}

// at returns a search in which only a credentials URI is configured.
func at(t *testing.T, uri string) Search {
	t.Helper()
	return search(t, map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": uri}, "")
}

func TestACredentialsURIIsUsed(t *testing.T) {
	for _, test := range []struct{ source, profile string }{
		{"environment ALIBABA_CLOUD_CREDENTIALS_URI", ""},
		{"profile x", `"mode":"CredentialsURI","credentials_uri":%q`},
		{"profile x", `"mode":"CredentialsURI"`}, // the environment has it
	} {
		beside := serve(t, serves(time.Hour))
		uri := beside.URL + "/creds?key=1"
		s := at(t, uri)
		switch {
		case strings.Contains(test.profile, "%q"):
			s.Env = environment(nil)
			test.profile = fmt.Sprintf(test.profile, uri)
			fallthrough
		case test.profile != "":
			s.ProfilePath = profiles(t, `{"current":"x","profiles":[{"name":"x",`+test.profile+`}]}`)
		}
		identity := found(t, s)
		if identity.Source != test.source || identity.AccessKeyId != "" || !strings.HasPrefix(identity.Role, "credentials URI 127.0.0.1:") {
			t.Errorf("%+v", identity)
		}
		if beside.requests.Load() > 0 {
			t.Errorf("%s: asked before anything was to be signed", test.source)
		}
		for range 2 {
			if got := signsWith(t, identity); got != "STS.uri/"+theSecret+"/"+theToken {
				t.Errorf("%s: signs with %s", test.source, got)
			}
		}
		if n := beside.requests.Load(); n != 1 {
			t.Errorf("%s: asked %d times", test.source, n)
		}
	}
}

func TestCredentialsOfAURIAreRenewedBeforeTheyExpire(t *testing.T) {
	beside := serve(t, serves(2*time.Minute))
	identity := found(t, at(t, beside.URL))
	signsWith(t, identity)
	signsWith(t, identity)
	if n := beside.requests.Load(); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

func TestErrorsOfACredentialsURIDoNotShowTheURIOrTheResponse(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		says   string
		kind   activation.Kind
	}{
		"a page":              {answer(200, "<html>"+theMark), "not valid JSON", activation.KindIdentity},
		"nothing":             {answer(200, ""), "not valid JSON", activation.KindIdentity},
		"a failure":           {answer(200, `{"Code":"`+theMark+`"}`), "no usable credentials", activation.KindIdentity},
		"a failure with keys": {answer(200, `{"Code":"Failed","AccessKeyId":"a","AccessKeySecret":"`+theSecret+`","SecurityToken":"b"}`), "no usable credentials", activation.KindIdentity},
		"no token":            {answer(200, `{"AccessKeyId":"a","AccessKeySecret":"`+theSecret+`"}`), "no usable credentials", activation.KindIdentity},
		"an array":            {answer(200, `["`+theMark+`"]`), "unexpected form", activation.KindIdentity},
		"an object for a key": {answer(200, `{"AccessKeyId":{"`+theMark+`":1}}`), "string was expected", activation.KindIdentity},
		"not there":           {answer(404, theMark), "HTTP 404", activation.KindIdentity},
		"a redirect":          {answer(302, "", "Location", "http://"+theMark+"/"), "HTTP 302", activation.KindIdentity},
		"a gateway's error":   {answer(503, theMark), "HTTP 503", activation.KindUnavailable},
		"a closed connection": {torn(""), "cannot reach", activation.KindUnavailable},
		"not HTTP":            {torn("220 " + theMark + "\r\n"), "cannot reach", activation.KindUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			beside := serve(t, test.answer)
			uri := strings.Replace(beside.URL, "//", "//user:"+theSecret+"@", 1) + "/" + theMark + "?token=" + theToken
			_, err := found(t, at(t, uri)).keys(t.Context())
			wantKind(t, err, test.kind, test.says, "the credentials URI on 127.0.0.1:")
		})
	}
}

func TestAnInvalidCredentialsURIIsNotShown(t *testing.T) {
	for _, uri := range []string{theMark, "ftp://" + theMark, "http://", "//x/" + theMark, "http://%zz" + theMark, "file:///etc/passwd", "127.0.0.1:80/" + theMark} {
		identity, err := at(t, uri).Find(t.Context())
		wantIdentityError(t, uri, identity, err, "ALIBABA_CLOUD_CREDENTIALS_URI", "not an http or https URL")
	}
}

func TestADifferentCredentialsURIIsADifferentIdentity(t *testing.T) {
	one, same, other := found(t, at(t, "http://127.0.0.1:1/a")), found(t, at(t, "http://127.0.0.1:1/a")), found(t, at(t, "http://127.0.0.1:1/b"))
	if one.Role != same.Role || one.Role == other.Role {
		t.Errorf("%q, %q, %q", one.Role, same.Role, other.Role)
	}
}

func TestALocalCredentialsURIIsNotRequestedThroughAProxy(t *testing.T) {
	proxy, err := url.Parse("http://proxy.example:3128")
	if err != nil {
		t.Fatal(err)
	}
	p := proxyFunc(func(*http.Request) (*url.URL, error) { return proxy, nil })
	for uri, through := range map[string]bool{
		"http://127.0.0.1:8080/x": false, "http://127.9.9.9/": false, "http://localhost/": false, "http://LOCALHOST:1/": false, "http://[::1]:80/": false,
		"http://169.254.170.2/v2": false, "http://100.100.100.200/x": false, "http://[fe80::1]/": false,
		"https://creds.example/x": true, "http://10.0.0.1/": true,
	} {
		got, err := p.of(httptest.NewRequest(http.MethodGet, uri, nil))
		if err != nil || (got == proxy) != through {
			t.Errorf("%s: %v, %v", uri, got, err)
		}
	}
	if got, err := proxyFunc(nil).of(httptest.NewRequest(http.MethodGet, "https://creds.example/", nil)); got != nil || err != nil {
		t.Errorf("no proxy is %v, %v", got, err)
	}
}

func TestAProxyThatRefusesIsTheReason(t *testing.T) {
	refusing := serve(t, answer(http.StatusForbidden, theMark))
	address, err := url.Parse(strings.Replace(refusing.URL, "//", "//user:"+theSecret+"@", 1))
	if err != nil {
		t.Fatal(err)
	}
	s := at(t, "https://creds.example/x")
	s.Proxy = http.ProxyURL(address)
	_, err = found(t, s).keys(t.Context())
	wantKind(t, err, activation.KindUnavailable, "cannot reach the credentials URI on creds.example: the proxy refused to connect to the service (HTTP 403)")
	if hint := err.(*activation.Error).Hint; hint != netfault.CheckProxy { //nolint:errorlint // wantKind has checked it
		t.Error(hint)
	}
}
