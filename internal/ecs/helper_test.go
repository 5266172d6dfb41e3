package ecs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/identity"
	"ecs-activation/internal/identity/identitytest"
	"ecs-activation/internal/message"
)

// Short names for the secrets and the odd answers of identitytest.
const (
	theKeyId    = identitytest.KeyId
	theSecret   = identitytest.Secret
	theToken    = identitytest.Token
	theMark     = identitytest.Mark
	unreachable = identitytest.Nobody
)

var (
	answer       = identitytest.Answer
	refusal      = identitytest.Refusal
	torn         = identitytest.Torn
	hang         = identitytest.Hang
	hidesSecrets = identitytest.KeepsQuiet
)

const (
	hangzhou = "cn-hangzhou"
	codeId   = "4ECEEE12-56F1-4FBC-9AB1-890F12345678"
)

var codeRef = activation.Ref{RegionId: hangzhou, ActivationId: codeId}

// fakeServer is an HTTP server that can answer as the sandbox never does. The next handler answers
// each request, and the last handler answers all later ones.
type fakeServer struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
	attempts []Attempt
}

// startServer starts a fakeServer and a client of it. Without answers, it answers as the service does.
func startServer(t testing.TB, answers ...http.HandlerFunc) (*fakeServer, *Client) {
	t.Helper()
	s := &fakeServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		n := len(s.requests)
		s.requests = append(s.requests, r)
		s.mu.Unlock()
		if len(answers) == 0 {
			good(w, r)
			return
		}
		answers[min(n, len(answers)-1)](w, r)
	}))
	t.Cleanup(s.Close)
	return s, s.client(t, nil)
}

// client returns a client of the fakeServer whose identity has every kind of secret.
func (s *fakeServer) client(t testing.TB, change func(*Options)) *Client {
	t.Helper()
	options := Options{
		Identity: identity.Temporary("test", theKeyId, theSecret, theToken), Endpoint: endpointOf(t, s.URL), UserAgent: "ecs-activation/test",
		Trace: func(a Attempt) {
			s.mu.Lock()
			s.attempts = append(s.attempts, a)
			s.mu.Unlock()
		},
	}
	if change != nil {
		change(&options)
	}
	client := New(options)
	t.Cleanup(client.Close)
	return client
}

func endpointOf(t testing.TB, text string) Endpoint {
	t.Helper()
	endpoint, err := ParseEndpoint(text)
	if err != nil {
		t.Fatal(err)
	}
	return endpoint
}

// queries returns the queries of the requests so far.
func (s *fakeServer) queries() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	var queries []url.Values
	for _, r := range s.requests {
		queries = append(queries, r.URL.Query())
	}
	return queries
}

// traced returns the attempts that Trace was called with.
func (s *fakeServer) traced() []Attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Attempt{}, s.attempts...)
}

// good answers every operation as its documentation shows.
func good(w http.ResponseWriter, r *http.Request) {
	const code = `"ActivationId":"` + codeId + `","InstanceName":"web","InstanceCount":10,"RegisteredCount":0,"TimeToLiveInHours":4,"CreationTime":"2026-06-25T06:00:00Z"`
	body := map[string]string{
		"CreateActivation":    `{"RequestId":"R-0","ActivationId":"` + codeId + `","ActivationCode":"a-hz01fake"}`,
		"DescribeActivations": `{"RequestId":"R-0","TotalCount":1,"PageNumber":1,"PageSize":10,"NextToken":"","ActivationList":[{` + code + `}]}`,
		"DisableActivation":   `{"RequestId":"R-0","Activation":{` + code + `,"Disabled":false}}`,
		"DeleteActivation":    `{"RequestId":"R-0","Activation":{` + code + `}}`,

		"DescribeManagedInstances": `{"RequestId":"R-0","TotalCount":1,"NextToken":"","Instances":[{"InstanceId":"mi-1","ActivationId":"` + codeId + `"}]}`,
		"DescribeRegions":          `{"RequestId":"R-0","Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}`,
	}[r.URL.Query().Get("Action")]
	answer(http.StatusOK, body)(w, r)
}

// operations are the operations of the service, with results of different types.
var operations = map[string]func(context.Context, *Client) (any, error){
	"create": func(ctx context.Context, c *Client) (any, error) {
		return c.Create(ctx, activation.CreateRequest{RegionId: hangzhou, ClientToken: "token-1"}, nil)
	},
	"create once": func(ctx context.Context, c *Client) (any, error) {
		return c.Create(ctx, activation.CreateRequest{RegionId: hangzhou}, nil)
	},
	"list": func(ctx context.Context, c *Client) (any, error) {
		return c.List(ctx, activation.ListRequest{RegionId: hangzhou})
	},
	"disable": func(ctx context.Context, c *Client) (any, error) { return c.Disable(ctx, codeRef) },
	"delete":  func(ctx context.Context, c *Client) (any, error) { return c.Delete(ctx, codeRef) },
	"machines": func(ctx context.Context, c *Client) (any, error) {
		return c.Machines(ctx, activation.MachinesRequest{Ref: codeRef})
	},
	"regions": func(ctx context.Context, c *Client) (any, error) { return c.Regions(ctx, hangzhou) },
}

// wantError returns an error as an activation.Error, and fails the test if it is none.
func wantError(t testing.TB, err error) *activation.Error {
	t.Helper()
	var known *activation.Error
	if !errors.As(err, &known) {
		t.Fatalf("%T %v is no *activation.Error", err, err)
	}
	if known.Op == "" || known.ID.RegionId != hangzhou || known.Err == nil || known.Kind == "" {
		t.Errorf("the error is not whole: %+v", known)
	}
	return known
}

// shown returns every text of an error that users can see.
func (s *fakeServer) shown(err *activation.Error) string {
	text := message.Invocation{}.Error(err)
	parts := []string{err.Error(), err.Err.Error(), text.OneLine(), text.Advice(), fmt.Sprintf("%+v", *err)}
	for _, a := range s.traced() {
		a.Host, a.Took = "", 0 // whose digits can be anything
		parts = append(parts, fmt.Sprintf("%+v", a))
		if a.Err != nil {
			parts = append(parts, a.Err.Error())
		}
	}
	return strings.Join(parts, "\n")
}

func contextFor(t testing.TB, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}
