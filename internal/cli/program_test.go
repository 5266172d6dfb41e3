package cli_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ecs-activation/internal/cli"
	"ecs-activation/internal/process"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/ui"
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

// app returns the program with arguments, to run in this process, and what it writes on its streams.
func (u *user) app(args ...string) (app *cli.App, out, problems *bytes.Buffer) {
	env := map[string]string{}
	for _, pair := range u.environment() {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	out, problems = new(bytes.Buffer), new(bytes.Buffer)
	return &cli.App{Version: "test", Process: &process.Process{
		Args:  args,
		IO:    &ui.IO{In: strings.NewReader(""), Out: &ui.Stream{Writer: out}, Err: &ui.Stream{Writer: problems}},
		Env:   func(name string) (string, bool) { value, found := env[name]; return value, found },
		Names: func() []string { return slices.Collect(maps.Keys(env)) },
		Now:   time.Now, KeepPipes: func() {},
	}}, out, problems
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

// The language of messages and the settings are read from the same content.
func TestConfigurationFileIsReadOnce(t *testing.T) {
	u := newUser(t)
	app, out, problems := u.app("config")
	read, env := 0, app.Env
	app.Env = func(name string) (string, bool) {
		if name == "XDG_CONFIG_HOME" {
			read++
		}
		return env(name)
	}
	if status := app.Run(t.Context()); status != 0 || read != 1 || !strings.Contains(out.String(), "lang ") {
		t.Errorf("exit status %d, read %d times, %s%s", status, read, out, problems)
	}
}
