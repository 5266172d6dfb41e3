package sandbox

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:80", "example.com:80", "localhost:0", "127.0.0.1", "", "[::1"} {
		l, err := Listen(addr)
		if err == nil {
			_ = l.Close()
			t.Errorf("listens on %q", addr)
			continue
		}
		if !strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%q: no remedy in %q", addr, err)
		}
	}
	for _, addr := range []string{"127.0.0.1:0", "127.0.0.2:0", "[::1]:0"} {
		l, err := Listen(addr)
		if err != nil {
			t.Logf("%q: %v", addr, err) // not every machine has every loopback address
			continue
		}
		_ = l.Close()
	}
}

func TestServeRefusesAForeignListener(t *testing.T) {
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	if err := newSandbox(t, Options{}).Serve(t.Context(), l); err == nil {
		t.Error("served")
	}
}

func TestServeAnswersUntilItsContextEnds(t *testing.T) {
	s := newSandbox(t, Options{Latency: 30 * time.Millisecond})
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	pair, err := s.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, url: "http://" + l.Addr().String(), pair: pair, now: time.Now, method: "POST"}
	begun := time.Now()
	c.create()
	if took := time.Since(begun); took < 30*time.Millisecond {
		t.Errorf("a latency of 30ms took %s", took)
	}
	time.AfterFunc(10*time.Millisecond, cancel) // while the next one waits
	c.create()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if open, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("still listening", open.Close())
	}
}

func TestServeSaysWhyItCannotGoOn(t *testing.T) {
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := newSandbox(t, Options{}).Serve(t.Context(), l); err == nil {
		t.Error("no error for a closed listener")
	}
}

func TestAClientThatGoesAwayChangesNothing(t *testing.T) {
	s, c := start(t, Options{Latency: 100 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	r := c.request("CreateActivation", params("RegionId", "cn-hangzhou")).WithContext(ctx)
	response, err := http.DefaultClient.Do(r)
	if err == nil {
		t.Fatal(response.Body.Close())
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	time.Sleep(120 * time.Millisecond)
	if status, err := s.Status(t.Context()); err != nil || status != (Status{}) {
		t.Errorf("%+v, %v", status, err)
	}
}
