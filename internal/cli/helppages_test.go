package cli_test

import (
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/spf13/cobra"

	"ecs-activation/internal/cli"
	"ecs-activation/internal/process"
	"ecs-activation/internal/ui"
)

// These tests read the pages of help of all commands in both languages.

// usage returns what begins the line of the usage in a language.
func usage(language string) string {
	return map[string]string{"en": "Usage:", "zh": "用法:"}[language]
}

func TestEveryHelpFitsAScreen(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		for _, path := range pathsOfCommands() {
			name := strings.Join(append([]string{language}, path...), " ")
			short, full := helpIn(t, language, append(path, "-h")...), helpIn(t, language, append(path, "--help")...)
			lines := strings.Split(strings.TrimSuffix(short, "\n"), "\n")
			if len(lines) > 24 {
				t.Errorf("%s -h has %d lines:\n%s", name, len(lines), short)
			}
			if last := lines[len(lines)-1]; !strings.HasSuffix(last, strings.Join(append(path, "--help"), " ")) {
				t.Errorf("%s -h: the last line is %q", name, last)
			}
			if !strings.Contains(short, "\n"+usage(language)+" ecs-activation") || !strings.Contains(full, "\n"+usage(language)+"\n") {
				t.Errorf("%s: no usage:\n%s\n%s", name, short, full)
			}
			fitsATerminal(t, name, short+full)
		}
		for _, topic := range []string{"flags", "exit-codes"} {
			fitsATerminal(t, language+" help "+topic, helpIn(t, language, "help", topic))
		}
	}
}

// fitsATerminal reports lines of a page that have more than 80 columns.
func fitsATerminal(t *testing.T, name, page string) {
	t.Helper()
	for line := range strings.Lines(page) {
		if n := twwidth.Width(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("%s: %d columns: %s", name, n, line)
		}
	}
}

// prose matches three English words in a row.
var prose = regexp.MustCompile(`\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b`)

func TestTheHelpInChineseHasNoEnglishSentences(t *testing.T) {
	pages := [][]string{{"help", "flags"}, {"help", "exit-codes"}}
	for _, path := range pathsOfCommands() {
		pages = append(pages, append(path, "-h"), append(path, "--help"))
	}
	for _, args := range pages {
		for line := range strings.Lines(helpIn(t, "zh", args...)) {
			if !strings.Contains(line, "ecs-activation ") && prose.MatchString(line) {
				t.Errorf("%s: %s", args, line)
			}
		}
	}
}

// pathsOfCommands returns the arguments that run each command.
func pathsOfCommands() (paths [][]string) {
	for _, cmd := range append(allCommands(newRoot()), &cobra.Command{Use: "help"}) {
		path := strings.Fields(strings.TrimPrefix(cmd.CommandPath(), "ecs-activation"))
		paths = append(paths, path[:len(path):len(path)]) // an append copies it
	}
	return paths
}

// helpIn returns what a command line prints in a language.
func helpIn(t *testing.T, language string, args ...string) string {
	t.Helper()
	var shown strings.Builder
	app := &cli.App{Version: "test", Process: &process.Process{
		Args: append([]string{"--lang", language}, args...),
		IO:   &ui.IO{Out: &ui.Stream{Writer: &shown}, Err: &ui.Stream{Writer: io.Discard}},
		Env:  func(string) (string, bool) { return "", false },
	}}
	if status := app.Run(t.Context()); status != 0 {
		t.Fatalf("%s: exit %d", args, status)
	}
	return shown.String()
}
