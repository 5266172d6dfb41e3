package cli

import "github.com/spf13/cobra"

const completionHelp = `Print the script with which a shell completes command lines, to be read when the shell starts.

bash        the first line below, in ~/.bashrc; it needs the package bash-completion
zsh         the second line, in ~/.zshrc, after: autoload -U compinit; compinit
fish        the third line, once
powershell  the fourth line, in the file that $PROFILE names

Codes, profiles and creates to recover are looked up in the region and the account of the line.
What cannot be had in two seconds is left out, without a word. Nothing is written.`

const completionExample = `  source <(ecs-activation completion bash)
  source <(ecs-activation completion zsh)
  ecs-activation completion fish > ~/.config/fish/completions/ecs-activation.fish
  ecs-activation completion powershell | Out-String | Invoke-Expression`

// newCompletionCmd prints the script with which a shell completes our command lines. It
// refuses an unknown shell, which cobra's own command accepts.
func newCompletionCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Short:     "Print a completion script for a shell",
		Long:      completionHelp,
		Example:   completionExample,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		Args:      exactly(1, "one shell: bash, zsh, fish or powershell"),
		RunE: func(cmd *cobra.Command, args []string) error {
			root, out := cmd.Root(), a.IO.Out
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(out)
			}
			return usageError("print the completion", `there is no script for "`+args[0]+`"`, "choose bash, zsh, fish or powershell")
		},
	}
}
