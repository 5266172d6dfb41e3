package cli_test

import (
	"errors"
	"strings"
	"testing"
)

// A code that was printed to a file is delivered only when the file is synced.
func TestCodeIsNotDeliveredIfTheOutputCannotBeSynced(t *testing.T) {
	u := newUser(t)
	synced := 0
	app, out, problems := u.app("--sandbox", "create", "--client-token", "mine", "-q")
	app.SyncOut = func() error { synced++; return errors.New("no space left on device") }
	if status := app.Run(t.Context()); status != 1 || synced != 1 || !strings.HasPrefix(out.String(), "a-sandbox") ||
		!strings.Contains(problems.String(), "to retrieve it without creating another:  ecs-activation --sandbox recover mine -q") {
		t.Errorf("exit status %d, synced %d times, %q, %s", status, synced, out.String(), problems.String())
	}
	if o, status := u.run("--sandbox", "recover", "--all", "-q"); status != 0 || o.stdout != out.String() {
		t.Errorf("exit status %d, %s", status, o.stderr)
	}
}
