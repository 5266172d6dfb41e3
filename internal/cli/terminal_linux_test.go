package cli_test

import (
	"ecs-activation/internal/tools/pty"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// terminal is a pseudo-terminal on which the program runs. Scripts test questions; the tests here need an answer
// at the right time, or a width.
type terminal struct {
	user    *user
	cmd     *exec.Cmd
	control *os.File
	done    chan struct{} // everything has been read

	mu    sync.Mutex
	shown strings.Builder
}

// onTerminal starts the program on a terminal with so many columns.
func (u *user) onTerminal(columns uint16, args ...string) *terminal {
	u.Helper()
	return u.placeOnTerminal(columns, u.command(args...))
}

// placeOnTerminal starts any program on a terminal with so many columns.
func (u *user) placeOnTerminal(columns uint16, cmd *exec.Cmd) *terminal {
	u.Helper()
	control, device, err := pty.Open(columns)
	if err != nil {
		u.Skip("there is no pseudo-terminal: ", err)
	}
	t := &terminal{user: u, cmd: cmd, control: control, done: make(chan struct{})}
	t.cmd.Stdin, t.cmd.Stdout, t.cmd.Stderr = device, device, device
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := errors.Join(t.cmd.Start(), device.Close()); err != nil {
		u.Fatal(err)
	}
	go t.read()
	return t
}

func (t *terminal) read() {
	defer close(t.done)
	buffer := make([]byte, 4096)
	for {
		n, err := t.control.Read(buffer)
		t.mu.Lock()
		t.shown.Write(buffer[:n])
		t.mu.Unlock()
		if err != nil {
			return // the program has ended
		}
	}
}

// text returns what the terminal has shown so far.
func (t *terminal) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ReplaceAll(t.shown.String(), "\r\n", "\n")
}

// await waits until the terminal shows a text.
func (t *terminal) await(text string) {
	t.user.Helper()
	for begun := time.Now(); !strings.Contains(t.text(), text); time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > patience {
			t.user.Fatalf("the terminal never showed %q:\n%s", text, t.text())
		}
	}
}

// keys types text on the terminal.
func (t *terminal) keys(text string) {
	t.user.Helper()
	if _, err := t.control.WriteString(text); err != nil {
		t.user.Error(err)
	}
}

func (t *terminal) wait() int {
	t.user.Helper()
	overdue := time.AfterFunc(patience, func() { t.cmd.Process.Kill() }) //nolint:errcheck // it may just have ended
	defer overdue.Stop()
	status := t.user.statusOf(t.cmd.Wait())
	<-t.done
	t.control.Close() //nolint:errcheck // nothing more is read
	t.user.note(output{command: strings.Join(t.cmd.Args, " "), terminal: t.text()})
	return status
}

// withCodes returns a user whose sandbox has codes.
func withCodes(t *testing.T, codes string) *user {
	t.Helper()
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1")
	if _, err := u.box().Load(t.Context(), strings.NewReader(codes)); err != nil {
		t.Fatal(err)
	}
	return u
}

func TestCtrlCAtTheConfirmationChangesNothing(t *testing.T) {
	u := withCodes(t, `[{"ActivationId":"A"}]`)
	terminal := u.onTerminal(80, "disable", "A")
	terminal.await("[y/N] ")
	terminal.keys("\x03")
	if status := terminal.wait(); status != 130 {
		t.Errorf("exit status %d, want 130:\n%s", status, terminal.text())
	}
	if shown := terminal.text(); !strings.Contains(shown, "[y/N] ^C\necs-activation: ") {
		t.Errorf("the error is not on a line of its own: %q", shown)
	}
	if o, _ := u.run("list", "-q", "--status", "active"); o.stdout != "A\n" {
		t.Errorf("A was changed: %s", o.stdout)
	}
}

func TestTimeoutExcludesTheConfirmation(t *testing.T) {
	t.Parallel()
	u := withCodes(t, `[{"ActivationId":"A"}]`)
	terminal := u.onTerminal(80, "disable", "A", "--timeout", "2s")
	terminal.await("[y/N] ")
	time.Sleep(2100 * time.Millisecond)
	terminal.keys("y\n")
	if status := terminal.wait(); status != 0 || !strings.Contains(terminal.text(), "disabled A") {
		t.Errorf("exit status %d, want 0:\n%s", status, terminal.text())
	}
}

func TestTableOnATerminalHasRelativeTimesBarsAndItsWidth(t *testing.T) {
	u := withCodes(t, fmt.Sprintf(`[{"ActivationId":"ABC","InstanceName":%q,"RegisteredCount":5,"CreationTime":%q}]`,
		strings.Repeat("long-", 20), time.Now().Add(-90*time.Minute).UTC().Format(time.RFC3339)))
	terminal := u.onTerminal(70, "list")
	if status := terminal.wait(); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	shown := settled(terminal.text())
	for _, want := range []string{"\x1b[32mActive\x1b[0m", "in 2h ", "5/10", "█", "…", "\x1b[1mEXPIRES"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the terminal does not show %q:\n%s", want, shown)
		}
	}
	for line := range strings.Lines(shown) {
		if plain := escapes.Replace(strings.TrimSuffix(line, "\n")); len([]rune(plain)) > 70 {
			t.Errorf("a line is %d columns wide: %s", len([]rune(plain)), plain)
		}
	}
}

