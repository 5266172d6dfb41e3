package cli_test

import (
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/cli"
	"ecs-activation/internal/process"
	"ecs-activation/internal/ui"
)

// These tests split every example in a help text into words, as a shell does, and check that each command line
// of this tool is valid.

func TestExamplesInHelpAreValidCommandLines(t *testing.T) {
	count := 0
	for _, cmd := range allCommands(newRoot()) {
		for line := range strings.Lines(cmd.Example) {
			invocations := invocationsIn(line)
			if len(invocations) == 0 {
				t.Errorf("%s: the example %q does not run it", cmd.CommandPath(), line)
			}
			for _, args := range invocations {
				count++
				if wrong := parses(args); wrong != "" {
					t.Errorf("%s: the example %q: %s", cmd.CommandPath(), strings.TrimSpace(line), wrong)
				}
			}
		}
	}
	if count < 10 {
		t.Errorf("only %d examples were found", count)
	}
}

func TestEveryCommandHasAnExampleOrNoArguments(t *testing.T) {
	for _, cmd := range allCommands(newRoot()) {
		takes := strings.Contains(cmd.Use, " ")
		if takes && cmd.Example == "" && cmd.Name() != "help" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
	}
}

func newRoot() *cobra.Command {
	quiet := &ui.Stream{Writer: io.Discard}
	return cli.NewRootCmd(&cli.App{Process: &process.Process{IO: &ui.IO{In: strings.NewReader(""), Out: quiet, Err: quiet}, Env: os.LookupEnv}})
}

func allCommands(cmd *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		list = append(list, allCommands(sub)...)
	}
	return list
}

// parses returns the error of a command line of this tool, or "": an unknown command or flag, a flag without a
// value, a wrong number of arguments.
func parses(args []string) string {
	cmd, rest, err := newRoot().Find(args)
	if err != nil {
		return err.Error()
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err.Error()
	}
	arguments := cmd.Flags().Args()
	if cmd.HasSubCommands() && len(arguments) > 0 {
		return "there is no command " + arguments[0]
	}
	if err := cmd.ValidateArgs(arguments); err != nil {
		return err.Error()
	}
	return ""
}

// invocationsIn returns the arguments of every run of the program in a shell command.
func invocationsIn(line string) [][]string {
	var found [][]string
	var current []string
	ours := false
	for _, word := range shellWords(line) {
		switch {
		case word == "ecs-activation":
			ours, current = true, []string{}
		case slices.Contains([]string{"|", "&", ";", "(", ")", "<", ">"}, word):
			if ours {
				found = append(found, current)
			}
			ours = false
		case ours:
			current = append(current, word)
		}
	}
	if ours {
		found = append(found, current)
	}
	return found
}

// shellWords returns the words of a shell command. It supports what the examples need: quotes, operators,
// substitutions.
func shellWords(line string) []string {
	var words []string
	word, quote, started := "", rune(0), false
	end := func() {
		if started {
			words = append(words, word)
		}
		word, started = "", false
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, started = r, true
		case quote == 0 && strings.ContainsRune(" \t\n", r):
			end()
		case quote == 0 && strings.ContainsRune("|;()<>&", r):
			end()
			words = append(words, string(r))
		default:
			word, started = word+string(r), true
		}
	}
	end()
	return words
}

func TestInvalidExamplesAreFound(t *testing.T) {
	for line, ours := range map[string]int{
		`code=$(ecs-activation create -q) || exit`:                          1,
		`ecs-activation list -q --tag 'a=b c' | ecs-activation delete -y -`: 2,
		`source <(ecs-activation completion bash)`:                          1,
		`ecs-activation completion zsh > "${fpath[1]}/_ecs-activation"`:     1,
	} {
		found := invocationsIn(line)
		if len(found) != ours {
			t.Fatalf("%s: %q, want %d", line, found, ours)
		}
		for _, args := range found {
			if wrong := parses(args); wrong != "" {
				t.Errorf("%s: %s", line, wrong)
			}
		}
	}
	for _, line := range []string{
		"ecs-activation creat", "ecs-activation create --nam web", "ecs-activation list web", "ecs-activation sandbox rest",
		"ecs-activation create --ttl", "ecs-activation sandbox register ID", "ecs-activation list -q | ecs-activation remove -",
	} {
		if !slices.ContainsFunc(invocationsIn(line), func(args []string) bool { return parses(args) != "" }) {
			t.Errorf("the mistake in %s is not found", line)
		}
	}
}

// helpOf returns what a command line prints.
func helpOf(t *testing.T, args ...string) string {
	t.Helper()
	var shown strings.Builder
	root := cli.NewRootCmd(&cli.App{Version: "test", Process: &process.Process{IO: &ui.IO{Out: &ui.Stream{Writer: &shown}, Err: &ui.Stream{Writer: io.Discard}}, Env: os.LookupEnv}})
	root.SetArgs(args)
	if err := root.Execute(); err != nil {
		t.Fatalf("%s: %v", args, err)
	}
	return shown.String()
}

func TestTheShortHelpNamesEveryCommand(t *testing.T) {
	page := helpOf(t, "-h")
	for _, cmd := range newRoot().Commands() {
		if !regexp.MustCompile(`(?m)[ ,]` + cmd.Name() + `(?:,|$|  )`).MatchString(page) {
			t.Errorf("no %s in:\n%s", cmd.Name(), page)
		}
	}
}

func TestTheHelpOfACommandHasAllItsFlags(t *testing.T) {
	global := helpOf(t, "help", "flags")
	for _, cmd := range allCommands(newRoot()) {
		page := helpOf(t, append(strings.Fields(cmd.CommandPath())[1:], "--help")...)
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(page, "--"+f.Name+" ") {
				t.Errorf("%s --help does not have --%s", cmd.CommandPath(), f.Name)
			}
		})
		cmd.InheritedFlags().VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(global, "--"+f.Name+" ") || strings.Contains(page, "\n      --"+f.Name+" ") {
				t.Errorf("--%s must be in help flags, and not in %s --help", f.Name, cmd.CommandPath())
			}
		})
	}
}
