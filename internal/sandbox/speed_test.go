package sandbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// These benchmarks use real processes: the test binary starts itself with helperVariable set to the work and
// the path of the state.
const helperVariable = "SANDBOX_TEST_HELPER"

// TestHelperProcess is what such a process does; in a test run it is nothing.
func TestHelperProcess(t *testing.T) {
	work, path, found := strings.Cut(os.Getenv(helperVariable), ": ")
	if !found {
		return
	}
	s := newSandbox(t, Options{Path: path, Quota: 1 << 30})
	switch work {
	case "serve":
		l, err := Listen("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(l.Addr())
		go func() { _ = s.Serve(t.Context(), l) }()
		_, _ = io.Copy(io.Discard, os.Stdin) // until the parent has had enough
	case "create":
		serve(t, s).create("InstanceName", "web")
	case "create until killed":
		for c := serve(t, s); ; {
			id, _ := c.create()
			fmt.Println(id)
		}
	case "register until killed":
		id, code := serve(t, s).create("InstanceCount", "1000")
		for a := newAgent(t, s, false); ; {
			a.register(id, code).accepted(t)
			a.heartBeat().accepted(t)
			fmt.Println(a.id)
		}
	}
}

func helper(t testing.TB, work, path string) *exec.Cmd {
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelperProcess$")
	command.Env = append(os.Environ(), helperVariable+"="+work+": "+path, "GOMAXPROCS=1")
	command.Stderr = os.Stderr
	return command
}

// BenchmarkListPageOverHTTP asks a server in a process of its own, on one core, over eight connections.
// pages/cpu-s is what the server would answer in a second if its core did nothing else; the requests are
// signed beforehand.
func BenchmarkListPageOverHTTP(b *testing.B) {
	for name, page := range map[string][]string{
		"page 1":    params("PageNumber", "1", "PageSize", "50"),
		"page 1600": params("PageNumber", "1600", "PageSize", "50"),
		"by token":  params("MaxResults", "50"),
	} {
		b.Run(name, func(b *testing.B) {
			s := newSandbox(b, Options{})
			loadMany(b, s, 80000)
			overHTTP(b, s, with(params("RegionId", "cn-hangzhou"), page...))
		})
	}
}

func overHTTP(b *testing.B, s *Sandbox, business []string) {
	server := helper(b, "serve", s.options.Path)
	input, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	output, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	address, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	address = strings.TrimSpace(address)
	pair, err := s.Credentials(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	c := &client{t: b, url: "http://" + address, pair: pair, now: time.Now, method: "POST"}
	requests := make([][]byte, b.N)
	for i := range requests {
		var text bytes.Buffer
		if err := c.request("DescribeActivations", business).Write(&text); err != nil {
			b.Fatal(err)
		}
		requests[i] = text.Bytes()
	}
	b.ResetTimer()
	var next atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { ask(b, address, requests, &next) })
	}
	group.Wait()
	b.StopTimer()
	if err := errors.Join(input.Close(), server.Wait()); err != nil {
		b.Fatal(err)
	}
	cpu := server.ProcessState.UserTime() + server.ProcessState.SystemTime()
	b.ReportMetric(float64(b.N)/cpu.Seconds(), "pages/cpu-s")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

// ask sends requests over one connection, each when the answer before is read.
func ask(b *testing.B, address string, requests [][]byte, next *atomic.Int64) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.Error(err)
		return
	}
	defer func() { _ = conn.Close() }()
	reader := bufio.NewReaderSize(conn, 64<<10)
	for i := next.Add(1) - 1; i < int64(len(requests)); i = next.Add(1) - 1 {
		if _, err := conn.Write(requests[i]); err != nil {
			b.Error(err)
			return
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			b.Error(err)
			return
		}
		n, err := io.Copy(io.Discard, response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil || response.StatusCode != http.StatusOK || n < 10000 {
			b.Errorf("%d, %d bytes, %v", response.StatusCode, n, err)
			return
		}
	}
}

// BenchmarkFiftyProcesses is fifty processes that create one code each.
func BenchmarkFiftyProcesses(b *testing.B) {
	for b.Loop() {
		path := newPath(b)
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if out, err := helper(b, "create", path).Output(); err != nil {
					b.Errorf("%v: %s", err, out)
				}
			})
		}
		group.Wait()
		if status, err := newSandbox(b, Options{Path: path}).Status(b.Context()); err != nil || status.Codes != 50 {
			b.Fatalf("%+v, %v", status, err)
		}
	}
}
