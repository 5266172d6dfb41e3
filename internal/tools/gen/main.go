// Command gen generates files from the definition of the commands: the completion scripts, a page and a
// manual page for each command, and the tables of settings, exit codes and error codes. It is never
// linked into the product. Its test fails if the committed files differ from the generated ones.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"ecs-activation/internal/cli"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/process"
	"ecs-activation/internal/ui"
)

func main() {
	if err := generate("."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// newRoot returns the program with all commands.
func newRoot() *cobra.Command {
	return cli.NewRootCmd(&cli.App{Process: &process.Process{
		IO:  &ui.IO{Out: &ui.Stream{}, Err: &ui.Stream{}},
		Env: func(string) (string, bool) { return "", false },
		Now: time.Now,
	}})
}

// generate writes all files below a folder.
func generate(folder string) error {
	root := newRoot()
	root.DisableAutoGenTag = true // the tag contains the date
	for _, sub := range generated() {
		if err := os.MkdirAll(filepath.Join(folder, sub), 0o755); err != nil {
			return err
		}
	}
	return errors.Join(
		markdown(root, filepath.Join(folder, "docs", "commands")),
		manual(root, filepath.Join(folder, "docs", "man")),
		exitsAndErrors(filepath.Join(folder, "docs", "reference")),
		completions(root, filepath.Join(folder, "completions")),
		tables(root, newRoot(), filepath.Join(folder, "docs", "reference")),
	)
}

// generated returns the folders that contain only generated files.
func generated() []string {
	return []string{"completions", filepath.Join("docs", "commands"), filepath.Join("docs", "man"), filepath.Join("docs", "reference")}
}

// codeBlock is a block of cobra, which has no language.
var codeBlock = regexp.MustCompile("(?s)```\n(.*?)```\n")

// markdown writes the pages of the commands.
func markdown(root *cobra.Command, folder string) error {
	if err := doc.GenMarkdownTree(root, folder); err != nil {
		return err
	}
	return change(filepath.Join(folder, "*.md"), func(text string) string {
		text = codeBlock.ReplaceAllString(text, "```text\n$1```\n")
		return section(text, "### Options inherited from parent commands", "### SEE ALSO",
			"### Options of every command\n\nSee [ecs-activation](ecs-activation.md#options).\n\n")
	})
}

// manual writes the manual pages, without the date that cobra adds.
func manual(root *cobra.Command, folder string) error {
	epoch := time.Unix(0, 0).UTC()
	if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "ecs-activation", Date: &epoch}, folder); err != nil {
		return err
	}
	return change(filepath.Join(folder, "*.1"), func(text string) string {
		return section(strings.Replace(text, epoch.Format("Jan 2006"), "", 1), ".SH OPTIONS INHERITED FROM PARENT COMMANDS", ".SH SEE ALSO",
			".SH OPTIONS OF EVERY COMMAND\nSee \\fBecs-activation(1)\\fP.\n\n\n")
	})
}

// section returns a text in which another one replaces the section with a heading, up to the next heading. Only the
// page of the root has the flags of every command.
func section(text, heading, next, replacement string) string {
	before, rest, found := strings.Cut(text, heading)
	if !found {
		return text
	}
	_, after, _ := strings.Cut(rest, next)
	return before + replacement + next + after
}

// change changes the text of all files with a pattern.
func change(pattern string, text func(string) string) error {
	files, err := filepath.Glob(pattern)
	for _, file := range files {
		old, fileErr := os.ReadFile(file)
		if fileErr == nil {
			fileErr = os.WriteFile(file, []byte(text(string(old))), 0o644)
		}
		err = errors.Join(err, fileErr)
	}
	return err
}

// completions writes the completion scripts.
func completions(root *cobra.Command, folder string) error {
	for name, shell := range map[string]string{
		"ecs-activation.bash": "bash", "_ecs-activation": "zsh", "ecs-activation.fish": "fish", "ecs-activation.ps1": "powershell",
	} {
		var script bytes.Buffer
		if err := complete.WriteScript(&script, root, shell); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name), script.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
