package bootstrap

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"go.yaml.in/yaml/v3"

	"ecs-activation/internal/activation"
)

// odd lists values with characters that are special in one of the languages.
var odd = []string{
	"a-hz0152v+/8Y=", " ", "two words", " edges ", "it's", "''", `"double"`, "$HOME", "${HOME}", "$(touch broken)", "`touch broken`", "a;b", "a&b|c>d<e",
	"*", "~", "#comment", "a # b", `a\b\`, `\'`, `\"`, `\\"`, `ends\\`, "line\nbreak", "\n\nlines\n\n", "tab\there", "\tindented\n  more", "-n", "--help", "!history",
	"{a,b}", "[1, 2]", "key: value", "- item", "%s%n", "%PATH%", "$env:PATH", "$($x)", "`n", "@(1)", "激活码", "“quotes” ‘single’ ‚low‛", "😀", "é", "\u00a0", "EOF", "'@", "\\u0041", `激\活\'\u0041 it's`,
}

func FuzzAValueComesOutOfEveryFormAsItWentIn(f *testing.F) {
	for _, value := range odd {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		r := Registration{
			RegionId: value, ActivationId: "id" + value, ActivationCode: value + "code", InstanceName: value, NetworkMode: value, Proxy: value,
			Tags: []activation.Tag{{TagKey: value, TagValue: value}, {TagKey: "key", TagValue: value}},
		}
		if r.check() != nil {
			return
		}
		options := []string{
			"--RegionId=" + value, "--ActivationId=id" + value, "--InstanceName=" + value, "--NetworkMode=" + value, "--tag=" + value + "=" + value, "--tag=key=" + value,
		}
		code := "--ActivationCode=" + value + "code"

		line := textOf(t, Command, r)
		same(t, Command, argumentsOf(t, `sudo() { printf '%s\0' "$@"; }`+"\n"+line),
			slices.Concat([]string{"env", "ALIYUN_ASSIST_PROXY=" + value, "aliyun-service", "--register"}, options, []string{code}))

		assignments := textOf(t, Environment, r)
		show := "\n" + `printf '%s\0' "$ACTIVATION_ID" "$ACTIVATION_CODE" "$REGION_ID"`
		same(t, Environment, argumentsOf(t, "eval "+ShellQuote(assignments)+show), []string{"id" + value, value + "code", value})

		script := textOf(t, Shell, r)
		values := strings.TrimPrefix(script, shellBody)
		same(t, Shell, argumentsOf(t, `main() { printf '%s\0' "$code" "$proxy" "$@"; }`+values), slices.Concat([]string{value + "code", value}, options))

		call := strings.TrimPrefix(textOf(t, PowerShell, r), powerShellBody)
		arguments, rest := powerShellValue(t, strings.TrimPrefix(call, "\nRegister-Machine -Arguments "))
		same(t, PowerShell, windowsArguments(arguments), slices.Concat([]string{"--register"}, options, []string{code}))
		shownCode, rest := powerShellValue(t, strings.TrimPrefix(rest, " -Code "))
		proxy, rest := powerShellValue(t, strings.TrimPrefix(rest, " -Proxy "))
		list, rest := powerShellValue(t, strings.TrimPrefix(rest, " -Documented "))
		same(t, PowerShell, []string{shownCode, proxy, list, rest}, []string{value + "code", value, documented(), "\n"})

		same(t, CloudInit, []string{writtenBy(t, textOf(t, CloudInit, r))}, []string{script})
	})
}

func same(t *testing.T, form string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s gives\n%q, want\n%q", form, got, want)
	}
}

