package identitytest

import (
	"crypto/hmac"
	"crypto/sha1"
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

// Role is the role that the fake STS returns.
const Role = "acs:ram::123456789012:role/ops"

// STS is a fake security token service. It returns the AccessKeys "STS.1", "STS.2"…, and checks the
// signatures of requests.
type STS struct {
	*httptest.Server
	mu       sync.Mutex
	requests []url.Values

	Secrets  map[string]string // the secrets of the known AccessKeys
	Lifetime time.Duration
	Instead  http.HandlerFunc // another response
}

// NewSTS starts a fake STS, which is stopped at the end of the test.
func NewSTS(t testing.TB) *STS {
	t.Helper()
	s := &STS{Secrets: map[string]string{KeyId: Secret}, Lifetime: time.Hour}
	s.Server = httptest.NewServer(http.HandlerFunc(s.answer))
	t.Cleanup(s.Close)
	return s
}

// Host returns the host and port of the fake STS.
func (s *STS) Host() string { return strings.TrimPrefix(s.URL, "http://") }

func (s *STS) answer(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Form)
	switch id := r.Form.Get("AccessKeyId"); {
	case s.Instead != nil:
		s.Instead(w, r)
	case r.Form.Get("Action") == "AssumeRole" && s.Secrets[id] == "":
		Refusal(http.StatusNotFound, "InvalidAccessKeyId.NotFound")(w, r)
	case r.Form.Get("Action") == "AssumeRole" && r.Form.Get("Signature") != signed(r, s.Secrets[id]):
		Refusal(http.StatusBadRequest, "SignatureDoesNotMatch")(w, r)
	default:
		n := len(s.requests)
		s.Secrets[fmt.Sprintf("STS.%d", n)] = Secret
		Answer(http.StatusOK, fmt.Sprintf(`{"RequestId":"R-1","AssumedRoleUser":{"Arn":"a","AssumedRoleId":"b"},"Credentials":{"AccessKeyId":"STS.%d","AccessKeySecret":%q,"SecurityToken":%q,"Expiration":%q}}`,
			n, Secret, Token, time.Now().Add(s.Lifetime).UTC().Format(time.RFC3339)))(w, r)
	}
}

// signed returns the signature, version 1.0, of a request.
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

// Requests returns the parameters of the requests so far.
func (s *STS) Requests() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]url.Values{}, s.requests...)
}

// STSRefusal responds with an error of STS that quotes as much of the request as possible.
func STSRefusal(code string) http.HandlerFunc {
	return Answer(403, fmt.Sprintf(`{"RequestId":"R-STS","HostId":%q,"Code":%q,"Recommend":%q,"Message":"server string to sign is:POST&%%2F&AccessKeyId%%3D%s %s"}`,
		Mark, code, Mark, Mark, Token))
}
