package cli_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
)

// hosts writes a list of rows with different names, and returns its path.
func (u *user) hosts(rows int) string {
	u.Helper()
	text := strings.Builder{}
	text.WriteString("instance-name\n")
	for n := range rows {
		fmt.Fprintf(&text, "web-%04d\n", n)
	}
	path := filepath.Join(u.folder, "hosts.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		u.Fatal(err)
	}
	return path
}

// checkSaved fails the test unless the sandbox has exactly so many codes, each in its own file.
func (u *user) checkSaved(folder string, rows int) {
	u.Helper()
	o, status := u.run("list", "-o", "json")
	var codes []struct{ ActivationId, InstanceName string }
	if err := json.Unmarshal([]byte(o.stdout), &codes); err != nil || status != 0 {
		u.Fatal(err, status, o.stderr)
	}
	if len(codes) != rows {
		u.Errorf("the sandbox has %d codes, want %d", len(codes), rows)
	}
	for _, code := range codes {
		f, err := codefile.Read(disk.OS{}, filepath.Join(folder, code.InstanceName+".json"))
		if err != nil || f.ActivationId != code.ActivationId {
			u.Errorf("%s: the file has %q, want %q; %v", code.InstanceName, f.ActivationId, code.ActivationId, err)
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		u.Error(err)
	}
	for _, file := range files { // a process that is killed while it tests the folder leaves a test file behind
		if name := file.Name(); !strings.HasSuffix(name, ".json") && !strings.HasPrefix(name, ".ecs-activation-probe-") {
			u.Errorf("the folder has the file %s", name)
		}
	}
	if o, _ := u.run("recover"); strings.Contains(o.stdout, "undelivered") || strings.Contains(o.stdout, "uncertain") {
		u.Error("there are unfinished records: ", o.stdout)
	}
}

// A batch of 1,000 rows that is killed ten times at random points, and run again, has made exactly 1,000 codes, each
// in its file.
func TestKilledBatchIsFinishedWithoutALostOrSecondCode(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	const rows, kills = 1000, 10
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1", "ECS_ACTIVATION_SANDBOX_QUOTA=2000")
	folder := filepath.Join(u.folder, "codes")
	args := []string{"create", "--from", u.hosts(rows), "--save-dir", folder, "-q"}
	killed := 0
	for n := range kills {
		cmd := u.command(args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		for goal := (n*rows + rand.IntN(rows)) / (kills + 1); filesIn(folder) < goal && time.Since(begun) < 20*time.Second; {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		if u.statusOf(cmd.Wait()) != 0 {
			killed++
		}
	}
	if killed != kills {
		t.Errorf("%d of %d runs were killed", killed, kills)
	}
	if o, status := u.run(args...); status != 0 {
		t.Fatalf("exit status %d: %s", status, o.stderr)
	}
	u.checkSaved(folder, rows)
}

// filesIn returns the number of files in a folder, which need not exist.
func filesIn(folder string) int {
	files, _ := os.ReadDir(folder) // none if the folder does not exist yet
	return len(files)
}

// A signal stops a batch: what was made is printed, the exit status is that of the signal, and the same command
// makes the rest.
func TestSignalStopsABatchThatContinuesLater(t *testing.T) {
	needSignals(t)
	const rows = 40
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1", "ECS_ACTIVATION_SANDBOX_QUOTA=100", "ECS_ACTIVATION_SANDBOX_LATENCY=150ms")
	folder := filepath.Join(u.folder, "codes")
	args := []string{"create", "--from", u.hosts(rows), "--save-dir", folder, "-o", "jsonl"}
	for signal, want := range map[os.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		p := u.start(args...)
		p.line()
		p.signal(signal)
		if status := p.wait(); status != want {
			t.Errorf("%v: exit status %d, want %d: %s", signal, status, want, p.stderr.String())
		}
		for _, pattern := range []string{`interrupted: \d+ of 40 codes not tried`, `batch [A-Z2-7]{12}: \d+ codes? delivered, .*\d+ rows not finished`} {
			if !regexp.MustCompile(pattern).MatchString(p.stderr.String()) {
				t.Errorf("%v: no %q in %s", signal, pattern, p.stderr.String())
			}
		}
	}
	if o, status := u.run(args...); status != 0 || strings.Count(o.stdout, "\n") != rows {
		t.Errorf("exit status %d: %s", status, o.stderr)
	}
	u.checkSaved(folder, rows)
}

// Without --save-dir, codes are delivered on standard output in the order of the rows. A killed run is repeated with
// the same codes.
func TestKilledBatchOnStandardOutputIsRepeatedWithTheSameCodes(t *testing.T) {
	const rows = 60
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1", "ECS_ACTIVATION_SANDBOX_QUOTA=100", "ECS_ACTIVATION_SANDBOX_LATENCY=20ms")
	args := []string{"create", "--from", u.hosts(rows), "-o", "jsonl"}
	p := u.start(args...)
	first := p.line() + p.line() + p.line()
	p.signal(os.Kill)
	p.wait()
	o, status := u.run(args...)
	if status != 0 {
		t.Fatalf("exit status %d: %s", status, o.stderr)
	}
	code := regexp.MustCompile(`"ActivationCode":"[^"]+"`)
	again := strings.Join(strings.SplitAfter(o.stdout, "\n")[:3], "")
	if got, want := fmt.Sprint(code.FindAllString(again, -1)), fmt.Sprint(code.FindAllString(first, -1)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for n, line := range strings.Split(strings.TrimSpace(o.stdout), "\n") {
		if name := fmt.Sprintf(`"InstanceName":"web-%04d"`, n); !strings.Contains(line, name) {
			t.Errorf("line %d is not %s", n, name)
		}
	}
	if o, _ := u.run("sandbox", "status", "-o", "jsonl"); !strings.Contains(o.stdout, `"Codes":60,`) {
		t.Error(o.stdout)
	}
}

// The list can be named by a setting as well.
func TestCreateFromAListTimesOutAfterAnHour(t *testing.T) {
	u := newUser(t, "ECS_ACTIVATION_CREATE_FROM=-")
	for _, limit := range []struct {
		passes time.Duration // between two looks at the clock
		status int
	}{{time.Minute, 0}, {time.Hour, 7}} {
		app, out, problems := u.app("--sandbox", "create", "--dry-run", "-o", "jsonl", "--jq", ".InstanceName")
		app.IO.In = strings.NewReader("instance-name\nweb\n")
		now := time.Now()
		app.Now = func() time.Time { now = now.Add(limit.passes); return now }
		status := app.Run(t.Context())
		if status != limit.status || status != 0 && !strings.Contains(problems.String(), "timed out after 1h (--timeout)") {
			t.Errorf("after %s: exit status %d, %s%s", limit.passes, status, out, problems)
		}
	}
}
