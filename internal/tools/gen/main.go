// Command gen writes what is generated from the command line's own definition: the completion
// scripts and a page per command. It is never linked into the product. Its test fails when
// what is committed differs from what it would write.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"ecs-activation/internal/cli"
	"ecs-activation/internal/ui"
)

func main() {
	if err := generate("."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate writes completions and docs/commands below a folder.
func generate(folder string) error {
	root := cli.NewRootCmd(&cli.App{
		IO:  &ui.IO{Out: &ui.Stream{}, Err: &ui.Stream{}},
		Env: func(string) (string, bool) { return "", false },
		Now: time.Now,
	})
	root.DisableAutoGenTag = true // it holds the date
	pages := filepath.Join(folder, "docs", "commands")
	if err := os.MkdirAll(pages, 0o755); err != nil {
		return err
	}
	if err := doc.GenMarkdownTree(root, pages); err != nil {
		return err
	}
	return completions(root, filepath.Join(folder, "completions"))
}

func completions(root *cobra.Command, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, write := range map[string]func(string) error{
		"ecs-activation.bash": func(file string) error { return root.GenBashCompletionFileV2(file, true) },
		"_ecs-activation":     root.GenZshCompletionFile,
		"ecs-activation.fish": func(file string) error { return root.GenFishCompletionFile(file, true) },
		"ecs-activation.ps1":  root.GenPowerShellCompletionFileWithDesc,
	} {
		if err := write(filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}
