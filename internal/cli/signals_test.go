package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// patience is much longer than any step here takes, and much shorter than the timeout of the tests.
const patience = 20 * time.Second

// signalled are the signals that end the program, with the exit status that a shell then reports.
var signalled = map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143, syscall.SIGHUP: 129}

func needSignals(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no signals to send")
	}
	for s := range signalled {
		if signal.Ignored(s) {
			t.Skip("the tests were started with a signal ignored, and so is the program: ", s)
		}
	}
}

func TestSignalEndsCreateWithAHintHowToRecover(t *testing.T) {
	t.Parallel()
	needSignals(t)
	for signal, want := range signalled {
		t.Run(signal.String(), func(t *testing.T) {
			arrived := make(chan struct{}, 1)
			u := newUser(t, keys(standInFor(t, func(_ http.ResponseWriter, r *http.Request) {
				arrived <- struct{}{}
				<-r.Context().Done()
			}))...)
			p := u.start("create", "--instance-name", "web", "--tag", "what=two words")
			await(t, arrived, "the request")
			p.signal(signal)
			if status := p.wait(); status != want {
				t.Errorf("exit status %d, want %d", status, want)
			}
			printed := p.stderr.String()
			if !strings.Contains(printed, "hint: ") || !strings.Contains(printed, ":  ecs-activation ") {
				t.Errorf("there is no command that retrieves the code:\n%s", printed)
			}
			if strings.Contains(printed, "network") {
				t.Errorf("the error of a signal mentions the network:\n%s", printed)
			}
		})
	}
}

func TestCreateWaitsForAnotherProcessWithItsTokenUntilTheTimeout(t *testing.T) {
	t.Parallel()
	needSignals(t)
	arrived := make(chan struct{}, 1)
	u := newUser(t, keys(standInFor(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	}))...)
	p := u.start("create", "--client-token", "job")
	await(t, arrived, "the request")
	o, status := u.run("create", "--client-token", "job", "--timeout", "200ms")
	if status != 7 || !strings.Contains(o.stderr, "another process is using this client token: timed out after 200ms (--timeout)") {
		t.Errorf("exit status %d: %s", status, o.stderr)
	}
	p.signal(syscall.SIGTERM)
	p.wait()
}

// Nothing is written to standard input, and it is not closed.
func TestSignalEndsTheWaitForInput(t *testing.T) {
	needSignals(t)
	for name, args := range map[string][]string{
		"IDs":          {"--sandbox", "disable", "--yes", "-"},
		"a saved code": {"bootstrap", "--from", "-"},
		"codes":        {"sandbox", "load", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUser(t)
			p, input := u.startWithInput(args...)
			defer input.Close() //nolint:errcheck // the program has ended
			// The text is larger than the buffer of a pipe, so the write returns only after the program has read.
			if _, err := input.WriteString("[" + strings.Repeat(" \n", 100_000)); err != nil {
				t.Fatal(err)
			}
			p.signal(syscall.SIGINT)
			if status := p.wait(); status != 130 || !strings.Contains(p.stderr.String(), "interrupted by SIGINT (Ctrl-C)") {
				t.Errorf("exit status %d, want 130: %s", status, p.stderr.String())
			}
		})
	}
}

func TestInterruptedListDoesNotMentionTheNetwork(t *testing.T) {
	needSignals(t)
	arrived := make(chan struct{}, 1)
	u := newUser(t, keys(standInFor(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	}))...)
	p := u.start("list")
	await(t, arrived, "the request")
	p.signal(syscall.SIGINT)
	if status := p.wait(); status != 130 {
		t.Errorf("exit status %d, want 130", status)
	}
	if printed := p.stderr.String(); strings.Contains(printed, "network") {
		t.Errorf("the error mentions the network:\n%s", printed)
	}
}

