package cli_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestInterruptedWaitPrintsTheCode(t *testing.T) {
	t.Parallel()
	needSignals(t)
	arrived := make(chan struct{}, 9)
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, activeCode(0)) //nolint:errcheck // the client may have gone
		arrived <- struct{}{}
	}))...)
	p := u.start("wait", "A", "--registered", "1")
	await(t, arrived, "the first read")
	await(t, arrived, "the second read") // the program has handled the first signal by then
	p.signal(syscall.SIGINT)
	if status := p.wait(); status != 130 {
		t.Errorf("exit status %d, want 130", status)
	}
	if !strings.Contains(p.read.String(), "\nA ") || !strings.Contains(p.stderr.String(), "cannot wait for A: interrupted") {
		t.Errorf("%s%s", p.read.String(), p.stderr.String())
	}
}

func TestWaitContinuesAfterAnOutage(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	looked := make(chan struct{}, 1)
	before := answerOn(listener, activeCode(0), looked)
	u := newUser(t, keys("http://"+listener.Addr().String())...)
	p := u.start("wait", "A", "--registered", "1", "--debug")
	await(t, looked, "the first read")
	before.Close()
	time.Sleep(2 * time.Second) // the second read starts after one second, and its attempts take half a second
	if listener, err = net.Listen("tcp", listener.Addr().String()); err != nil {
		p.signal(syscall.SIGKILL)
		t.Skip("somebody else has got the port: ", err)
	}
	after := answerOn(listener, activeCode(1), looked)
	defer after.Close()
	if status := p.wait(); status != 0 {
		t.Errorf("exit status %d, want 0:\n%s", status, p.stderr.String())
	}
	if !strings.Contains(p.read.String(), " 1/10 ") {
		t.Error(p.read.String())
	}
}

// activeCode returns a response with one code with which so many machines have registered.
func activeCode(registered int) string {
	return fmt.Sprintf(`{"RequestId":"R","TotalCount":1,"ActivationList":[{"ActivationId":"A","InstanceCount":10,"TimeToLiveInHours":4,"CreationTime":%q,"RegisteredCount":%d}]}`,
		time.Now().UTC().Format(time.RFC3339), registered)
}

// answerOn returns a server that always returns the same response and reports each request.
func answerOn(listener net.Listener, body string, answered chan<- struct{}) *httptest.Server {
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, body) //nolint:errcheck // the client may have gone
		select {
		case answered <- struct{}{}:
		default:
		}
	})}}
	server.Start()
	return server
}
