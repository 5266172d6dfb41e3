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

// patience is far more than anything here takes, and far less than a test that hangs.
const patience = 20 * time.Second

// signalled are the signals that end the program, with what a shell then reports.
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

func TestASignalEndsACreateUnderWayAndTellsHowToGetItsCode(t *testing.T) {
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
			told := p.stderr.String()
			if !strings.Contains(told, "hint: ") || !strings.Contains(told, ":  ecs-activation ") {
				t.Errorf("there is no command that gets the code:\n%s", told)
			}
			if strings.Contains(told, "network") {
				t.Errorf("a signal is taken for trouble of the network:\n%s", told)
			}
		})
	}
}

func TestACreateWaitsForAnotherOneOfItsTokenAsLongAsItMay(t *testing.T) {
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

// Standard input that nobody writes to and does not end.
func TestASignalEndsTheWaitForInput(t *testing.T) {
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
			// It has read something when it has read what a pipe does not hold.
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

func TestAnInterruptedListSaysNothingOfTheNetwork(t *testing.T) {
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
	if told := p.stderr.String(); strings.Contains(told, "network") {
		t.Errorf("the user is told to check the network:\n%s", told)
	}
}

func TestAnInterruptedChangeSaysWhatWasDone(t *testing.T) {
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
	told := p.stderr.String()
	for _, want := range []string{"cannot disable B: interrupted by SIGINT (Ctrl-C)\n", "may have been carried out; see:  ecs-activation show cn-hangzhou/B\n"} {
		if !strings.Contains(told, want) {
			t.Errorf("it does not say %q:\n%s", want, told)
		}
	}
}

// The thousands that were not tried are counted, not told one by one.
func TestWhatWasNotTriedIsCounted(t *testing.T) {
	needSignals(t)
	for _, test := range []struct {
		args  []string
		tells string
		times int
	}{
		{[]string{"delete", "--yes"}, "cannot delete X-", 8},
		{[]string{"show"}, "cannot show X-", 9},
	} {
		t.Run(test.args[0], func(t *testing.T) { interruptedInBulk(t, test.args, test.tells, test.times) })
	}
}

// interruptedInBulk interrupts a command with 40 codes when it has asked about eight.
func interruptedInBulk(t *testing.T, args []string, tells string, times int) {
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
	told := p.stderr.String()
	if n := strings.Count(told, tells); n != times || !strings.Contains(told, "interrupted: not tried yet: 32 of 40 codes") {
		t.Errorf("%d codes are told:\n%s", n, told)
	}
}

func TestASecondSignalKills(t *testing.T) {
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
	time.Sleep(100 * time.Millisecond) // it has no way to tell that it has arrived
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

// nohup has SIGHUP ignored, and a shell without job control has SIGINT ignored in what it starts in
// the background.
func TestASignalThatIsIgnoredAtTheStartStaysIgnored(t *testing.T) {
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

func TestASignalEndsTheWaitForTheSandbox(t *testing.T) {
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
			await(t, p.talks, "the note that it is the sandbox") // it waits right after
			p.signal(syscall.SIGINT)
			if status := p.wait(); status != 130 || !strings.Contains(p.stderr.String(), "another process uses it: interrupted by SIGINT (Ctrl-C)") {
				t.Errorf("exit status %d, want 130: %s", status, p.stderr.String())
			}
		})
	}
}

// standInFor is a server in place of the service. It ends with the test.
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

// program is the program running.
type program struct {
	user   *user
	cmd    *exec.Cmd
	stdout *bufio.Reader
	read   strings.Builder
	stderr bytes.Buffer
	talks  talks
}

// talks is closed when the program writes to standard error for the first time.
type talks chan struct{}

// Write implements io.Writer.
func (t talks) Write(b []byte) (int, error) {
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

// startWithInput is start for a program that reads what is written.
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
	p := &program{user: u, cmd: cmd, talks: make(talks)}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		u.Fatal(err)
	}
	p.stdout, p.cmd.Stderr = bufio.NewReader(out), io.MultiWriter(&p.stderr, p.talks)
	if err := p.cmd.Start(); err != nil {
		u.Fatal(err)
	}
	return p
}

// line is the next line of standard output.
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

// wait returns the exit status, -1 for a process that a signal killed.
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
