package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ecs-activation/internal/sandbox"
)

// kept returns the code in the file of ensure. If the file exists, it must be complete.
func (u *user) kept() (code struct{ ActivationId, ActivationCode, RegionId, InstanceName string }, there bool) {
	u.Helper()
	content, err := os.ReadFile(filepath.Join(u.folder, "code.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return code, false
	}
	if err = errors.Join(err, json.Unmarshal(content, &code)); err != nil || code.ActivationCode == "" {
		u.Errorf("the file contains no code: %v: %q", err, content)
	}
	return code, true
}

// register simulates a machine that registers with that code.
func (u *user) register() {
	u.Helper()
	code, _ := u.kept()
	if _, err := u.box().Register(u.Context(), sandbox.Registration{RegionId: code.RegionId, ActivationId: code.ActivationId, ActivationCode: code.ActivationCode}); err != nil {
		u.Errorf("%s: %v", code.ActivationId, err)
	}
}

func TestTenParallelEnsuresCreateOneCode(t *testing.T) {
	t.Parallel()
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1")
	var group sync.WaitGroup
	var codes [10]string
	for i := range codes {
		group.Go(func() {
			o, status := u.run("ensure", "--save", "code.json", "-q")
			if status != 0 {
				t.Errorf("exit status %d: %s", status, o.stderr)
			}
			codes[i] = o.stdout
		})
	}
	group.Wait()
	for _, code := range codes {
		if code != codes[0] || code == "" {
			t.Errorf("the codes differ: %d bytes and %d", len(code), len(codes[0]))
		}
	}
	if status, err := u.box().Status(t.Context()); err != nil || status.Codes != 1 {
		t.Errorf("the sandbox has %+v, %v, want one code", status, err)
	}
	u.register()
}

// Whenever ensure is killed, the file contains the old code or the new one, or does not exist if there was none.
// The next run creates no second code.
func TestEnsureKilledAtAnyTimeIsFinishedByTheNextRun(t *testing.T) {
	needSignals(t)
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1", "ECS_ACTIVATION_SANDBOX_QUOTA=1000", "ECS_ACTIVATION_SANDBOX_LATENCY=5ms")
	for n := range 12 {
		name := fmt.Sprintf("web-%d", n)
		p := u.start("ensure", "--save", "code.json", "--instance-name", name)
		time.Sleep(time.Duration(n) * 8 * time.Millisecond)
		p.signal(syscall.SIGKILL)
		p.wait()
		if _, there := u.kept(); there {
			u.register()
		}
		if o, status := u.run("ensure", "--save", "code.json", "--instance-name", name); status != 0 {
			t.Fatalf("%s: exit status %d: %s", name, status, o.stderr)
		}
		if code, _ := u.kept(); code.InstanceName != name {
			t.Errorf("the file contains the code of %s, want %s", code.InstanceName, name)
		}
		u.register()
		if o, _ := u.run("list", "-q", "--instance-name", name); strings.Count(o.stdout, "\n") != 1 {
			t.Errorf("%s has the codes %q, want one", name, o.stdout)
		}
	}
}

// A run that waits for another process prints what it waits for, and ends at the timeout.
func TestEnsureWaitsForAnotherProcessUntilTheTimeout(t *testing.T) {
	t.Parallel()
	needSignals(t)
	arrived := make(chan struct{}, 1)
	u := newUser(t, keys(standInFor(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	}))...)
	p := u.start("ensure", "--save", "code.json")
	await(t, arrived, "the request")
	o, status := u.run("ensure", "--save", "code.json", "--timeout", "200ms")
	if status != 7 || !strings.Contains(o.stderr, "another process is using ") || !strings.Contains(o.stderr, "code.json: timed out after 200ms (--timeout)") {
		t.Errorf("exit status %d: %s", status, o.stderr)
	}
	p.signal(syscall.SIGTERM)
	if status := p.wait(); status != 143 || !strings.Contains(p.stderr.String(), ":  ecs-activation ensure --endpoint http://127.0.0.1:") || !strings.Contains(p.stderr.String(), " --region cn-hangzhou --save code.json") {
		t.Errorf("exit status %d: %s", status, p.stderr.String())
	}
}

