package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// These tests have responses that the sandbox does not send, and lost responses.

// service is a fake service that records its requests.
type service struct {
	mu       sync.Mutex
	requests []*http.Request
}

// reply responds to the nth request, from 1. The first responses can be lost.
func (s *service) serve(t *testing.T, reply func(w http.ResponseWriter, r *http.Request, n int)) *user {
	return newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r)
		n := len(s.requests)
		s.mu.Unlock()
		reply(w, r, n)
	}))...)
}

// sent returns the values of a parameter in all requests, in order.
func (s *service) sent(parameter string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var values []string
	for _, r := range s.requests {
		values = append(values, r.URL.Query().Get(parameter))
	}
	return values
}

// lose reads a request and closes the connection without a response.
func lose(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func say200(w http.ResponseWriter, body string) {
	fmt.Fprint(w, body) //nolint:errcheck // the client may have gone
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	say200(w, `{"RequestId":"R1","Code":"`+code+`","Message":"No."}`)
}

const createdAnswer = `{"RequestId":"R1","ActivationId":"A","ActivationCode":"a-code"}`

func TestCreateIsRepeatedWithItsTokenAfterALostResponse(t *testing.T) {
	t.Parallel()
	var s service
	u := s.serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		switch n {
		case 1:
			lose(w)
		case 2:
			refuse(w, http.StatusBadRequest, "Throttling.User")
		case 3:
			refuse(w, http.StatusServiceUnavailable, "ServiceUnavailable")
		default:
			say200(w, createdAnswer)
		}
	})
	o, status := u.run("create", "-q")
	if status != 0 || o.stdout != "a-code\n" {
		t.Fatalf("exit status %d, %q, %s", status, o.stdout, o.stderr)
	}
	tokens, nonces := s.sent("ClientToken"), s.sent("SignatureNonce")
	if len(tokens) != 4 || tokens[0] == "" {
		t.Fatalf("the tokens were %q", tokens)
	}
	for i := 1; i < len(tokens); i++ {
		if tokens[i] != tokens[0] || nonces[i] == nonces[0] {
			t.Errorf("request %d has token %q and nonce %q after %q and %q", i+1, tokens[i], nonces[i], tokens[0], nonces[0])
		}
	}
}

func TestRefusedRequestIsSentOnce(t *testing.T) {
	var s service
	u := s.serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		refuse(w, http.StatusForbidden, "Forbidden.RAM")
	})
	if o, status := u.run("create"); status != 4 || !strings.Contains(o.stderr, "Forbidden.RAM, request R1") {
		t.Errorf("exit status %d, %s", status, o.stderr)
	}
	if sent := s.sent("Action"); len(sent) != 1 {
		t.Errorf("%d requests were sent: %q", len(sent), sent)
	}
}

func TestDeleteSucceedsIfTheCodeIsGoneAfterALostResponse(t *testing.T) {
	var s service
	u := s.serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		if n == 1 {
			lose(w)
		}
		refuse(w, http.StatusNotFound, "ActivationId.NotFound")
	})
	if o, status := u.run("delete", "--yes", "A"); status != 0 || !strings.HasPrefix(o.stdout, "deleted A ") {
		t.Errorf("exit status %d, %q, %s", status, o.stdout, o.stderr)
	}
}

func TestDisableFailsIfTheCodeIsNotFoundAfterALostResponse(t *testing.T) {
	var s service
	u := s.serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		if n == 1 {
			lose(w)
		}
		refuse(w, http.StatusNotFound, "ActivationId.NotFound")
	})
	if o, status := u.run("disable", "--yes", "A"); status != 5 {
		t.Errorf("exit status %d, %q, %s", status, o.stdout, o.stderr)
	}
}

