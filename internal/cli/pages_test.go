package cli_test

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the real outputs into the pages that show other ones")

// This test runs every "$" line in the ```console blocks of README.md and of all pages in docs. The lines of a page
// run in one shell, with one home and one sandbox, as a reader does who pastes them one after the other. Each must
// succeed and print what the page shows. IDs, codes, request IDs and times may differ. If a line repeats an ID of an
// earlier output, the ID that was printed there is used. With -update, outputs that differ are written into the pages:
//
//	go test ./internal/cli -run Pages -update
func TestPagesShowTheOutputOfTheirCommands(t *testing.T) {
	for _, page := range pages(t) {
		text := readPage(t, page)
		steps := stepsIn(text)
		if len(steps) == 0 && !hasCommands.MatchString(page) {
			continue
		}
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			if len(steps) == 0 {
				t.Fatal("the page has no ```console block with commands")
			}
			ran := runSteps(t, steps, languageOf(page))
			if *update {
				text, ran = rewrite(text, ran)
				writePage(t, page, text)
			}
			for _, s := range ran {
				if s.wrong != "" {
					t.Errorf("%s:%d: %s", page, s.line, s.wrong)
				}
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
		"$ ecs-activation --sandbox list -o csv | cut -d, -f1,6 | tail -n 1\n4ECEEE12-56F1-4FBC-9AB1-890F12345678,2026-11-22T22:10:40Z\n" +
		"```\n```sh\n$ false\n```\n"
	if wrong := problemsOf(runSteps(t, stepsIn(right), "en")); wrong != "" {
		t.Errorf("problems of a correct page: %s", wrong)
	}
	const words = "cannot be enabled again"
	const output = "disabled 4ECEEE12-56F1-4FBC-9AB1-890F12345678 (0 of 10 uses; " + words + ")\n"
	for name, change := range map[string]struct {
		old, changed string
		repaired     bool // by -update
	}{
		"other words":         {words, "permanently", true},
		"other words and IDs": {output, "disabled 4ECEEE12-56F1-4FBC-9AB1-890F12345678\n", true},
		"missing output":      {output, "", true},
		"too much output":     {output, "note: a note\n" + output + "ready\n", true},
		"a failing command":   {"disable --yes $id", "disable $id", false},
		"a broken command":    {"disable --yes $id", "disable --yes \"$id", false},
	} {
		page := strings.Replace(right, change.old, change.changed, 1)
		ran := runSteps(t, stepsIn(page), "en")
		if problemsOf(ran) == "" {
			t.Errorf("%s: goes unnoticed", name)
		}
		if text, left := rewrite(page, ran); (text == right) != change.repaired || (problemsOf(left) == "") != change.repaired {
			t.Errorf("%s: -update writes\n%s\nand reports %q", name, text, problemsOf(left))
		}
	}
}

func TestCommandsRunInTheLanguageOfTheirPage(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{"docs/tutorial.md": "en", "docs/tutorial.zh-CN.md": "zh", "docs/README.zh-CN.md": "zh"} {
		steps := stepsIn("```console\n$ echo $ECS_ACTIVATION_LANG\n" + want + "\n```\n")
		if wrong := problemsOf(runSteps(t, steps, languageOf(page))); wrong != "" {
			t.Errorf("%s: %s", page, wrong)
		}
	}
}

// A search for the text of an error finds the heading: the blocks below a heading print it. The sandbox cannot cause one
// of the errors; the page shows it as text.
func TestHeadingsOfErrorsArePrinted(t *testing.T) {
	t.Parallel()
	var refusing service
	u := refusing.serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.WriteHeader(http.StatusForbidden)
		say200(w, `{"RequestId":"4ECEEE12-56F1-4FBC-9AB1-890F12345678","Code":"Forbidden.RAM","Message":"User not authorized to operate on the specified resource, or this API doesn't support RAM"}`)
	})
	for _, page := range []string{"docs/howto/errors.md", "docs/howto/errors.zh-CN.md"} {
		refused, _ := u.with(map[string]string{"ECS_ACTIVATION_LANG": languageOf(page)}).run("create")
		for i, section := range strings.Split(readPage(t, page), "\n## ")[1:] {
			heading, text, _ := strings.Cut(section, "\n")
			printed := ""
			for _, s := range stepsIn(text) {
				printed += s.shown
			}
			if strings.Contains(text, "```text\n"+refused.stderr+"```\n") {
				printed += refused.stderr
			}
			if !strings.Contains(printed, heading) {
				t.Errorf("%s, heading %d: %q is not in the outputs below it:\n%s", page, i+1, heading, printed)
			}
		}
	}
}

// hasCommands matches the pages that must have commands: README, the tutorial and the guides, but not their index.
var hasCommands = regexp.MustCompile(`^(docs/)?README|^docs/tutorial|^docs/howto/[a-z]`)

// repository is the root of the repository.
var repository = filepath.Join("..", "..")

