package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ecs-activation/internal/sandbox"
)

// user is an empty environment for tests that scripts do not support: parallel processes, signals, a terminal.
// Its outputs are searched for secrets as well.
type user struct {
	*testing.T
	folder string
	extra  []string // environment, besides that of the world

	mu      sync.Mutex
	outputs []output
}

func newUser(t *testing.T, extra ...string) *user {
	u := &user{T: t, folder: t.TempDir(), extra: extra}
	if err := os.MkdirAll(filepath.Join(u.folder, "home"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		found, err := leaksOf(u.folder, u.outputs)
		if err != nil {
			t.Error(err)
		}
		for _, leak := range found {
			t.Error(leak)
		}
	})
	return u
}

// needs skips a test if a program that it runs is not installed.
func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skip(program + " is not installed")
	}
}

func (u *user) environment() []string {
	env := append(world(u.folder), "PATH="+os.Getenv("PATH"))
	for _, name := range []string{"GORACE", "GOCOVERDIR"} {
		if value := os.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return append(env, u.extra...)
}

// command returns the program with arguments, not started yet.
func (u *user) command(args ...string) *exec.Cmd {
	cmd := exec.Command("ecs-activation", args...)
	cmd.Env, cmd.Dir = u.environment(), u.folder
	return cmd
}

// run runs the program and waits for its end.
func (u *user) run(args ...string) (o output, status int) {
	u.Helper()
	cmd := u.command(args...)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	status = u.statusOf(cmd.Run())
	o = output{command: strings.Join(args, " "), stdout: stdout.String(), stderr: stderr.String()}
	u.note(o)
	return o, status
}

// statusOf returns the exit status of an error of exec.
func (u *user) statusOf(err error) int {
	u.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		u.Error(err)
	}
	if exit != nil {
		return exit.ExitCode()
	}
	return 0
}

// note records an output for the leak test.
func (u *user) note(o output) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.outputs = append(u.outputs, o)
}

// box returns the sandbox of this user.
func (u *user) box() *sandbox.Sandbox {
	u.Helper()
	box, err := sandbox.New(sandbox.Options{Path: filepath.Join(u.folder, "state", "ecs-activation", "sandbox.db")})
	if err != nil {
		u.Fatal(err)
	}
	return box
}

// keys are keys of an account that does not exist.
func keys(endpoint string) []string {
	return []string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIsomeone", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=hunter2hunter2",
		"ALIBABA_CLOUD_REGION_ID=cn-hangzhou", "ECS_ACTIVATION_ENDPOINT=" + endpoint,
	}
}

// Both default chains of the official SDKs take seconds here. The test uses the fastest of some attempts, because
// the others depend on the load of the machine.
func TestListWithoutCredentialsEndsWithinHalfASecond(t *testing.T) {
	u := newUser(t)
	best := time.Hour
	for range 5 {
		begun := time.Now()
		o, status := u.run("list")
		if status != 4 || !strings.Contains(o.stderr, "no credentials were found") {
			t.Fatalf("exit status %d, %s", status, o.stderr)
		}
		best = min(best, time.Since(begun))
	}
	if best > 500*time.Millisecond {
		t.Errorf("the fastest took %s", best)
	}
}
