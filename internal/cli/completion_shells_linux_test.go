package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// These tests run the completion scripts in their shells, with names that have colons, quotes, commands,
// control characters and wide characters. They are skipped if the shell is not installed; CI installs all of
// them.

const codesToComplete = `[
	{"ActivationId":"AAA1","InstanceName":"web","RegisteredCount":3,"TimeToLiveInHours":2000,
		"Tags":[{"TagKey":"env","TagValue":"prod"},{"TagKey":"x","TagValue":"$(touch pwned)"}]},
	{"ActivationId":"AAA2","InstanceName":"a:b 'c' \"d\" $(touch pwned) %s 网络","TimeToLiveInHours":2000},
	{"ActivationId":"BBB3","InstanceName":"up\u001b[2Jn\tn\nn","RegisteredCount":10,"TimeToLiveInHours":2000},
	{"ActivationId":"CCC4","InstanceName":"off","Disabled":true},
	{"ActivationId":"DDD5","RegionId":"cn-beijing","TimeToLiveInHours":2000}]`

// toBeCompleted is a command line with what a shell must offer.
type toBeCompleted struct {
	line  string
	words []string
	about []string
}

// bashSplits are command lines with words that bash splits at "=" and ":".
var bashSplits = []toBeCompleted{
	{"list --tag=env=p", []string{"--tag=env=prod"}, nil},
	{"list --tag=", []string{"--tag=env=prod"}, nil},
	{"list --tag=env=prod --profile=ops:", []string{"--profile=ops:eu"}, nil},
	{"list --profile ops:e", []string{"ops:eu"}, nil},
	{"show --region=cn-hangzhou cn-beijing/D", []string{"cn-beijing/DDD5"}, nil},
}

// wordsToComplete are command lines with the cursor at the end, with the candidates that a shell must offer,
// in order, and their descriptions.
var wordsToComplete = []toBeCompleted{
	{"disable ", []string{"BBB3", "AAA2", "AAA1"}, []string{
		`Exhausted, up\x1b[2Jn\tn\nn, 10/10 uses, 83d `, `a:b 'c' "d" $(touch pwned) %s 网络, 0/10 uses, 83d `, "Active, web, 3/10 uses, 83d "}},
	{"disable AAA1 A", []string{"AAA2"}, nil},
	{"disable --region cn-beijing ", []string{"DDD5"}, nil},
	{"disable cn-bei", []string{"cn-beijing/"}, nil},
	{"disable cn-beijing/", []string{"cn-beijing/DDD5"}, nil},
	{"delete ", []string{"CCC4", "AAA2"}, []string{"Disabled, off, 0/10 uses"}},
	{"list --status active,ex", []string{"active,exhausted", "active,expired"}, nil},
	{"list --profile ", []string{"prod", "my test:1", "ops:eu"}, []string{"cn-beijing"}},
	{"list --tag ", []string{"env=prod"}, nil},
	{"list --tag env=p", []string{"env=prod"}, nil},
	{"list --tag 'x=$(touch pwned)' --sta", []string{"--status"}, nil},
	{"list --profile m", []string{"my test:1"}, nil},
	{"wait nothing-begins-so", nil, nil},
	{"list ", nil, nil},
	{"dis", []string{"disable"}, nil},
	{"disable --sandbox=false ", nil, nil},
}

func toComplete(t *testing.T, shell string) *user {
	t.Helper()
	needs(t, shell)
	t.Parallel()
	u := withCodes(t, codesToComplete)
	home := filepath.Join(u.folder, "home", ".aliyun")
	if err := os.MkdirAll(home, 0o700); err != nil {
		t.Fatal(err)
	}
	profiles := `{"profiles":[{"name":"prod","region_id":"cn-beijing"},{"name":"my test:1"},{"name":"ops:eu"}]}`
	if err := os.WriteFile(filepath.Join(home, "config.json"), []byte(profiles), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := os.Stat(filepath.Join(u.folder, "pwned")); err == nil {
			t.Error("the shell has run a command that was in a name")
		}
	})
	return u
}

// shell runs a script to its end and returns what it prints.
func (u *user) shell(args ...string) string {
	u.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env, cmd.Dir = u.environment(), u.folder
	printed, err := cmd.CombinedOutput()
	u.note(output{command: strings.Join(args, " "), stdout: string(printed)})
	if err != nil {
		u.Errorf("%s: %s\n%s", args[0], err, printed)
	}
	return string(printed)
}

// checkWords compares lines, each with a candidate and its description, with the expected ones.
func checkWords(t *testing.T, line, offered string, words, about []string) {
	t.Helper()
	var got []string
	for text := range strings.Lines(offered) {
		word, _, _ := strings.Cut(strings.TrimSuffix(text, "\n"), "\t")
		got = append(got, word)
	}
	if !slices.Equal(got, words) {
		t.Errorf("%q is completed with %q, want %q", line, got, words)
	}
	for _, text := range about {
		if !strings.Contains(offered, text) {
			t.Errorf("%q is completed without %q:\n%s", line, text, offered)
		}
	}
}

const fishWords = `ecs-activation completion fish | source; complete -C "ecs-activation $argv[1]"`

func TestFishCompletesExistingCodes(t *testing.T) {
	u := toComplete(t, "fish")
	for _, test := range wordsToComplete {
		offered := u.shell("fish", "--no-config", "-c", fishWords, test.line)
		checkWords(t, test.line, offered, test.words, test.about)
	}
}

