package cli_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// cloud is a server of the sandbox whose first responses are replaced, in this order.
func cloud(t *testing.T, spoil ...func(http.ResponseWriter)) *user {
	t.Helper()
	u := newUser(t)
	box := u.box()
	keys, err := box.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	endpoint := standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		n := int(asked.Add(1))
		if n > len(spoil) {
			box.ServeHTTP(w, r)
			return
		}
		if n == 1 {
			box.ServeHTTP(httptest.NewRecorder(), r) // executed
		}
		spoil[n-1](w)
	})
	return u.with(map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID": keys.AccessKeyId, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": keys.AccessKeySecret,
		"ALIBABA_CLOUD_REGION_ID": "cn-hangzhou", "ECS_ACTIVATION_ENDPOINT": endpoint,
	})
}

func proxyPage(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusForbidden)
	say200(w, "<html>no</html>")
}

func throttled(w http.ResponseWriter) { refuse(w, http.StatusBadRequest, "Throttling.User") }

// The service executed the first attempt and its response was lost; then there was throttling; then a page of a
// proxy. Neither of the later responses means that no code was created.
func TestRecordIsKeptAfterALostResponseAndThrottling(t *testing.T) {
	t.Parallel()
	u := cloud(t, lose, throttled, proxyPage)
	o, status := u.run("create", "--instance-name", "web")
	if status != 1 || !strings.Contains(o.stderr, "the code may exist; to retrieve it without creating another:  ecs-activation recover ") {
		t.Fatalf("exit status %d, %s", status, o.stderr)
	}
	o, _ = u.run("recover", "-o", "json")
	var records []struct{ Attempts int }
	if err := json.Unmarshal([]byte(o.stdout), &records); err != nil || len(records) != 1 || records[0].Attempts != 3 {
		t.Errorf("the record does not have three attempts: %s, %v", o.stdout, err)
	}
	o, status = u.run("recover", "--all", "-o", "json")
	var codes []struct{ ActivationId, ActivationCode, InstanceName string }
	if err := json.Unmarshal([]byte(o.stdout), &codes); err != nil || status != 0 || len(codes) != 1 || codes[0].InstanceName != "web" {
		t.Fatalf("exit status %d, %v, %s%s", status, err, o.stdout, o.stderr)
	}
	if _, status := u.run("sandbox", "register", codes[0].ActivationId, codes[0].ActivationCode); status != 0 {
		t.Error("the recovered code is not the one that was created")
	}
	if found, err := u.box().Status(t.Context()); err != nil || found.Codes != 1 {
		t.Errorf("%d codes were created, %v", found.Codes, err)
	}
}

// A throttled attempt may have been executed, so the outcome is still unknown after a later refusal.
func TestRecordIsKeptAfterAThrottledAttemptAndARefusal(t *testing.T) {
	u := cloud(t, throttled, func(w http.ResponseWriter) { refuse(w, http.StatusForbidden, "Operation.Forbidden") })
	o, status := u.run("create")
	if status != 1 || !strings.Contains(o.stderr, "Operation.Forbidden, request R1") || !strings.Contains(o.stderr, "without creating another:  ecs-activation recover ") {
		t.Fatalf("exit status %d, %s", status, o.stderr)
	}
	if o, status := u.run("recover", "--last", "-q"); status != 0 || !strings.HasPrefix(o.stdout, "a-sandbox") {
		t.Errorf("exit status %d, %s", status, o.stderr)
	}
	if found, err := u.box().Status(t.Context()); err != nil || found.Codes != 1 {
		t.Errorf("%d codes were created, %v", found.Codes, err)
	}
}

// recover can be repeated, so its errors keep their kinds, and the record is kept.
func TestRefusedRecoverKeepsTheRecord(t *testing.T) {
	forbid := func(w http.ResponseWriter) { refuse(w, http.StatusForbidden, "Forbidden.RAM") }
	u := cloud(t, lose, proxyPage, forbid, forbid) // recover looks at the codes before it sends the create
	if _, status := u.run("create"); status != 1 {
		t.Fatalf("exit status of create %d", status)
	}
	if o, status := u.run("recover", "--last"); status != 4 || !strings.Contains(o.stderr, "Forbidden.RAM") {
		t.Errorf("exit status %d, %s", status, o.stderr)
	}
	if o, status := u.run("recover", "--last", "-q"); status != 0 || !strings.HasPrefix(o.stdout, "a-sandbox") {
		t.Errorf("exit status %d, %s", status, o.stderr)
	}
}

// A slow service has not created a second code: only times of its own clock are compared.
func TestCodeOfASlowServiceIsNotReportedAsNew(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	box := u.box()
	keys, err := box.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var first atomic.Bool
	made := make(chan struct{})
	endpoint := standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		if !first.CompareAndSwap(false, true) {
			box.ServeHTTP(w, r)
			return
		}
		late := r.Clone(context.WithoutCancel(r.Context()))
		time.Sleep(2500 * time.Millisecond)
		box.ServeHTTP(httptest.NewRecorder(), late)
		close(made)
	})
	u = u.with(map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID": keys.AccessKeyId, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": keys.AccessKeySecret,
		"ALIBABA_CLOUD_REGION_ID": "cn-hangzhou", "ECS_ACTIVATION_ENDPOINT": endpoint,
	})
	if o, status := u.run("create", "--client-token", "slow", "--timeout", "500ms"); status != 1 {
		t.Fatalf("exit status %d, %s", status, o.stderr)
	}
	await(t, made, "the code")
	if o, status := u.run("recover", "slow", "-q"); status != 0 || !strings.HasPrefix(o.stdout, "a-sandbox") || strings.Contains(o.stderr, "NEW") {
		t.Errorf("exit status %d, %s", status, o.stderr)
	}
	if found, err := box.Status(t.Context()); err != nil || found.Codes != 1 {
		t.Errorf("%d codes were created, %v", found.Codes, err)
	}
}
