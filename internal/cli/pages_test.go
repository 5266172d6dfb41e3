package cli_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// This test runs every "$" line in the ```console blocks of README.md and of the how-to guides. The lines of a page
// run in one shell, with one home and one sandbox, as a reader does who pastes them one after the other. Each must
// succeed and print what the page shows. IDs, codes, request IDs and times may differ. If a line repeats an ID of an
// earlier output, the ID that was printed there is used.

func TestPagesShowTheOutputOfTheirCommands(t *testing.T) {
	root := filepath.Join("..", "..")
	guides, err := filepath.Glob(filepath.Join(root, "docs", "howto", "*.md"))
	if err != nil || len(guides) < 7 {
		t.Fatalf("%d how-to guides, %v", len(guides), err)
	}
	for _, page := range append(guides, filepath.Join(root, "README.md")) {
		t.Run(filepath.Base(page), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			steps := stepsIn(string(text))
			if len(steps) == 0 && page != filepath.Join(root, "docs", "howto", "README.md") {
				t.Fatal("the page has no ```console block with commands")
			}
			for _, wrong := range runSteps(t, steps) {
				t.Errorf("%s:%s", page, wrong)
			}
		})
	}
}

func TestWrongOutputOnAPageIsFound(t *testing.T) {
	t.Parallel()
	const right = "# Title\n```console\n" +
		"$ ecs-activation --sandbox create --instance-name web \\\n    --save web.json -q\n" +
		"$ ecs-activation --sandbox list -q 2>/dev/null\n4ECEEE12-56F1-4FBC-9AB1-890F12345678\n" +
		"$ id=4ECEEE12-56F1-4FBC-9AB1-890F12345678\n" +
		"$ ecs-activation --sandbox disable --yes $id\ndisabled 4ECEEE12-56F1-4FBC-9AB1-890F12345678 (0 of 10 uses; cannot be enabled again)\n" +
		"```\n```sh\n$ false\n```\n"
	if wrong := runSteps(t, stepsIn(right)); len(wrong) > 0 {
		t.Errorf("problems of a correct page: %q", wrong)
	}
	for name, change := range map[string][2]string{
		"other words":       {"cannot be enabled again", "permanently"},
		"missing output":    {"disabled 4ECEEE12-56F1-4FBC-9AB1-890F12345678 (0 of 10 uses; cannot be enabled again)\n", ""},
		"a failing command": {"disable --yes $id", "disable $id"},
		"a broken command":  {"disable --yes $id", "disable --yes \"$id"},
	} {
		if wrong := runSteps(t, stepsIn(strings.Replace(right, change[0], change[1], 1))); len(wrong) == 0 {
			t.Errorf("%s goes unnoticed", name)
		}
	}
}

// step is one command of a page with the output that it shows.
type step struct {
	line           int
	command, shown string
}

// stepsIn returns the commands in the ```console blocks of a text.
func stepsIn(text string) []step {
	var steps []step
	inside, unfinished := false, false
	number := 0
	for line := range strings.Lines(text) {
		number++
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inside, unfinished = !inside && strings.TrimSpace(line) == "```console", false
		case !inside:
		case isCommand:
			steps = append(steps, step{line: number, command: command})
			unfinished = strings.HasSuffix(command, "\\\n")
		case unfinished:
			steps[len(steps)-1].command += line
			unfinished = strings.HasSuffix(line, "\\\n")
		case len(steps) > 0:
			steps[len(steps)-1].shown += line
		}
	}
	return steps
}

