package ecs_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/activation/activationtest"
	"ecs-activation/internal/ecs"
	"ecs-activation/internal/identity"
	"ecs-activation/internal/sandbox"
)

func TestTheClientKeepsTheContractAgainstTheSandbox(t *testing.T) {
	t.Parallel()
	activationtest.Test(t, func(t *testing.T) activationtest.Subject {
		box, client := newSandbox(t)
		return activationtest.Subject{
			Service: client, RegionId: "cn-beijing", Elsewhere: "cn-hangzhou",
			Register: func(t *testing.T, c activation.Created) {
				r := sandbox.Registration{RegionId: "cn-beijing", ActivationId: c.ActivationId, ActivationCode: c.ActivationCode}
				if _, err := box.Register(t.Context(), r); err != nil {
					t.Fatal(err)
				}
			},
			Lose: func(answers int) { box.answers.Store(int32(answers)) },
			Sent: func() int {
				status, err := box.Status(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return status.Requests
			},
		}
	})
}

// DescribeRegions is no operation of activation.Service.
func TestTheSandboxAnswersWithItsRegions(t *testing.T) {
	t.Parallel()
	_, client := newSandbox(t)
	regions, err := client.Regions(t.Context(), "cn-hangzhou")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range regions {
		if ids = append(ids, r.RegionId); r.LocalName == "" || !strings.HasPrefix(r.RegionEndpoint, "127.0.0.1:") {
			t.Errorf("%+v", r)
		}
	}
	if !slices.Equal(ids, activation.Regions()) {
		t.Errorf("%q", ids)
	}
}

// losing is a sandbox that can lose answers: it executes the request and closes the connection.
type losing struct {
	*sandbox.Sandbox
	answers atomic.Int32 // how many answers it still loses
}

func (l *losing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l.answers.Add(-1) >= 0 {
		l.Sandbox.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
	l.Sandbox.ServeHTTP(w, r)
}

// newSandbox serves a new sandbox over real HTTP and returns a client of it.
func newSandbox(t *testing.T) (*losing, *ecs.Client) {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Path: filepath.Join(t.TempDir(), "sandbox.db"), Quota: 100, Log: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := box.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	loses := &losing{Sandbox: box}
	server := httptest.NewServer(loses)
	t.Cleanup(server.Close)
	endpoint, err := ecs.ParseEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := ecs.New(ecs.Options{
		Identity: identity.Static("the sandbox", keys.AccessKeyId, keys.AccessKeySecret), Endpoint: endpoint, UserAgent: "ecs-activation/test",
	})
	t.Cleanup(client.Close)
	return loses, client
}