func TestEightChangesRunInParallelPerRegion(t *testing.T) {
	t.Parallel()
	var s service
	var under, most atomic.Int32
	u := s.serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		now := under.Add(1)
		defer under.Add(-1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		time.Sleep(20 * time.Millisecond)
		id := r.URL.Query().Get("ActivationId")
		say200(w, `{"RequestId":"R1","Activation":{"ActivationId":"`+id+`","InstanceCount":10}}`)
	})
	args := []string{"disable", "--yes"}
	var want strings.Builder
	for i := range 64 {
		args = append(args, fmt.Sprint("ID-", i))
		fmt.Fprintf(&want, "disabled ID-%d (0 of 10 uses; cannot be enabled again)\n", i)
	}
	if o, status := u.run(args...); status != 0 || o.stdout != want.String() {
		t.Errorf("exit status %d, %s, %s", status, o.stdout, o.stderr)
	}
	if got := most.Load(); got < 2 || got > 8 {
		t.Errorf("%d ran at once, want at most 8 and more than one", got)
	}
}

func TestTimesAreTheServicesAndAWrongClockIsReported(t *testing.T) {
	const page = `{"RequestId":"R1","TotalCount":1,"ActivationList":[{"ActivationId":"A","InstanceCount":10,"TimeToLiveInHours":4,"CreationTime":%q}]}`
	created := time.Now().UTC().Add(-3 * time.Hour).Format(time.RFC3339)
	for off, want := range map[time.Duration]string{0: "Active", 2 * time.Hour: "Expired"} {
		var s service
		u := s.serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Date", time.Now().UTC().Add(off).Format(http.TimeFormat))
			say200(w, fmt.Sprintf(page, created))
		})
		o, status := u.run("list", "-o", "json")
		var codes []struct{ Status string }
		if err := json.Unmarshal([]byte(o.stdout), &codes); err != nil || status != 0 || len(codes) != 1 {
			t.Fatalf("exit status %d, %v, %s", status, err, o.stdout)
		}
		if codes[0].Status != want {
			t.Errorf("%s ahead: the status is %s, want %s", off, codes[0].Status, want)
		}
		if mentioned := strings.Contains(o.stderr, "clock is"); mentioned != (off > time.Minute) {
			t.Errorf("%s ahead: standard error says %q", off, o.stderr)
		}
	}
}

func TestOldAnswerDoesNotMakeTheClockWrong(t *testing.T) {
	t.Parallel()
	var s service
	u := s.serve(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		if n > 1 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Date", time.Now().UTC().Add(-58500*time.Millisecond).Format(http.TimeFormat))
		say200(w, activeCode(0))
	})
	if o, status := u.run("wait", "A", "--registered", "3", "--timeout", "3s"); status != 7 || strings.Contains(o.stderr, "clock is") {
		t.Errorf("exit status %d, %s", status, o.stderr)
	}
}

func TestErrorAboutAResponseHasItsRequestID(t *testing.T) {
	var s service
	u := s.serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		say200(w, `{"RequestId":"R1","TotalCount":99,"NextToken":"again","ActivationList":[{"ActivationId":"A"}]}`)
	})
	if o, status := u.run("list"); status != 1 || !strings.HasSuffix(o.stderr, "would never end\n  request R1\n") {
		t.Errorf("exit status %d, %s", status, o.stderr)
	}
}

func TestEndlessResponseIsAnError(t *testing.T) {
	var s service
	u := s.serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		block := []byte(`{"RequestId":"` + strings.Repeat("x", 1<<20))
		for i := 0; i < 300 && r.Context().Err() == nil; i++ {
			if _, err := w.Write(block); err != nil {
				return // it has read enough
			}
		}
	})
	if o, status := u.run("list"); status == 0 || o.stdout != "" || !strings.Contains(o.stderr, "error: ") {
		t.Errorf("exit status %d, %d bytes of output, %s", status, len(o.stdout), o.stderr)
	}
}

func TestUserAgentHasTheVersion(t *testing.T) {
	var s service
	u := s.serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { say200(w, createdAnswer) })
	u.run("create")
	if got := s.requests[0].UserAgent(); got != "ecs-activation/test" {
		t.Errorf("the user agent is %q", got)
	}
}