func TestInterruptedChangeReportsWhatWasDone(t *testing.T) {
	t.Parallel()
	needSignals(t)
	arrived := make(chan struct{}, 1)
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("ActivationId") == "A" {
			fmt.Fprint(w, `{"RequestId":"R1","Activation":{"ActivationId":"A","InstanceCount":10}}`) //nolint:errcheck // the client may have gone
			return
		}
		arrived <- struct{}{}
		<-r.Context().Done()
	}))...)
	p := u.start("disable", "--yes", "A", "B")
	await(t, arrived, "the second request")
	if line := p.line(); !strings.HasPrefix(line, "disabled A ") {
		t.Errorf("standard output begins %q", line)
	}
	p.signal(syscall.SIGINT)
	if status := p.wait(); status != 130 {
		t.Errorf("exit status %d, want 130", status)
	}
	printed := p.stderr.String()
	for _, want := range []string{"cannot disable B: interrupted by SIGINT (Ctrl-C)\n", "may have been executed; see:  ecs-activation show cn-hangzhou/B\n"} {
		if !strings.Contains(printed, want) {
			t.Errorf("%q is not printed:\n%s", want, printed)
		}
	}
}

// For codes that were not tried only their number is printed, because there can be thousands.
func TestUntriedCodesAreCounted(t *testing.T) {
	needSignals(t)
	for _, test := range []struct {
		args    []string
		message string
		times   int
	}{
		{[]string{"delete", "--yes"}, "cannot delete X-", 8},
		{[]string{"show"}, "cannot show X-", 9},
	} {
		t.Run(test.args[0], func(t *testing.T) { interruptedInBulk(t, test.args, test.message, test.times) })
	}
}

// interruptedInBulk interrupts a command with 40 codes when it has sent eight requests.
func interruptedInBulk(t *testing.T, args []string, message string, times int) {
	arrived := make(chan struct{}, 100)
	u := newUser(t, keys(standInFor(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	}))...)
	for i := range 40 {
		args = append(args, fmt.Sprintf("X-%d", i))
	}
	p := u.start(args...)
	for range 8 {
		await(t, arrived, "eight requests")
	}
	p.signal(syscall.SIGINT)
	if status := p.wait(); status != 130 {
		t.Errorf("exit status %d, want 130", status)
	}
	printed := p.stderr.String()
	if n := strings.Count(printed, message); n != times || !strings.Contains(printed, "interrupted: 32 of 40 codes not tried") {
		t.Errorf("%d codes are reported:\n%s", n, printed)
	}
}

func TestSecondSignalKillsTheProgram(t *testing.T) {
	needSignals(t)
	u := newUser(t)
	s, err := startServer(u.environment(), "--latency", "1h")
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimPrefix(s.exports["ECS_ACTIVATION_ENDPOINT"], "http://")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/?Action=DescribeActivations", nil)
	if err != nil {
		t.Fatal(err)
	}
	sent := make(chan struct{}, 1)
	go func() {
		sent <- struct{}{}
		if response, err := http.DefaultClient.Do(request); err == nil { // a server waits for it before it ends
			response.Body.Close() //nolint:errcheck // nothing was read
		}
	}()
	await(t, sent, "the request")
	time.Sleep(100 * time.Millisecond) // the program does not report that it has received the signal
	begun := time.Now()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for time.Since(begun) < patience {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			break // the first signal has arrived
		}
		connection.Close() //nolint:errcheck // nothing was sent
	}
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if status := u.statusOf(s.cmd.Wait()); status != 130 || time.Since(begun) > 2*time.Second {
		t.Errorf("exit status %d after %s, want 130 at once", status, time.Since(begun))
	}
}

// nohup ignores SIGHUP for the program that it starts, and a shell without job control ignores SIGINT for programs
// in the background.
func TestSignalsIgnoredAtTheStartStayIgnored(t *testing.T) {
	t.Parallel()
	needSignals(t)
	for name, signal := range map[string]syscall.Signal{"HUP": syscall.SIGHUP, "INT": syscall.SIGINT} {
		t.Run(name, func(t *testing.T) {
			arrived, answer := make(chan struct{}, 1), make(chan struct{})
			u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, _ *http.Request) {
				arrived <- struct{}{}
				<-answer
				fmt.Fprint(w, `{"RequestId":"R1","ActivationList":[]}`) //nolint:errcheck // the client may have gone
			}))...)
			cmd := exec.Command("sh", "-c", "trap '' "+name+"; exec ecs-activation list -o json")
			cmd.Env, cmd.Dir = u.environment(), u.folder
			p := u.begin(cmd)
			await(t, arrived, "the request")
			p.signal(signal)
			time.Sleep(100 * time.Millisecond) // a signal that is ignored shows in nothing
			close(answer)
			if status := p.wait(); status != 0 || p.read.String() != "[]\n" {
				t.Errorf("exit status %d, want 0: %s", status, p.stderr.String())
			}
		})
	}
}

