package ecs

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/identity"
)

// childVariable makes this test program create a code and exit, instead of running the tests.
const childVariable = "ECS_TEST_CHILD"

func TestMain(m *testing.M) {
	if address := os.Getenv(childVariable); address != "" {
		child(address)
		return
	}
	os.Exit(m.Run())
}

func child(address string) {
	endpoint, err := ParseEndpoint(address)
	if err != nil {
		fmt.Println(err)
		return
	}
	client := New(Options{Identity: identity.Temporary("test", theKeyId, theSecret, theToken), Endpoint: endpoint, UserAgent: "x"})
	_, err = operations["create"](context.Background(), client)
	fmt.Println("done:", err)
}

func TestTheSDKsDebuggingPrintsNothing(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(good))
	defer server.Close()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := contextFor(t, time.Minute)
	defer cancel()
	for _, value := range []string{"sdk", "other,sdk", "sdk,signer,credential", "*"} {
		cmd := exec.CommandContext(ctx, self)
		cmd.Env = append(os.Environ(), "DEBUG="+value, childVariable+"="+server.URL)
		out, err := cmd.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != "done: <nil>" {
			t.Errorf("DEBUG=%s prints %q, %v", value, out, err)
		}
	}
}