// The shells on a terminal have the settings of a typical start-up file, and a key, Ctrl-G, which prints the
// command line and starts a new one. zsh prints nothing while there are keys to read, so its key shows the
// list first.
const (
	bashCompletion = "/usr/share/bash-completion/bash_completion"
	bashStart      = "source " + bashCompletion + "\n" + bareBashStart
	bareBashStart  = `PS1='> '; source <(ecs-activation completion bash)
bind 'set show-all-if-ambiguous on' 'set enable-bracketed-paste off'
tell() { printf '=''<%s>=\n' "$READLINE_LINE"; READLINE_LINE=; }; bind -x '"\C-g": tell'
`
	zshStart = `PROMPT='> '; autoload -U compinit && compinit -u -D; source <(ecs-activation completion zsh)
unset zle_bracketed_paste
tab() { zle expand-or-complete; zle -R }; zle -N tab; bindkey '^I' tab
tell() { zle -I; print -r -- "=""<$BUFFER>="; BUFFER= }; zle -N tell; bindkey '^G' tell
`
	begin = "echo '='\"<>=\"\n"
)

// printedLine matches the command line that the key prints.
var printedLine = regexp.MustCompile(`=<(.*)>=`)

// aShell is a shell that runs on a terminal.
type aShell struct {
	*terminal
	read int // bytes of what it has shown
}

func (u *user) startShell(start string, args ...string) *aShell {
	u.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env, cmd.Dir = append(u.environment(), "LC_ALL=C.UTF-8"), u.folder
	s := &aShell{terminal: u.placeOnTerminal(200, cmd)}
	s.keys(start + begin)
	s.next()
	return s
}

// next waits for a printed command line, and returns it with the text before it.
func (s *aShell) next() (shown, line string) {
	s.user.Helper()
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		text := s.text()[s.read:]
		if at := printedLine.FindStringSubmatchIndex(text); at != nil {
			s.read += at[1]
			return text[:at[0]], text[at[2]:at[3]]
		}
		if time.Since(begun) > patience {
			s.user.Fatalf("the shell prints no line:\n%s", text)
		}
	}
}

// tab types a line and Tab, and returns what the shell shows and the completed command line.
func (s *aShell) tab(line string) (shown, became string) {
	s.user.Helper()
	s.keys("ecs-activation " + line + "\t\x07")
	shown, became = s.next()
	return shown, strings.TrimPrefix(became, "ecs-activation ")
}

func TestBashAndZshCompleteExistingCodesOnATerminal(t *testing.T) {
	t.Run("bash", func(t *testing.T) {
		if _, err := os.Stat(bashCompletion); err != nil {
			t.Skip("bash-completion is not installed")
		}
		completeOnATerminal(t, slices.Concat(wordsToComplete, bashSplits), bashStart, "bash", "--norc", "--noprofile", "-i")
	})
	t.Run("bash without bash-completion", func(t *testing.T) {
		completeOnATerminal(t, slices.Concat(wordsToComplete, bashSplits), bareBashStart, "bash", "--norc", "--noprofile", "-i")
	})
	t.Run("zsh", func(t *testing.T) {
		completeOnATerminal(t, wordsToComplete, zshStart, "zsh", "-f", "-i")
	})
}

// completeOnATerminal starts a shell on a terminal and completes every line in it.
func completeOnATerminal(t *testing.T, tests []toBeCompleted, start string, args ...string) {
	t.Helper()
	u := toComplete(t, args[0])
	shell := u.startShell(start, args...)
	for _, test := range tests {
		shown, became := shell.tab(test.line)
		checkLine(t, test.line, became, test.words)
		checkShown(t, test.line, shown, test.words, test.about)
	}
	shell.keys("exit\n")
	if status := shell.wait(); status != 0 {
		t.Errorf("exit status %d", status)
	}
}

// checkLine compares a completed command line with the expected one: a single candidate is inserted, followed
// by a blank if it is complete; of several candidates the common prefix is inserted.
func checkLine(t *testing.T, line, became string, words []string) {
	t.Helper()
	want := line
	if len(words) == 1 {
		want = line[:strings.LastIndex(line, " ")+1] + strings.ReplaceAll(words[0], " ", `\ `)
		if !strings.HasSuffix(want, "/") {
			want += " "
		}
	}
	if became != want {
		t.Errorf("%q becomes %q, want %q", line, became, want)
	}
}

// messages matches what a completion must not print: messages of this tool and of cobra, and commands in names.
var messages = regexp.MustCompile(`error:|hint:|note:|command not found|sandbox: |Completion ended|\x1b\[2J`)

// checkShown checks what a shell shows below a line. zsh omits the backslashes of descriptions.
func checkShown(t *testing.T, line, shown string, words, about []string) {
	t.Helper()
	if text := messages.FindString(shown); text != "" {
		t.Errorf("%q makes the shell show %q: %q", line, text, shown)
	}
	if len(words) < 2 {
		return // a single candidate is inserted and not shown
	}
	for _, text := range slices.Concat(words, about) {
		if !strings.Contains(shown, text) && !strings.Contains(shown, strings.ReplaceAll(text, `\`, "")) {
			t.Errorf("%q is completed without %q:\n%s", line, text, shown)
		}
	}
}