// pages returns README.md and all pages in docs, as paths below the root of the repository.
func pages(t *testing.T) []string {
	t.Helper()
	found := []string{"README.md"}
	err := fs.WalkDir(os.DirFS(repository), "docs", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func readPage(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, page))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writePage(t *testing.T, page, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(repository, page), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// languageOf returns the language in which the commands of a page run.
func languageOf(page string) string {
	if strings.HasSuffix(page, ".zh-CN.md") {
		return "zh"
	}
	return "en"
}

// step is one command of a page with the output that it shows.
type step struct {
	line           int
	command, shown string
	at             int // where the shown output starts in the text

	printed string // the real output, with the IDs and times that the page has
	wrong   string // what is wrong with the command or with its output
	failed  bool   // the command failed
}

// stepsIn returns the commands in the ```console blocks of a text.
func stepsIn(text string) []step {
	var steps []step
	inside, unfinished := false, false
	number, end := 0, 0
	for line := range strings.Lines(text) {
		number++
		end += len(line)
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inside, unfinished = !inside && strings.TrimSpace(line) == "```console", false
		case !inside:
		case isCommand:
			steps = append(steps, step{line: number, command: command, at: end})
			unfinished = strings.HasSuffix(command, "\\\n")
		case unfinished:
			last := &steps[len(steps)-1]
			last.command, last.at = last.command+line, end
			unfinished = strings.HasSuffix(line, "\\\n")
		case len(steps) > 0:
			steps[len(steps)-1].shown += line
		}
	}
	return steps
}

// runSteps runs the steps and returns them with their outputs and problems.
func runSteps(t *testing.T, steps []step, language string) []step {
	t.Helper()
	needs(t, "sh")
	if uses(steps, "jq") {
		needs(t, "jq")
	}
	sh := openShell(newUser(t, "ECS_ACTIVATION_LANG="+language))
	defer sh.close()
	same := map[string]string{}
	var ran []step
	for _, s := range steps {
		for shown, real := range same {
			s.command = strings.ReplaceAll(s.command, shown, real)
		}
		o, status := sh.run(s.command)
		printed := printedLike(s.shown, o.stdout, o.stderr+o.stdout)
		switch {
		case status != "0":
			s.failed, s.wrong = true, fmt.Sprintf("exit status %s of %s%s", status, s.command, o.stderr+o.stdout)
		case plain(s.shown) != plain(printed):
			s.wrong = fmt.Sprintf("%sprints\n%sand the page shows\n%s", s.command, o.stderr+o.stdout, s.shown)
		}
		matchReal(same, s.shown, printed)
		s.printed = asShown(same, s.shown, printed)
		ran = append(ran, s)
	}
	return ran
}

// printedLike returns what a page shows of an output: standard output, or standard error and standard output if the page
// has as many lines as both together.
func printedLike(shown, stdout, both string) string {
	lines := func(text string) int { return strings.Count(plain(text), "\n") }
	if plain(shown) != plain(stdout) && lines(shown) == lines(both) {
		return both
	}
	return stdout
}

// rewrite returns the text of a page with the real outputs where it shows other ones, and the steps with the problems
// that are left.
func rewrite(text string, ran []step) (string, []step) {
	left := slices.Clone(ran)
	for i, s := range slices.Backward(ran) {
		if s.wrong != "" && !s.failed {
			text = text[:s.at] + s.printed + text[s.at+len(s.shown):]
			left[i].wrong = ""
		}
	}
	return text, left
}

func problemsOf(ran []step) string {
	var problems strings.Builder
	for _, s := range ran {
		problems.WriteString(s.wrong)
	}
	return problems.String()
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
	pattern     *regexp.Regexp
	placeholder string
}{
	{regexp.MustCompile(`\b[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\b`), "<id>"},
	{activationCode, "<code>"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "<time>"},
	{regexp.MustCompile(`\bmi-[a-z0-9]+\b`), "<instance>"},
	{regexp.MustCompile(`\b[A-Z2-7]{26}\b`), "<token>"},
	{regexp.MustCompile(`\bSANDBOX[A-Z2-7]{17}\b`), "<key>"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "<address>"},
	{regexp.MustCompile(`version \S+`), "version <version>"},
}

// plain returns a text with placeholders for what differs between runs.
func plain(text string) string {
	for _, v := range varying {
		text = v.pattern.ReplaceAllLiteralString(text, v.placeholder)
	}
	return strings.TrimRight(text, "\n")
}

// matchReal records which real IDs and codes correspond to those on the page.
func matchReal(same map[string]string, shown, printed string) {
	for _, v := range varying[:2] {
		theirs, ours := v.pattern.FindAllString(shown, -1), v.pattern.FindAllString(printed, -1)
		for i := 0; i < len(theirs) && len(theirs) == len(ours); i++ {
			same[theirs[i]] = ours[i]
		}
	}
}

// asShown returns an output with the IDs, codes and times of the page, as far as the page has them.
func asShown(same map[string]string, shown, printed string) string {
	for theirs, ours := range same {
		printed = strings.ReplaceAll(printed, ours, theirs)
	}
	for _, v := range varying[2:] {
		theirs := v.pattern.FindAllString(shown, -1)
		if len(theirs) != len(v.pattern.FindAllString(printed, -1)) {
			continue
		}
		printed = v.pattern.ReplaceAllStringFunc(printed, func(string) string {
			first := theirs[0]
			theirs = theirs[1:]
			return first
		})
	}
	return printed
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