// argumentsOf runs a script in a real shell, and returns what it printed, each ended by a NUL.
func argumentsOf(t *testing.T, script string) []string {
	t.Helper()
	cmd := exec.Command(needs(t, "sh"), "-eu", "-c", script)
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, out, script)
	}
	if left, err := os.ReadDir(cmd.Dir); err != nil || len(left) > 0 {
		t.Errorf("it ran something: %v, %v", left, err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// writtenBy returns the file that a cloud-init document writes.
func writtenBy(t *testing.T, document string) string {
	t.Helper()
	if !strings.HasPrefix(document, "#cloud-config\n") {
		t.Error("cloud-init would not know what it is")
	}
	var config struct {
		Files []struct{ Path, Permissions, Content string } `yaml:"write_files"`
		Run   [][]string                                    `yaml:"runcmd"`
	}
	if err := yaml.Unmarshal([]byte(document), &config); err != nil {
		t.Fatal(err)
	}
	if len(config.Files) != 1 || config.Files[0].Permissions != "0700" || len(config.Run) != 1 || !strings.Contains(config.Run[0][2], "rm -f "+config.Files[0].Path) {
		t.Fatalf("it writes and runs %+v", config)
	}
	return config.Files[0].Content
}

// powerShellValue reads one argument of PowerShell as about_Quoting_Rules and Regex.Unescape
// describe it, and returns the rest of the text. The argument must be ASCII.
func powerShellValue(t *testing.T, text string) (value, rest string) {
	t.Helper()
	argument := regexp.MustCompile(`^(\(\[regex\]::Unescape\()?'((?:[ -&(-~]|'')*)'`).FindStringSubmatch(text)
	if argument == nil {
		t.Fatalf("no argument: %q", text)
	}
	value, rest = strings.ReplaceAll(argument[2], "''", "'"), text[len(argument[0]):]
	if argument[1] == "" {
		return value, rest
	}
	rest, closed := strings.CutPrefix(rest, "))")
	if !closed {
		t.Fatalf("not closed: %q", rest)
	}
	return unescaped(t, value), rest
}

func unescaped(t *testing.T, text string) string {
	t.Helper()
	var units []uint16
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\':
			units = append(units, uint16(text[i]))
		case text[i+1] == '\\':
			units = append(units, '\\')
			i++
		case text[i+1] == 'u':
			unit, err := strconv.ParseUint(text[i+2:i+6], 16, 16)
			if err != nil {
				t.Fatal(err)
			}
			units = append(units, uint16(unit))
			i += 5
		default:
			t.Fatalf("an escape that was not meant: %q", text[i:])
		}
	}
	return string(utf16.Decode(units))
}

// windowsArguments splits a command line as CommandLineToArgvW does with all but the first
// argument: 2n backslashes and a quote are n and a quote that begins or ends quoting, 2n+1 are
// n and a quote.
func windowsArguments(line string) []string {
	var list []string
	var current strings.Builder
	inside, started, backslashes := false, false, 0
	for _, r := range line + " " {
		if r == '\\' {
			backslashes++
			started = true
			continue
		}
		escaped := r == '"' && backslashes%2 == 1
		if r == '"' {
			backslashes /= 2
		}
		current.WriteString(strings.Repeat(`\`, backslashes))
		backslashes = 0
		switch {
		case escaped:
			current.WriteRune(r)
		case r == '"':
			inside, started = !inside, true
		case (r == ' ' || r == '\t') && !inside:
			if started {
				list = append(list, current.String())
			}
			current.Reset()
			started = false
		default:
			current.WriteRune(r)
			started = true
		}
	}
	return list
}

func TestWindowsArgumentsAreSplitAsInWindows(t *testing.T) {
	// The examples of Microsoft's page "Parsing C command-line arguments".
	for line, want := range map[string][]string{
		`"abc" d e`: {"abc", "d", "e"}, `a\\b d"e f"g h`: {`a\\b`, "de fg", "h"}, `a\\\"b c d`: {`a\"b`, "c", "d"}, `a\\\\"b c" d e`: {`a\\b c`, "d", "e"},
	} {
		if got := windowsArguments(line); !slices.Equal(got, want) {
			t.Errorf("%s gives %q, want %q", line, got, want)
		}
	}
}

func TestThePowerShellScriptIsASCII(t *testing.T) {
	r := hangzhou
	r.InstanceName = "激活码‘;calc"
	for i, line := range strings.Split(textOf(t, PowerShell, r), "\n") {
		if j := strings.IndexFunc(line, func(r rune) bool { return r > '~' || r < ' ' }); j >= 0 {
			t.Errorf("line %d holds %q, which Windows PowerShell reads in the system's own encoding", i+1, line[j:])
		}
	}
}

// If PowerShell is installed, it parses the script and prints the values.
func TestPowerShellParsesTheScript(t *testing.T) {
	shell := needs(t, "pwsh")
	for _, value := range odd {
		r := hangzhou
		r.InstanceName, r.ActivationCode = value, value+"code"
		script := filepath.Join(t.TempDir(), "register.ps1")
		call := strings.TrimPrefix(textOf(t, PowerShell, r), powerShellBody)
		text := powerShellBody + "\nfunction Register-Machine([string] $Arguments, [string] $Code, [string] $Proxy) { [Console]::Out.Write(\"$Arguments`0$Code`0$Proxy\") }\n" + call
		if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(shell, "-NoProfile", "-File", script).Output()
		got := strings.Split(string(out), "\x00")
		if err != nil || len(got) != 3 || got[1] != value+"code" || !slices.Contains(windowsArguments(got[0]), "--InstanceName="+value) {
			t.Errorf("%q arrives as %q, %v", value, got, fmt.Sprint(err))
		}
	}
}