func TestBarsAreOmittedOnANarrowTerminal(t *testing.T) {
	u := withCodes(t, `[{"InstanceName":"build-runner","InstanceCount":1000,"RegisteredCount":371}]`)
	for columns, bars := range map[uint16]bool{80: false, 100: true} {
		terminal := u.onTerminal(columns, "list", "--color", "never")
		if status := terminal.wait(); status != 0 {
			t.Fatalf("exit status %d", status)
		}
		shown := settled(terminal.text())
		if strings.Contains(shown, "█") != bars || !strings.Contains(shown, "371/1000") {
			t.Errorf("%d columns:\n%s", columns, shown)
		}
		for line := range strings.Lines(shown) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > int(columns) {
				t.Errorf("a line of %d columns on a terminal of %d: %s", n, columns, line)
			}
		}
	}
}

var escapes = strings.NewReplacer("\x1b[0m", "", "\x1b[1m", "", "\x1b[2m", "", "\x1b[31m", "", "\x1b[32m", "", "\x1b[35m", "")

func TestServiceTextDoesNotControlTheTerminal(t *testing.T) {
	t.Parallel()
	u := withCodes(t, `[{"ActivationId":"A","InstanceName":"a\u001b[31mb\u009b32mc\u202ed","Description":"x\u007f\ny","Tags":[{"TagKey":"k\u0007","TagValue":"\u2028"}]}]`)
	for _, format := range []string{"table", "wide", "json", "jsonl", "yaml"} {
		terminal := u.onTerminal(200, "list", "--color", "never", "-o", format)
		if status := terminal.wait(); status != 0 {
			t.Errorf("%s: exit status %d", format, status)
		}
		if shown := settled(terminal.text()); strings.ContainsAny(shown, "\x1b\x07\x7f\u009b\u202e\u2028") {
			t.Errorf("%s prints control characters: %q", format, shown)
		}
	}
}

// oddAnswer responds to every operation with text that would control a terminal.
func oddAnswer(w http.ResponseWriter, r *http.Request) {
	const steer = `\u001b]0;t\u0007\u009b31m\u202e\u007f`
	const code = `"ActivationId":"A` + steer + `","InstanceName":"n` + steer + `","Description":"d` + steer + `","IpAddressRange":"i` + steer +
		`","ResourceGroupId":"g` + steer + `","Tags":[{"TagKey":"k` + steer + `","TagValue":"v` + steer + `"}]`
	body := `"ActivationCode":"c` + steer + `",` + code
	switch r.FormValue("Action") {
	case "DescribeActivations":
		body = `"TotalCount":1,"NextToken":"","ActivationList":[{` + code + `,"InstanceCount":10,"TimeToLiveInHours":4,"CreationTime":"2021-01-20T06:00:00Z"}]`
	case "DisableActivation", "DeleteActivation":
		body = `"Activation":{` + code + `,"InstanceCount":10}`
	}
	fmt.Fprint(w, `{"RequestId":"R`+steer+`",`+body+`}`) //nolint:errcheck // the client may have gone
}

// If a script would contain control characters, an error is printed instead.
func TestOutputOfCommandsDoesNotControlTheTerminal(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"create"}, {"create", "-q"}, {"create", "-o", "code"}, {"create", "-o", "json"}, {"create", "-o", "jsonl"}, {"create", "-o", "yaml"},
		{"create", "-o", "env"}, {"create", "-o", "command"}, {"create", "-o", "sh"}, {"create", "-o", "powershell"}, {"create", "-o", "cloud-init"},
		{"list"}, {"list", "-q"}, {"list", "-o", "wide"}, {"list", "-o", "json"}, {"list", "-o", "jsonl"}, {"list", "-o", "yaml"},
		{"list", "-q", "--region", "cn-hangzhou,cn-beijing"}, {"list", "--max-results", "10", "-o", "json"},
		{"prune", "--dry-run"}, {"prune", "--yes"}, {"prune", "--yes", "-o", "json"}, {"delete", "--yes", "A"}, {"disable", "--yes", "A", "-o", "yaml"},
		{"show", "A"}, {"wait", "A", "--registered", "1"}, {"recover", "--all", "-q"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			u := newUser(t, keys(standInFor(t, oddAnswer))...)
			if args[0] == "recover" {
				u.run("create", "-o", "sh") // it cannot be delivered
			}
			terminal := u.onTerminal(200, append(args, "--color", "never")...)
			terminal.wait()
			if shown := settled(terminal.text()); strings.ContainsAny(shown, "\x1b\x07\x7f\u009b\u202e") {
				t.Errorf("control characters reach the terminal: %q", shown)
			}
		})
	}
}

func TestBareCodeIsUnchangedInAPipe(t *testing.T) {
	u := newUser(t, keys(standInFor(t, oddAnswer))...)
	for _, args := range [][]string{{"create", "-q"}, {"create", "-o", "code"}, {"recover", "--last", "-q"}} {
		if o, _ := u.run(args...); o.stdout != "c\x1b]0;t\x07\u009b31m\u202e\x7f\n" {
			t.Errorf("%q: %q", args, o.stdout)
		}
	}
}

