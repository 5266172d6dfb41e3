package cli

import (
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
	Language  message.Language      // of the messages; nil: English
	Whole     func() *cobra.Command // builds the command line with every command
	HelpError error                 // the error of writing a help text
	Matched   bool                  // list --exit-code found codes

	settings *config.Settings // once they are read
	jq       *jq.Expression   // of --jq; nil: none
	lastHint string           // the hint that was printed last
}