func TestSignalEndsTheWaitForTheSandbox(t *testing.T) {
	t.Parallel()
	needSignals(t)
	for _, args := range [][]string{{"--sandbox", "list"}, {"sandbox", "status"}, {"sandbox", "serve"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			u := newUser(t)
			if _, err := u.box().Status(t.Context()); err != nil { // it exists
				t.Fatal(err)
			}
			lock := flock.New(filepath.Join(u.folder, "state", "ecs-activation", "sandbox.db.lock"))
			if err := lock.Lock(); err != nil {
				t.Fatal(err)
			}
			defer lock.Close() //nolint:errcheck // it gives the lock back
			p := u.start(args...)
			await(t, p.firstWrite, "the note that it is the sandbox") // the wait starts immediately after
			p.signal(syscall.SIGINT)
			if status := p.wait(); status != 130 || !strings.Contains(p.stderr.String(), "another process uses it: interrupted by SIGINT (Ctrl-C)") {
				t.Errorf("exit status %d, want 130: %s", status, p.stderr.String())
			}
		})
	}
}

// standInFor returns a fake service, which is closed at the end of the test.
func standInFor(t *testing.T, answer http.HandlerFunc) string {
	server := httptest.NewServer(answer)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

func await(t *testing.T, happened <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-happened:
	case <-time.After(patience):
		t.Fatalf("%s did not come", what)
	}
}

// program is the running program.
type program struct {
	user       *user
	cmd        *exec.Cmd
	stdout     *bufio.Reader
	read       strings.Builder
	stderr     bytes.Buffer
	firstWrite firstWrite
}

// firstWrite is closed when the program writes to standard error for the first time.
type firstWrite chan struct{}

// Write implements io.Writer.
func (t firstWrite) Write(b []byte) (int, error) {
	select {
	case <-t:
	default:
		close(t)
	}
	return len(b), nil
}

// start runs the program and does not wait for it.
func (u *user) start(args ...string) *program {
	u.Helper()
	return u.begin(u.command(args...))
}

// startWithInput is start with a standard input.
func (u *user) startWithInput(args ...string) (*program, *os.File) {
	u.Helper()
	in, input, err := os.Pipe()
	if err != nil {
		u.Fatal(err)
	}
	cmd := u.command(args...)
	cmd.Stdin = in
	p := u.begin(cmd)
	if err := in.Close(); err != nil {
		u.Error(err)
	}
	return p, input
}

func (u *user) begin(cmd *exec.Cmd) *program {
	u.Helper()
	p := &program{user: u, cmd: cmd, firstWrite: make(firstWrite)}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		u.Fatal(err)
	}
	p.stdout, p.cmd.Stderr = bufio.NewReader(out), io.MultiWriter(&p.stderr, p.firstWrite)
	if err := p.cmd.Start(); err != nil {
		u.Fatal(err)
	}
	return p
}

// line returns the next line of standard output.
func (p *program) line() string {
	line, err := p.stdout.ReadString('\n')
	if err != nil {
		p.user.Error(err)
	}
	p.read.WriteString(line)
	return line
}

func (p *program) signal(s os.Signal) {
	p.user.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.user.Error(err)
	}
}

// wait returns the exit status, or -1 if a signal killed the process.
func (p *program) wait() int {
	p.user.Helper()
	overdue := time.AfterFunc(patience, func() { p.cmd.Process.Kill() }) //nolint:errcheck // it may just have ended
	defer overdue.Stop()
	if _, err := p.stdout.WriteTo(&p.read); err != nil {
		p.user.Error(err)
	}
	status := p.user.statusOf(p.cmd.Wait())
	p.user.note(output{command: strings.Join(p.cmd.Args, " "), stdout: p.read.String(), stderr: p.stderr.String()})
	return status
}
