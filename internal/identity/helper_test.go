package identity

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ecs-activation/internal/identity/identitytest"
)

// Short names for the secrets and invalid responses of identitytest.
const (
	theKeyId  = identitytest.KeyId
	theSecret = identitytest.Secret
	theToken  = identitytest.Token
	theMark   = identitytest.Mark
	nobody    = identitytest.Nobody
)

var (
	answer     = identitytest.Answer
	refusal    = identitytest.Refusal
	torn       = identitytest.Torn
	hang       = identitytest.Hang
	keepsQuiet = identitytest.KeepsQuiet
)

const theRole = identitytest.Role

// theKeys has the keys of a profile that the fake services accept.
const theKeys = `"access_key_id":"` + theKeyId + `","access_key_secret":"` + theSecret + `"`

const ramRole = `"mode":"RamRoleArn",` + theKeys + `,"ram_role_arn":"` + theRole + `"`

// environment returns a lookup function for a map of variables.
func environment(variables map[string]string) func(string) (string, bool) {
	variables = maps.Clone(variables)
	return func(name string) (string, bool) { value, set := variables[name]; return value, set }
}

func contextFor(t testing.TB, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}

// sts is a fake STS with methods that return searches.
type sts struct{ *identitytest.STS }

func newSTS(t testing.TB) sts { return sts{identitytest.NewSTS(t)} }

// of returns a search in an aliyun CLI file with these profiles. The first one is "x".
func (s sts) of(t testing.TB, profile string, others ...string) Search {
	t.Helper()
	all := append([]string{`{"name":"x",` + profile + `}`}, others...)
	found := search(t, nil, profiles(t, `{"current":"x","profiles":[`+strings.Join(all, ",")+`]}`))
	found.STS = s.Host()
	return found
}

// found returns the identity of a search, and fails the test if there is none.
func found(t testing.TB, s Search) *Identity {
	t.Helper()
	identity, err := s.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

// instance is a fake metadata service with methods that return searches.
type instance struct{ *identitytest.Instance }

func newInstance(t testing.TB) instance { return instance{identitytest.NewInstance(t)} }

// on returns a search on this instance with no other source configured.
func (i instance) on(t *testing.T, env map[string]string, profile string) Search {
	t.Helper()
	path := ""
	if profile != "" {
		path = profiles(t, `{"current":"x","profiles":[{"name":"x",`+profile+`}]}`)
	}
	s := search(t, env, path)
	s.Metadata = i.URL
	return s
}

// server is an HTTP server that counts its requests.
type server struct {
	*httptest.Server
	requests atomic.Int32
}

// serve starts a server with the same response to every request.
func serve(t testing.TB, answer http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}
