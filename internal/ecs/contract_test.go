package ecs_test

import (
	"context"
	"path/filepath"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/activation/activationtest"
	"ecs-activation/internal/ecs"
	"ecs-activation/internal/sandbox"
)

func TestTheClientKeepsTheContractAgainstTheSandbox(t *testing.T) {
	t.Parallel()
	activationtest.Test(t, func(t *testing.T) activationtest.Subject {
		box, client := rehearsal(t)
		return activationtest.Subject{
			Service: client, RegionId: "cn-beijing", Elsewhere: "cn-hangzhou",
			Register: func(t *testing.T, c activation.Created) {
				r := sandbox.Registration{RegionId: "cn-beijing", ActivationId: c.ActivationId, ActivationCode: c.ActivationCode}
				if _, err := box.Register(t.Context(), r); err != nil {
					t.Fatal(err)
				}
			},
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

// rehearsal serves a new sandbox over real HTTP and returns a client of it.
func rehearsal(t *testing.T) (*sandbox.Sandbox, *ecs.Client) {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Path: filepath.Join(t.TempDir(), "sandbox.db"), Quota: 100, Log: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := box.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	listener, err := sandbox.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err := ecs.ParseEndpoint("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- box.Serve(ctx, listener) }()
	client := ecs.New(ecs.Options{
		Identity: ecs.StaticIdentity("the sandbox", keys.AccessKeyId, keys.AccessKeySecret), Endpoint: endpoint, UserAgent: "ecs-activation/test",
	})
	t.Cleanup(func() {
		client.Close()
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return box, client
}
