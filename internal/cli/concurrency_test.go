package cli_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"ecs-activation/internal/sandbox"
)

// In these tests many processes use one sandbox in parallel: commands with --sandbox, a server, and clients of
// the server.
const (
	directly      = 50
	throughServer = 10
)

func TestParallelCreatesLoseNoUpdate(t *testing.T) {
	u := newUser(t, "ECS_ACTIVATION_SANDBOX_QUOTA=1000")
	made := createdBy(u, createAtOnce(u, "1000"))
	if len(made) != directly+throughServer {
		t.Fatalf("%d codes were created, want %d", len(made), directly+throughServer)
	}
	status, err := u.box().Status(t.Context())
	if err != nil || status.Codes != len(made) || status.Requests != len(made) {
		t.Errorf("the sandbox has %+v, %v, want %d codes and as many requests", status, err, len(made))
	}
	for id, code := range made {
		if _, err := u.box().Register(t.Context(), sandbox.Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code}); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestQuotaIsExactWithParallelCreates(t *testing.T) {
	u := newUser(t, "ECS_ACTIVATION_SANDBOX_QUOTA=20")
	results := createAtOnce(u, "20")
	if made := createdBy(u, results); len(made) != 20 {
		t.Errorf("%d codes were created, want 20", len(made))
	}
	for _, r := range results {
		refused := r.status == 6 && r.stdout == "" && strings.Contains(r.stderr, "ActivationCount.ExceedLimit")
		if r.status != 0 && !refused {
			t.Errorf("exit status %d: %s", r.status, r.stderr)
		}
	}
	if status, err := u.box().Status(t.Context()); err != nil || status.Codes != 20 {
		t.Errorf("the sandbox has %+v, %v, want 20 codes", status, err)
	}
}

type ended struct {
	output
	status int
}

// createAtOnce runs creates in parallel.
func createAtOnce(u *user, quota string) []ended {
	u.Helper()
	s, err := startServer(u.environment(), "--quota", quota)
	if err != nil {
		u.Fatal(err)
	}
	defer func() {
		if err := s.stop(); err != nil {
			u.Error(err)
		}
		u.note(output{command: "sandbox serve", stderr: s.stderr.String()})
	}()
	var asking sync.WaitGroup
	results := make([]ended, directly+throughServer)
	for i := range results {
		asking.Go(func() {
			args := []string{"create", "-o", "json"}
			if i < directly {
				args = append(args, "--sandbox")
			}
			results[i].output, results[i].status = u.with(s.exports).run(args...)
			u.note(results[i].output)
		})
	}
	asking.Wait()
	return results
}

// with returns the same user with more variables.
func (u *user) with(variables map[string]string) *user {
	extra := append([]string{}, u.extra...)
	for name, value := range variables {
		extra = append(extra, name+"="+value)
	}
	return &user{T: u.T, folder: u.folder, extra: extra}
}

// createdBy returns the codes that were printed, by their IDs.
func createdBy(u *user, results []ended) map[string]string {
	u.Helper()
	made := map[string]string{}
	for _, r := range results {
		if r.status != 0 {
			continue
		}
		var code struct{ ActivationId, ActivationCode string }
		if err := json.Unmarshal([]byte(r.stdout), &code); err != nil || code.ActivationId == "" || made[code.ActivationId] != "" {
			u.Errorf("%v in %q", err, r.stdout)
		}
		made[code.ActivationId] = code.ActivationCode
	}
	return made
}

// Reading by page numbers alone would miss codes when others are deleted, and repeat some when others are created.
func TestListIsCompleteWhileCodesAreCreatedAndDeleted(t *testing.T) {
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1", "ECS_ACTIVATION_SANDBOX_QUOTA=10000")
	var codes strings.Builder
	for i := range 600 {
		fmt.Fprintf(&codes, `{"ActivationId":"OLD-%d","RegionId":"cn-hangzhou"},`, i)
	}
	if _, err := u.box().Load(t.Context(), strings.NewReader("["+strings.TrimSuffix(codes.String(), ",")+"]")); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var changing sync.WaitGroup
	changing.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			if o, status := u.run("create", "-o", "json"); status == 0 {
				id := regexp.MustCompile(`"ActivationId": "([^"]+)"`).FindStringSubmatch(o.stdout)[1]
				u.run("delete", "--yes", id)
			}
		}
	})
	for range 8 {
		o, status := u.run("list", "-q")
		seen := map[string]int{}
		for _, id := range strings.Fields(o.stdout) {
			seen[id]++
		}
		for i := range 600 {
			if n := seen[fmt.Sprintf("OLD-%d", i)]; n != 1 {
				t.Errorf("exit status %d: OLD-%d is there %d times", status, i, n)
			}
		}
	}
	close(done)
	changing.Wait()
}
