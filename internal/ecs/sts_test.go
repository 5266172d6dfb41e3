package ecs

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// The SDK sends to STS through a copy of http.DefaultTransport: trusting the certificate of
// httptest there lets it reach a stand-in. It is done before any test runs.
var _ = trustStandIns()

func trustStandIns() bool {
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	http.DefaultTransport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: pool}
	return true
}

const theRole = "acs:ram::123456789012:role/ops"

// sts is a stand-in for the security token service. It gives out "STS.1", "STS.2"…, and checks
// who asks.
type sts struct {
	*httptest.Server
	mu    sync.Mutex
	asked []url.Values

	secrets  map[string]string // of the AccessKeys that it knows
	lifetime time.Duration
	instead  http.HandlerFunc // another answer
}

func newSTS(t testing.TB) *sts {
	t.Helper()
	s := &sts{secrets: map[string]string{theKeyId: theSecret}, lifetime: time.Hour}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(s.answer))
	t.Cleanup(s.Close)
	return s
}

func (s *sts) host() string { return strings.TrimPrefix(s.URL, "https://") }

func (s *sts) answer(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.Form)
	switch id := r.Form.Get("AccessKeyId"); {
	case s.instead != nil:
		s.instead(w, r)
	case r.Form.Get("Action") == "AssumeRole" && s.secrets[id] == "":
		refusal(http.StatusNotFound, "InvalidAccessKeyId.NotFound")(w, r)
	case r.Form.Get("Action") == "AssumeRole" && r.Form.Get("Signature") != signed(r, s.secrets[id]):
		refusal(http.StatusBadRequest, "SignatureDoesNotMatch")(w, r)
	default:
		n := len(s.asked)
		s.secrets[fmt.Sprintf("STS.%d", n)] = theSecret
		answer(http.StatusOK, fmt.Sprintf(`{"RequestId":"R-1","AssumedRoleUser":{"Arn":"a","AssumedRoleId":"b"},"Credentials":{"AccessKeyId":"STS.%d","AccessKeySecret":%q,"SecurityToken":%q,"Expiration":%q}}`,
			n, theSecret, theToken, time.Now().Add(s.lifetime).UTC().Format(time.RFC3339)))(w, r)
	}
}

// signed is the signature, version 1.0, that a request must carry.
func signed(r *http.Request, secret string) string {
	form := url.Values{}
	for name, values := range r.Form {
		if name != "Signature" {
			form[name] = values
		}
	}
	escape := strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte("POST&%2F&" + url.QueryEscape(escape(form.Encode()))))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// questions are the questions so far.
func (s *sts) questions() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]url.Values{}, s.asked...)
}

// of is a search in an aliyun CLI file with these profiles, the first of which is "x".
func (s *sts) of(t testing.TB, profile string, others ...string) Search {
	t.Helper()
	all := append([]string{`{"name":"x",` + profile + `}`}, others...)
	found := search(t, nil, profiles(t, `{"current":"x","profiles":[`+strings.Join(all, ",")+`]}`))
	found.sts = s.host()
	return found
}

// theKeys are the keys of a profile that the stand-in knows.
const theKeys = `"access_key_id":"` + theKeyId + `","access_key_secret":"` + theSecret + `"`

const ramRole = `"mode":"RamRoleArn",` + theKeys + `,"ram_role_arn":"` + theRole + `"`

// found finds an identity that there must be.
func found(t testing.TB, s Search) *Identity {
	t.Helper()
	identity, err := s.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

// lists is what becomes of a list that an identity signs, where the service would answer well.
func lists(t testing.TB, identity *Identity) (*stranger, error) {
	t.Helper()
	s, _ := strange(t)
	client := s.client(t, func(o *Options) { o.Identity = identity })
	_, err := verbs["list"](t.Context(), client)
	return s, err
}