// The new code is already in the file, so the next run must know the old one from the record.
func TestEnsureInterruptedWhileRetiringIsFinishedByTheNextRun(t *testing.T) {
	t.Parallel()
	needSignals(t)
	var hanging atomic.Bool
	arrived := make(chan struct{}, 1)
	u := newUser(t)
	served := u.serving("DeleteActivation", func(w http.ResponseWriter, r *http.Request, service http.Handler) {
		if hanging.Load() {
			arrived <- struct{}{}
			<-r.Context().Done()
			return
		}
		service.ServeHTTP(w, r)
	})
	served.run("ensure", "--save", "code.json")
	old, _ := u.kept()
	hanging.Store(true)
	again := []string{"ensure", "--save", "code.json", "--instance-name", "new", "--retire-old"}
	p := served.start(again...)
	await(t, arrived, "the request")
	p.signal(syscall.SIGINT)
	if status := p.wait(); status != 130 {
		t.Errorf("exit status %d, want 130: %s", status, p.stderr.String())
	}
	hanging.Store(false)
	if o, status := served.run(again...); status != 0 || !strings.Contains(o.stdout, " reused\n") || !strings.Contains(o.stdout, "deleted cn-hangzhou/"+old.ActivationId) {
		t.Errorf("exit status %d: %s%s", status, o.stdout, o.stderr)
	}
}

// The next run, or recover, finishes the create of an earlier run.
func TestEnsureWithLostResponsesIsFinishedLater(t *testing.T) {
	t.Parallel()
	for name, finish := range map[string][]string{"ensure": {"ensure", "--save", "code.json", "--instance-name", "new"}, "recover": {"recover", "--all"}} {
		t.Run(name, func(t *testing.T) {
			var losing atomic.Bool
			u := newUser(t)
			served := u.serving("CreateActivation", func(w http.ResponseWriter, r *http.Request, service http.Handler) {
				if losing.Load() {
					service.ServeHTTP(httptest.NewRecorder(), r)
					panic(http.ErrAbortHandler)
				}
				service.ServeHTTP(w, r)
			})
			served.run("ensure", "--save", "code.json", "--instance-name", "old")
			old, _ := u.kept()
			losing.Store(true)
			if o, status := served.run("ensure", "--save", "code.json", "--instance-name", "new", "--timeout", "3s"); status != 7 || !strings.Contains(o.stderr, "to retrieve it without creating another:  ecs-activation ensure --endpoint http://127.0.0.1:") || !strings.Contains(o.stderr, " --instance-name new --region cn-hangzhou --save code.json") {
				t.Errorf("exit status %d: %s", status, o.stderr)
			}
			if code, _ := u.kept(); code != old {
				t.Errorf("the file contains %s", code.ActivationId)
			}
			losing.Store(false)
			if o, status := served.run(finish...); status != 0 || strings.Contains(o.stdout, "a-sandbox") {
				t.Errorf("exit status %d: %s", status, o.stderr)
			}
			if code, _ := u.kept(); code.InstanceName != "new" {
				t.Errorf("the file contains the code of %s", code.InstanceName)
			}
			u.register()
			if status, err := u.box().Status(t.Context()); err != nil || status.Codes != 2 {
				t.Errorf("the sandbox has %+v, %v, want two codes", status, err)
			}
		})
	}
}

// serving returns the same user with a server of the sandbox in which a handler responds to one action. The
// handler can forward requests to the sandbox.
func (u *user) serving(action string, answer func(http.ResponseWriter, *http.Request, http.Handler)) *user {
	u.Helper()
	s, err := startServer(u.environment())
	if err != nil {
		u.Fatal(err)
	}
	u.Cleanup(func() {
		if err := s.stop(); err != nil {
			u.Error(err)
		}
	})
	target, err := url.Parse(s.exports["ECS_ACTIVATION_ENDPOINT"])
	if err != nil {
		u.Fatal(err)
	}
	service := httputil.NewSingleHostReverseProxy(target)
	s.exports["ECS_ACTIVATION_ENDPOINT"] = standInFor(u.T, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("Action") == action {
			answer(w, r, service)
			return
		}
		service.ServeHTTP(w, r)
	})
	return u.with(s.exports)
}

// forbidden is the response if a permission is missing.
func forbidden(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprint(w, `{"RequestId":"R1","Code":"Forbidden.RAM","Message":"User not authorized to operate on the specified resource."}`) //nolint:errcheck // the client may have gone
}

func TestFailureToRetireTheOldCodeIsAWarning(t *testing.T) {
	u := newUser(t).serving("DeleteActivation", forbidden)
	u.run("ensure", "--save", "code.json", "--instance-name", "old")
	old, _ := u.kept()
	o, status := u.run("ensure", "--save", "code.json", "--instance-name", "new", "--retire-old", "-o", "json")
	if status != 0 || !strings.Contains(o.stderr, "warning: could not retire an old code: cannot delete "+old.ActivationId) {
		t.Errorf("exit status %d: %s", status, o.stderr)
	}
	var view struct {
		Retired []struct{ ActivationId, Result string }
	}
	if err := json.Unmarshal([]byte(o.stdout), &view); err != nil || len(view.Retired) != 1 || view.Retired[0].Result != "failed" {
		t.Errorf("%v: %s", err, o.stdout)
	}
	if code, _ := u.kept(); code.InstanceName != "new" {
		t.Errorf("the file contains the code of %s", code.InstanceName)
	}
}
