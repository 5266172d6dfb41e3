package complete

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Shells are the shells for which there is a script.
func Shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// WriteScript writes the script with which a shell completes the command lines of root.
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
	return fmt.Errorf("there is no script for %q: choose bash, zsh, fish or powershell", shell)
}

// writeFish corrects cobra's script (v1.10.2), which removes the quotes from the words of the command
// line and then evaluates them: it would run the $(…) in '$(…)'.
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