func TestWaitShowsChangesOnATerminal(t *testing.T) {
	t.Parallel()
	u := withCodes(t, `[{"ActivationId":"A","InstanceCount":3}]`)
	terminal := u.onTerminal(80, "wait", "A", "--registered", "1")
	terminal.await("Active, 0 of 3 uses")
	if o, status := u.run("disable", "--yes", "A"); status != 0 {
		t.Fatal(o.stderr)
	}
	if status := terminal.wait(); status != 6 {
		t.Errorf("exit status %d, want 6", status)
	}
	if shown := terminal.text(); strings.Count(shown, "Active, 0 of 3 uses") != 1 || !strings.Contains(shown, "0/3") {
		t.Error(shown)
	}
}

func TestCtrlCEndsTheLineOfAWait(t *testing.T) {
	t.Parallel()
	u := withCodes(t, `[{"ActivationId":"A","InstanceCount":3}]`)
	terminal := u.onTerminal(80, "wait", "A")
	terminal.await("Active, 0 of 3 uses")
	terminal.keys("\x03")
	if status := terminal.wait(); status != 130 {
		t.Errorf("exit status %d, want 130", status)
	}
	if shown := terminal.text(); !strings.Contains(shown, "\n^C\n\x1b[1mID") {
		t.Errorf("the code is not on a line of its own: %q", shown)
	}
}

func TestProgressIsShownAndErased(t *testing.T) {
	var ids, codes []string // one more than the number of parallel changes
	for i := range 9 {
		ids = append(ids, fmt.Sprint("cn-hangzhou/N", i))
		codes = append(codes, fmt.Sprintf(`{"ActivationId":"N%d","CreationTime":"2021-01-20T06:00:00Z"}`, i))
	}
	for _, test := range []struct {
		name, want, result string
		args               []string
	}{
		{"list", `0 of 2 regions, 0 codes`, `(?m)^N\d `, []string{"list", "--region", "cn-hangzhou,cn-beijing"}},
		{"list -o jsonl", `0 of 2 regions, `, `(?m)^{"ActivationId":`, []string{"list", "--region", "cn-hangzhou,cn-beijing", "-o", "jsonl"}},
		{"disable", "disable: 0 of 9", "(?m)^disabled N", append([]string{"disable", "--yes"}, ids...)},
		{"delete", "delete: 8 of 9", "(?m)^deleted N", append([]string{"delete", "--yes"}, ids...)},
		{"delete --dry-run", "delete: 8 of 9", "(?m)^would be deleted: N", append([]string{"delete", "--dry-run"}, ids...)},
		{"prune looking", `\d of 2 regions, `, "(?m)^would be deleted: cn-hangzhou/N", []string{"prune", "--dry-run", "--region", "cn-beijing,cn-hangzhou"}},
		{"prune", "prune: 8 of 9", "(?m)^deleted N", []string{"prune", "--yes"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			u := withCodes(t, "["+strings.Join(codes, ",")+"]")
			u.extra = append(u.extra, "ECS_ACTIVATION_SANDBOX_LATENCY=500ms")
			terminal := u.onTerminal(80, append(test.args, "--color", "never")...)
			if status := terminal.wait(); status != 0 {
				t.Errorf("exit status %d", status)
			}
			if !regexp.MustCompile(`\r\x1b\[K` + test.want).MatchString(terminal.text()) {
				t.Errorf("no %q is shown:\n%q", test.want, terminal.text())
			}
			remaining := settled(terminal.text())
			results := regexp.MustCompile(test.result).FindAllString(remaining, -1)
			if len(results) != 9 || regexp.MustCompile(test.want).MatchString(remaining) || strings.Contains(remaining, "\x1b") {
				t.Errorf("want 9 results and no progress line; got %d: %q", len(results), remaining)
			}
		})
	}
}

func TestThrottlingIsReportedOnceOnATerminal(t *testing.T) {
	t.Parallel()
	u := withCodes(t, "["+strings.TrimSuffix(strings.Repeat(`{},`, 300), ",")+"]")
	u.extra = append(u.extra, "ECS_ACTIVATION_SANDBOX_FAULT=throttle=0.4", "ECS_ACTIVATION_SANDBOX_SEED=7")
	terminal := u.onTerminal(80, "list", "-q", "--color", "never")
	if status := terminal.wait(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	shown := settled(terminal.text())
	if strings.Count(shown, "\nnote: cn-hangzhou is throttling requests") != 1 || strings.Contains(shown, "; attempt ") {
		t.Error(shown)
	}
}

// settled returns what a terminal shows at the end of a text, without progress lines that were erased.
func settled(shown string) string {
	lines := strings.Split(shown, "\n")
	for i, line := range lines {
		lines[i] = line[max(0, strings.LastIndex(line, "\r\x1b[K")):]
		lines[i] = strings.TrimPrefix(lines[i], "\r\x1b[K")
	}
	return strings.Join(lines, "\n")
}
