// Package invoke runs a command: it reads the settings, connects to the service or the sandbox, chooses the form of
// the output, and prints notes and errors.
//
// invoke.go has what all commands share, and invocation.go has the data of one run of a command. settings.go reads
// its settings, language.go finds the language of its messages, connection.go connects it to the service, output.go has
// the flags for the form of results, targets.go reads the IDs in its arguments, records.go opens the records of creates,
// and errors.go prints errors. source.go reads for the completion of a command line.
package invoke

import (
	"sync"

	"github.com/spf13/cobra"

	"ecs-activation/internal/config"
	"ecs-activation/internal/jq"
	"ecs-activation/internal/message"
	"ecs-activation/internal/process"
)

// Program has what all commands share. It is used for one command line.
type Program struct {
	*process.Process
	Version   string
	Language  message.Language      // of the messages
	Root      *cobra.Command        // the command line
	Whole     func() *cobra.Command // builds the command line with every command
	File      func() config.File    // the configuration file, which is read once
	HelpError error                 // the error of writing a help text
	Matched   bool                  // list --exit-code found codes

	settings *config.Settings // once they are read
	jq       *jq.Expression   // of --jq; nil: none
	lastHint string           // the hint that was printed last
	exposed  sync.Once        // the note about a file with keys that others can read
	language func() language  // of the messages, found when the first is printed
}

// NewProgram returns what the commands of one command line share.
func NewProgram(p *process.Process, version string) *Program {
	return &Program{Process: p, Version: version, File: sync.OnceValue(func() config.File {
		path, err := p.ConfigFile()
		if err != nil {
			path = "" // an account without a home, as in some containers, has no file
		}
		return config.ReadFile(path)
	})}
}
