package cli_test

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/cli"
	"ecs-activation/internal/process"
	"ecs-activation/internal/ui"
)

// A code that was printed to a file is delivered only when the file is synced.
func TestCodeIsNotDeliveredIfTheOutputCannotBeSynced(t *testing.T) {
	u := newUser(t)
	env := map[string]string{}
	for _, pair := range u.environment() {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	var out, problems bytes.Buffer
	synced := 0
	app := &cli.App{Version: "test", Process: &process.Process{
		Args:  []string{"--sandbox", "create", "--client-token", "mine", "-q"},
		IO:    &ui.IO{In: strings.NewReader(""), Out: &ui.Stream{Writer: &out}, Err: &ui.Stream{Writer: &problems}},
		Env:   func(name string) (string, bool) { value, found := env[name]; return value, found },
		Names: func() []string { return slices.Collect(maps.Keys(env)) },
		Now:   time.Now, KeepPipes: func() {},
		SyncOut: func() error { synced++; return errors.New("no space left on device") },
	}}
	if status := app.Run(t.Context()); status != 1 || synced != 1 || !strings.HasPrefix(out.String(), "a-sandbox") ||
		!strings.Contains(problems.String(), "to retrieve it without creating another:  ecs-activation --sandbox recover mine -q") {
		t.Errorf("exit status %d, synced %d times, %q, %s", status, synced, out.String(), problems.String())
	}
	if o, status := u.run("--sandbox", "recover", "--all", "-q"); status != 0 || o.stdout != out.String() {
		t.Errorf("exit status %d, %s", status, o.stderr)
	}
}
