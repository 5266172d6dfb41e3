// Command gen writes what is generated from the command line's own definition: the completion
// scripts, a page and a manual page per command, and the tables of settings and exit codes. It
// is never linked into the product. Its test fails when what is committed differs from what it
// would write.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// generate writes everything below a folder.
func generate(folder string) error {
	root := cli.NewRootCmd(&cli.App{Process: &process.Process{
		IO:  &ui.IO{Out: &ui.Stream{}, Err: &ui.Stream{}},
		Env: func(string) (string, bool) { return "", false },
		Now: time.Now,
	}})
	root.DisableAutoGenTag = true // it holds the date
	for _, sub := range generated() {
		if err := os.MkdirAll(filepath.Join(folder, sub), 0o755); err != nil {
			return err
		}
	}
	return errors.Join(
		doc.GenMarkdownTree(root, filepath.Join(folder, "docs", "commands")),
		manual(root, filepath.Join(folder, "docs", "man")),
		completions(root, filepath.Join(folder, "completions")),
		tables(root, filepath.Join(folder, "docs", "reference")),
	)
}

// generated are the folders that hold nothing else.
func generated() []string {
	return []string{"completions", filepath.Join("docs", "commands"), filepath.Join("docs", "man"), filepath.Join("docs", "reference")}
}

// manual writes the manual pages, without the date that cobra puts on them.
func manual(root *cobra.Command, folder string) error {
	epoch := time.Unix(0, 0).UTC()
	if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "ecs-activation", Date: &epoch}, folder); err != nil {
		return err
	}
	pages, err := filepath.Glob(filepath.Join(folder, "*.1"))
	for _, page := range pages {
		text, readErr := os.ReadFile(page)
		undated := bytes.Replace(text, []byte(epoch.Format("Jan 2006")), nil, 1)
		err = errors.Join(err, readErr, os.WriteFile(page, undated, 0o644))
	}
	return err
}

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
