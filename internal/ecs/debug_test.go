package ecs

import (
	"context"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

// runChild runs this test program as a child that creates a code on a server, and returns what it prints.
func runChild(t *testing.T, address string, env ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := contextFor(t, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(append(os.Environ(), childVariable+"="+address), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %v", env, err)
	}
	return strings.TrimSpace(string(out))
}

func TestTheSDKsDebuggingPrintsNothing(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(good))
	defer server.Close()
	for _, value := range []string{"sdk", "other,sdk", "sdk,signer,credential", "*"} {
		if out := runChild(t, server.URL, "DEBUG="+value); out != "done: <nil>" {
			t.Errorf("DEBUG=%s prints %q", value, out)
		}
	}
}

func TestTheDebuggingOfHTTP2PrintsNothing(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("Go reads SSL_CERT_FILE on other systems only")
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(good))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	authority := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"http2debug=1", "netdns=go,http2debug=2", "xhttp2debug=1"} {
		if out := runChild(t, server.URL, "SSL_CERT_FILE="+authority, "GODEBUG="+value); out != "done: <nil>" {
			t.Errorf("GODEBUG=%s prints %q", value, out)
		}
	}
}

func TestAModeThatForbidsTheSignatureIsAnErrorAndNoPanic(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(good))
	defer server.Close()
	if out := runChild(t, server.URL, "GODEBUG=fips140=only"); out != "done: cannot create: "+errFIPS.Error() {
		t.Error(out)
	}
	if out := runChild(t, server.URL, "GODEBUG=fips140=on"); out != "done: <nil>" {
		t.Error(out)
	}
}
