// Package cli implements the commands. A command turns its flags into one call of another package and
// prints the result.
//
// root.go has the list of commands and the global flags. invocation.go has the data of one run of a
// command, and connection.go connects it to the service. Each command has a file with its flags, its
// help and its run function. create, ensure and recover share request.go, machine.go, issuing.go and delivery.go;
// list and prune share query.go; output.go has the flags for the form of results; disable, delete and prune share change.go.
package cli

import (
	"context"
	"sync"

	"ecs-activation/internal/config"
	"ecs-activation/internal/jq"
	"ecs-activation/internal/message"
	"ecs-activation/internal/process"

	"github.com/spf13/cobra"
)

// App is the program.
type App struct {
	*process.Process
	Version  string
	Language message.Language // of the messages; nil: English

	whole     func() *cobra.Command // builds the command line with every command
	helpError error                 // the error of writing a help text
	lastHint  string                // the hint that was printed last
	settings  *config.Settings      // once they are read
	matched   bool                  // list --exit-code found codes
	jq        *jq.Expression        // of --jq; nil: none
	exposed   sync.Once             // the note about a file with keys that others can read
}

// Main runs the program and returns its exit code.
func Main(version string) int {
	process.LimitMemory()
	ctx, stop := process.UntilSignal(context.Background())
	defer stop()
	return (&App{Process: process.Current(), Version: version}).Run(ctx)
}

// Run runs one command and returns its exit code. Every error has been printed by then.
func (a *App) Run(ctx context.Context) int {
	a.IO.Out.Language, a.IO.Err.Language = a.Language, a.Language
	root := rootFor(a, a.Args)
	root.SetArgs(a.Args)
	cmd, err := root.ExecuteContextC(ctx)
	return a.report(cmd, err)
}
