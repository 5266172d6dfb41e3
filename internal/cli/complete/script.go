package complete

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
)

const help = `Print the completion script for a shell. Load it when the shell starts, with the line from the examples:

bash        the first line, in ~/.bashrc; requires bash-completion
zsh         the second line, in ~/.zshrc, after: autoload -U compinit; compinit
fish        the third line; run it once
powershell  the fourth line, in the file $PROFILE

The script also completes codes, profiles and creates to recover. It looks them up in the region and
the account of the command line. Lookups give up silently after two seconds.`

const example = `  source <(ecs-activation completion bash)
  source <(ecs-activation completion zsh)
  ecs-activation completion fish >~/.config/fish/completions/ecs-activation.fish
  ecs-activation completion powershell | Out-String | Invoke-Expression`

// Command returns the command that prints the completion script for a shell. Unlike the command of cobra it
// returns an error for an unknown shell; refuse returns that error.
func Command(args cobra.PositionalArgs, refuse func(shell string) error) *cobra.Command {
	return &cobra.Command{
		Use:         "completion bash|zsh|fish|powershell",
		Short:       "Print a completion script for a shell",
		Long:        help,
		Example:     example,
		ValidArgs:   Shells(),
		Annotations: map[string]string{"verb": "print the completion"},
		Args:        args,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(Shells(), args[0]) {
				return refuse(args[0])
			}
			return WriteScript(cmd.OutOrStdout(), cmd.Root(), args[0])
		},
	}
}

// Shells returns the shells for which there is a script.
func Shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// WriteScript writes the completion script of a shell for the command root.
func WriteScript(w io.Writer, root *cobra.Command, shell string) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(w, true)
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return writeFish(w, root)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(w)
	}
	return activation.Textf("no completion script for %q: choose bash, zsh, fish or powershell", shell)
}

// writeFish writes the script for fish with a correction. The script of cobra (v1.10.2) removes the quotes
// from the command line and then evaluates it, so it would run the command in '$(…)'.
func writeFish(w io.Writer, root *cobra.Command) error {
	const words = "set -l args (commandline -opc)\n"
	var script strings.Builder
	if err := root.GenFishCompletion(&script, true); err != nil {
		return err
	}
	quoted := words + "    set args $args[1] (string escape -- $args[2..-1])\n"
	_, err := io.WriteString(w, strings.Replace(script.String(), words, quoted, 1))
	return err
}
