package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"ecs-activation/internal/cli/complete"
)

const completionHelp = `Print the script with which a shell completes command lines, to be read when the shell starts.

bash        the first line below, in ~/.bashrc; needs bash-completion
zsh         the second line, in ~/.zshrc, after: autoload -U compinit; compinit
fish        the third line, once
powershell  the fourth line, in the file that $PROFILE names

Codes, profiles and creates to recover are looked up in the region and the account of the
command line. Lookups give up silently after two seconds.`

const completionExample = `  source <(ecs-activation completion bash)
  source <(ecs-activation completion zsh)
  ecs-activation completion fish >~/.config/fish/completions/ecs-activation.fish
  ecs-activation completion powershell | Out-String | Invoke-Expression`

// newCompletionCmd prints the script with which a shell completes our command lines. It
// refuses an unknown shell, which cobra's own command accepts.
func newCompletionCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:         "completion bash|zsh|fish|powershell",
		Short:       "Print a completion script for a shell",
		Long:        completionHelp,
		Example:     completionExample,
		ValidArgs:   complete.Shells(),
		Annotations: does("print the completion"),
		Args:        exactly(1, "one shell: bash, zsh, fish or powershell"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(complete.Shells(), args[0]) {
				return usageError("print the completion", fmt.Sprintf("there is no script for %q", args[0]), "choose bash, zsh, fish or powershell")
			}
			return complete.WriteScript(a.IO.Out, cmd.Root(), args[0])
		},
	}
}

// newVersionCmd prints what --version prints.
func newVersionCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  exactly(0, "no arguments"),

		Annotations: does("print the version"),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.IO.Out, "%s version %s\n", program, a.Version)
			return err
		},
	}
}
