package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
)

const completionExample = `  source <(ecs-activation completion bash)
  ecs-activation completion zsh > "${fpath[1]}/_ecs-activation"
  ecs-activation completion fish > ~/.config/fish/completions/ecs-activation.fish
  ecs-activation completion powershell | Out-String | Invoke-Expression`

// newCompletionCmd prints the script with which a shell completes our command lines. It
// refuses an unknown shell, which cobra's own command accepts.
func newCompletionCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Short:     "Print a completion script for a shell",
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

// offer names the values of a flag that has few, and no files for others.
func offer(cmd *cobra.Command, flag string, values ...string) {
	complete := cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
	if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err) // a flag that does not exist: a mistake in the caller
	}
}

// formats gives a command an -o of its own, with the formats that it has; the first is the
// default.
func formats(cmd *cobra.Command, names ...string) {
	last := len(names) - 1
	cmd.Flags().StringP("output", "o", "", "`format`: "+strings.Join(names[:last], ", ")+" or "+names[last]+" (default "+names[0]+")")
	offer(cmd, "output", names...)
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations["formats"] = strings.Join(names, " ")
}

// completeGlobalFlags offers the values of the flags that every command has.
func completeGlobalFlags(root *cobra.Command) {
	offer(root, "region", activation.Regions()...)
	offer(root, "output", "table", "wide", "json", "jsonl", "yaml")
	offer(root, "color", "auto", "always", "never")
	for _, flag := range []string{"profile", "endpoint", "timeout"} {
		offer(root, flag)
	}
}
