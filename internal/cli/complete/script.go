package complete

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
)

const help = `Print the completion script for a shell. Load it when the shell starts, with the line from the examples:

bash        the first line, in ~/.bashrc
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
		return writeBash(w, root)
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return writeFish(w, root)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(w)
	}
	return activation.Textf("no completion script for %q: choose bash, zsh, fish or powershell", shell)
}

// writeBash writes the script for bash with a function that finds the words of the command line. The script of
// cobra (v1.10.2) calls a function of the package bash-completion, which prints an error if it is not there.
func writeBash(w io.Writer, root *cobra.Command) error {
	const call = "    _get_comp_words_by_ref \"$@\" cur prev words cword\n"
	var script strings.Builder
	if err := root.GenBashCompletionV2(&script, true); err != nil {
		return err
	}
	_, err := io.WriteString(w, strings.Replace(script.String(), call, bashWords, 1))
	return err
}

// bashWords sets the words up to the cursor. bash splits a word at "=" and ":"; a part without a blank before it
// belongs to the word.
const bashWords = `    if declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
        _get_comp_words_by_ref "$@" cur prev words cword
        return
    fi
    local i part rest=${COMP_LINE:0:COMP_POINT}
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        part=${COMP_WORDS[i]}
        if ((i > 0)) && [[ $rest != [[:blank:]]* ]] && [[ $part == [=:]* || ${COMP_WORDS[i-1]} == *[=:] ]]; then
            cword=$((${#words[@]} - 1))
        else
            cword=${#words[@]}
            words[cword]=
        fi
        rest=${rest#"${rest%%[![:blank:]]*}"}
        if ((i == COMP_CWORD)); then
            part=$rest
        fi
        words[cword]+=$part
        rest=${rest#"$part"}
    done
    cur=${words[cword]}
    prev=
    if ((cword > 0)); then
        prev=${words[cword-1]}
    fi
`

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
