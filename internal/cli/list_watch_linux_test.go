package cli_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// made is the output of create for a new code.
type made struct{ ActivationId, ActivationCode string }

func (u *user) create(args ...string) (code made) {
	u.Helper()
	o, status := u.run(append([]string{"create", "-o", "json"}, args...)...)
	if err := json.Unmarshal([]byte(o.stdout), &code); err != nil || status != 0 {
		u.Fatal(status, err, o.stderr)
	}
	return code
}

// resize changes the size of the terminal while the program runs.
func (t *terminal) resize(columns, rows uint16) {
	t.user.Helper()
	if err := unix.IoctlSetWinsize(int(t.control.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: columns}); err != nil {
		t.user.Fatal(err)
	}
}

// frames returns the frames that a watch has drawn.
func (t *terminal) frames() []string { return strings.Split(t.text(), "\x1b[?25l\x1b[H")[1:] }

var ticking = regexp.MustCompile(`in 3:59:\d\d`)

func TestWatchIsRedrawnInPlaceUntilCtrlC(t *testing.T) {
	for _, columns := range []uint16{80, 200} {
		t.Run(fmt.Sprint(columns, " columns"), func(t *testing.T) {
			t.Parallel()
			u := newUser(t, "ECS_ACTIVATION_SANDBOX=1")
			code := u.create("--instance-name", strings.Repeat("long-name-", 5), "--instance-count", "3")
			u.extra = append(u.extra, "ECS_ACTIVATION_SANDBOX_LATENCY=400ms") // long enough for a progress line
			terminal := u.onTerminal(columns, "list", "--watch")
			terminal.await(" 0/3 ")
			if o, status := u.run("sandbox", "register", code.ActivationId, code.ActivationCode); status != 0 {
				t.Fatal(o.stderr)
			}
			terminal.await(" 1/3 ")
			terminal.awaitTicks(3)
			terminal.keys("\x03")
			if status := terminal.wait(); status != 130 {
				t.Errorf("exit status %d, want 130", status)
			}
			checkFrames(t, terminal, int(columns), code.ActivationId)
		})
	}
}

// awaitTicks waits until the time left has been drawn in so many different seconds.
func (t *terminal) awaitTicks(n int) {
	t.user.Helper()
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		seen := map[string]bool{}
		for _, tick := range ticking.FindAllString(t.text(), -1) {
			seen[tick] = true
		}
		if len(seen) >= n {
			return
		}
		if time.Since(begun) > patience {
			t.user.Fatalf("%d seconds were shown:\n%s", len(seen), t.text())
		}
	}
}

// checkFrames checks that each frame fits the terminal and shows the cursor again, and that the last frame is
// not erased.
func checkFrames(t *testing.T, terminal *terminal, columns int, id string) {
	frames := terminal.frames()
	for _, frame := range frames {
		drawn, rest, shown := strings.Cut(frame, "\x1b[J\x1b[?25h")
		if !shown || strings.Contains(terminal.text(), "\x1b[?1049h") {
			t.Fatalf("the cursor or the screen is not given back: %q", frame)
		}
		if strings.Contains(rest, "\r\x1b[K") {
			t.Errorf("a line of progress is drawn into a frame: %q", frame)
		}
		for line := range strings.Lines(drawn) {
			plain := escapes.Replace(strings.NewReplacer("\x1b[K", "", "\n", "").Replace(line))
			if len([]rune(plain)) > columns {
				t.Errorf("a line of %d columns: %q", len([]rune(plain)), plain)
			}
		}
	}
	last := frames[len(frames)-1]
	for _, want := range []string{id, "█", "1/3", "Ctrl-C ends", "every 1s", "sandbox", "cn-hangzhou", "\r\x1b[Jwatched for "} {
		if !strings.Contains(last, want) {
			t.Errorf("the last frame shows no %q: %q", want, last)
		}
	}
	if cut := strings.Contains(last, "…"); cut != (columns < 150) {
		t.Errorf("%d columns, and the name is cut: %t", columns, cut)
	}
}

func TestWatchFollowsTheSizeOfTheTerminal(t *testing.T) {
	t.Parallel()
	codes := make([]string, 30)
	for i := range codes {
		codes[i] = fmt.Sprintf(`{"ActivationId":"ID-%02d","InstanceName":"%s"}`, i, strings.Repeat("long-name-", 12))
	}
	u := withCodes(t, "["+strings.Join(codes, ",")+"]")
	terminal := u.onTerminal(80, "list", "--watch", "--sort", "name")
	terminal.await("… and 10 more")
	terminal.resize(200, 50)
	terminal.await(strings.Repeat("long-name-", 12))
	terminal.await("ID-29")
	terminal.resize(60, 10)
	terminal.await("… and 24 more")
	terminal.keys("\n\n") // it does not move the frames
	terminal.awaitFrames(len(terminal.frames()) + 2)
	terminal.keys("\x03")
	if status := terminal.wait(); status != 130 {
		t.Errorf("exit status %d, want 130", status)
	}
	for _, frame := range terminal.frames() {
		if drawn, _, _ := strings.Cut(frame, "\x1b[J"); strings.Count(drawn, "\n") > 49 {
			t.Errorf("a frame is too high: %q", frame)
		}
	}
}

func (t *terminal) awaitFrames(n int) {
	t.user.Helper()
	for begun := time.Now(); len(t.frames()) < n; time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > patience {
			t.user.Fatalf("%d frames were drawn", len(t.frames()))
		}
	}
}

func TestWatchShowsErrorsInTheFrame(t *testing.T) {
	t.Parallel()
	u := withCodes(t, `[{"ActivationId":"A"}]`)
	u.extra = append(u.extra, "ECS_ACTIVATION_SANDBOX_FAULT=throttle=0.5", "ECS_ACTIVATION_SANDBOX_SEED=1")
	terminal := u.onTerminal(120, "list", "--watch", "--region", "cn-hangzhou,cn-nowhere-1", "--color", "never")
	terminal.await("s, throttled · ")
	terminal.await("error: next try at ")
	terminal.keys("\x03")
	if status := terminal.wait(); status != 130 {
		t.Errorf("exit status %d, want 130", status)
	}
	for _, frame := range terminal.frames() {
		if !strings.Contains(frame, "\x1b[KA   cn-hangzhou ") || strings.Contains(frame, "attempt ") {
			t.Errorf("%q", frame)
		}
	}
	if !regexp.MustCompile(`error: next try at \d\d:\d\d:\d\d UTC: cannot list cn-nowhere-1: there is no region cn-nowhere-1`).MatchString(terminal.text()) {
		t.Error(terminal.text())
	}
}

// A watch prints lines on a terminal without escape sequences, and with --debug.
func TestWatchPrintsLinesOnATerminalWithoutEscapes(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--debug"}, {"-o", "jsonl"}, nil} {
		u := withCodes(t, `[{"ActivationId":"A"}]`)
		if args == nil {
			u.extra = append(u.extra, "TERM=dumb")
		}
		terminal := u.onTerminal(80, append([]string{"list", "--watch", "--timeout", "1s"}, args...)...)
		if status := terminal.wait(); status != 0 {
			t.Errorf("%v: exit status %d", args, status)
		}
		shown := settled(terminal.text())
		if strings.Contains(shown, "\x1b[H") || !strings.Contains(shown, "\nis ") && !strings.Contains(shown, `{"Change":"is",`) {
			t.Errorf("%v: %q", args, shown)
		}
	}
}
