// Package cli implements the commands. A command turns its flags into one call of another package and
// prints the result.
//
// root.go has the list of commands and the global flags. Each command has a file with its flags, its help and its run
// function. list and prune share query.go; disable, delete and prune share change.go and results.go. What a command
// runs with is in package invoke, what create, ensure and recover share in package issue, and create --from in
// package many.
package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/message"
	"ecs-activation/internal/process"
)

// App is the program as its callers start it.
type App struct {
	*process.Process
	Version string
}

// Main runs the program and returns its exit code.
func Main(version string) int {
	return (&App{Process: process.Current(), Version: version}).Run(context.Background())
}

// Run runs one command and returns its exit code. Every error has been printed by then.
func (a *App) Run(ctx context.Context) int {
	p := invoke.NewProgram(a.Process, a.Version)
	p.SetLanguage()
	root := rootFor(p, a.Args)
	p.Root = root
	if completes(a.Args) {
		root.InitDefaultHelpCmd() // the command help is described as well
		cmdline.Translate(root, describe(p.Language))
	}
	root.SetArgs(a.Args)
	cmd, err := root.ExecuteContextC(ctx)
	return p.Report(cmd, err)
}

// describe returns a language for completions, which show a text without the marks of a placeholder.
func describe(l message.Language) message.Language {
	return func(english string) string { return strings.ReplaceAll(l.Find(english), "`", "") }
}

// NewRootCmd returns the root command with all commands. It is exported for the programs that generate the
// completions and the documentation.
func NewRootCmd(a *App) *cobra.Command {
	return newRootCmd(invoke.NewProgram(a.Process, a.Version), commands())
}
