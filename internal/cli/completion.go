package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"
)

const completionHelp = `Print the script with which a shell completes command lines, to be read when the shell starts.

bash        the first line below, in ~/.bashrc; needs bash-completion
zsh         the second line, in ~/.zshrc, after: autoload -U compinit; compinit
fish        the third line, once
powershell  the fourth line, in the file that $PROFILE names

Codes, profiles and creates to recover are looked up in the region and the account of the line.
What cannot be had in two seconds is left out, without a word. Nothing is written,
but that a sandbox counts what it is asked.`

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
		ValidArgs:   []string{"bash", "zsh", "fish", "powershell"},
		Annotations: does("print the completion"),
		Args:        exactly(1, "one shell: bash, zsh, fish or powershell"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return WriteCompletion(a.IO.Out, cmd.Root(), args[0])
		},
	}
}

// WriteCompletion writes the completion script of a shell.
func WriteCompletion(w io.Writer, root *cobra.Command, shell string) error {
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
	return usageError("print the completion", `there is no script for "`+shell+`"`, "choose bash, zsh, fish or powershell")
}

// writeFish corrects cobra's script (v1.10.2), which takes the quotes from the words of the line
// and then has them evaluated: it would run the $(…) in '$(…)'.
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