// runSteps runs the steps and returns their problems.
func runSteps(t *testing.T, steps []step) []string {
	t.Helper()
	needs(t, "sh")
	if uses(steps, "jq") {
		needs(t, "jq")
	}
	sh := openShell(newUser(t))
	defer sh.close()
	same := map[string]string{}
	var wrong []string
	for _, s := range steps {
		for shown, real := range same {
			s.command = strings.ReplaceAll(s.command, shown, real)
		}
		o, status := sh.run(s.command)
		both := o.stderr + o.stdout
		switch {
		case status != "0":
			wrong = append(wrong, fmt.Sprintf("%d: exit status %s of %s%s", s.line, status, s.command, both))
		case plain(s.shown) != plain(o.stdout) && plain(s.shown) != plain(both):
			wrong = append(wrong, fmt.Sprintf("%d: %sprints\n%sand the page shows\n%s", s.line, s.command, both, s.shown))
		}
		printed := o.stdout
		if plain(s.shown) == plain(both) {
			printed = both
		}
		learn(same, s.shown, printed)
	}
	return wrong
}

func uses(steps []step, tool string) bool {
	for _, s := range steps {
		if regexp.MustCompile(`(^|[^-\w])` + tool + `\b`).MatchString(s.command) {
			return true
		}
	}
	return false
}

// varying matches text that differs between runs, with its placeholders.
var varying = []struct {
	pattern *regexp.Regexp
	stand   string
}{
	{regexp.MustCompile(`\b[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\b`), "<id>"},
	{activationCode, "<code>"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "<time>"},
	{regexp.MustCompile(`\bmi-[a-z0-9]+\b`), "<instance>"},
	{regexp.MustCompile(`\b[A-Z2-7]{26}\b`), "<token>"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "<address>"},
	{regexp.MustCompile(`version \S+`), "version <version>"},
}

// plain returns a text with placeholders for what differs between runs.
func plain(text string) string {
	for _, v := range varying {
		text = v.pattern.ReplaceAllLiteralString(text, v.stand)
	}
	return strings.TrimRight(text, "\n")
}

// learn records which real IDs and codes correspond to those on the page.
func learn(same map[string]string, shown, printed string) {
	for _, v := range varying[:2] {
		theirs, ours := v.pattern.FindAllString(shown, -1), v.pattern.FindAllString(printed, -1)
		for i := 0; i < len(theirs) && len(theirs) == len(ours); i++ {
			same[theirs[i]] = ours[i]
		}
	}
}

// shell is one shell that runs one line after the other, so that its variables are kept.
type shell struct {
	user    *user
	cmd     *exec.Cmd
	in      io.WriteCloser
	results *bufio.Reader
	aside   string // a folder for the outputs
}

func openShell(u *user) *shell {
	u.Helper()
	s := &shell{user: u, cmd: exec.Command("sh"), aside: u.TempDir()}
	s.cmd.Env, s.cmd.Dir = u.environment(), filepath.Join(u.folder, "home")
	var err error
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		u.Fatal(err)
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		u.Fatal(err)
	}
	s.results = bufio.NewReader(out)
	if err := s.cmd.Start(); err != nil {
		u.Fatal(err)
	}
	return s
}

// run runs a line. If the line has a syntax error, the shell exits without a status.
func (s *shell) run(command string) (o output, status string) {
	line, stdout, stderr := filepath.Join(s.aside, "line"), filepath.Join(s.aside, "stdout"), filepath.Join(s.aside, "stderr")
	if err := os.WriteFile(line, []byte(command), 0o600); err != nil {
		s.user.Fatal(err)
	}
	fmt.Fprintf(s.in, "eval \"$(cat '%s')\" </dev/null >'%s' 2>'%s'; echo $?\n", line, stdout, stderr) //nolint:errcheck // then no status is printed
	status, _ = s.results.ReadString('\n')
	o = output{command: command, stdout: s.read(stdout), stderr: s.read(stderr)}
	s.user.note(o)
	return o, strings.TrimSpace(status)
}

func (s *shell) read(file string) string {
	content, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.user.Error(err)
	}
	return string(content)
}

func (s *shell) close() {
	s.in.Close() //nolint:errcheck // the shell may have ended
	s.cmd.Wait() //nolint:errcheck // its status is the last command's
}
