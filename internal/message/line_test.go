package message

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"ecs-activation/internal/ui"
)

func TestACommandLineIsQuotedWhereItMustBe(t *testing.T) {
	for want, got := range map[string]string{
		"ecs-activation list -q":                                        Line{}.Command("list", "-q"),
		"ecs-activation --sandbox disable cn-hangzhou/4ECE":             Line{Sandbox: true}.Command("disable", "cn-hangzhou/4ECE"),
		"ecs-activation --profile 'my prod' --endpoint http://h:1 list": Line{Profile: "my prod", Endpoint: "http://h:1"}.Command("list"),
		`ecs-activation recover 'it'\''s'`:                              Line{}.Command("recover", "it's"),
		"ecs-activation disable '$(touch x)'":                           Line{}.Command("disable", "$(touch x)"),
		"ecs-activation create --tag ''":                                Line{}.Command("create", "--tag", ""),
		"ecs-activation create --description '~'":                       Line{}.Command("create", "--description", "~"),
		`ecs-activation create --save "$(printf 'a\012\044b')"`:         Line{}.Command("create", "--save", "a\n$b"),
		`ecs-activation create --machine-proxy "$PROXY" --tag who=me@h`: Line{}.Command("create", "--machine-proxy", "http://u:p@h", "--tag", "who=me@h"),
		"ecs-activation create --machine-proxy http://h:3128":           Line{}.Command("create", "--machine-proxy", "http://h:3128"),
		`ecs-activation --endpoint "$ENDPOINT" config`:                  Line{Endpoint: "http://u:p@h"}.Command("config"),
		"ecs-activation --sandbox config":                               Line{Sandbox: true}.Run([]string{Program, "config"}),
		"aliyun configure --profile 'a b'":                              Line{Sandbox: true}.Run([]string{"aliyun", "configure", "--profile", "a b"}),
	} {
		if got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

func TestAWordShowsNothingThatATerminalObeys(t *testing.T) {
	for _, text := range []string{"a\x1b[2Jb", "a\nb", "\t", "\u202eb", "\xff", "\x7f", "a\rb", "\u0085"} {
		if word := ShellWord(text); ui.Clean(word) != word {
			t.Errorf("%q is written as %q", text, word)
		}
	}
}

func FuzzAWordComesOutOfAShellAsItWentIn(f *testing.F) {
	for _, text := range []string{
		"", "plain", "two words", "it's", "''", `"q"`, "$HOME", "$(touch x)", "`touch x`", "a;rm -rf x", "a&b|c>d<e", "*", "?", "~", "#", `a\b\`,
		"-n", "--help", "!h", "{a,b}", "[ab]", "a=b", "%s", "a%sb\n", "a\nb", "\n", "a\n\n", "\n-n", "-\x01", "\x1b[2J", "\\n\x01", "'\x01'", "\"\x01", "$\x01`", "激活码", "\u202e", "\xff\xfe", "\r\n",
	} {
		f.Add(text)
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		f.Skip("there is no sh here")
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") {
			t.Skip("no argument can hold it")
		}
		cmd := exec.Command(shell, "-eu", "-c", `printf '%s\0' `+Words("first", text, "last"))
		cmd.Dir = t.TempDir()
		out, err := cmd.CombinedOutput()
		got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		if want := []string{"first", text, "last"}; err != nil || !slices.Equal(got, want) {
			t.Fatalf("%q, %v, want %q", got, err, want)
		}
		if left, err := os.ReadDir(cmd.Dir); err != nil || len(left) > 0 {
			t.Errorf("it ran something: %v, %v", left, err)
		}
	})
}
