// Package complete returns what a shell offers when the user presses Tab.
//
// This file has completions that need no lookup: values of flags, regions, commands. lookup.go has those
// that need one: codes, creates to recover, profiles. script.go prints the scripts for the shells. A flag
// or argument without a registered completion completes to nothing, not to file names.
package complete

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
)

const (
	noFiles = cobra.ShellCompDirectiveNoFileComp
	inOrder = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
)

// Values completes a flag with all of its values, or with some examples.
func Values(cmd *cobra.Command, flag string, values ...string) {
	Flag(cmd, flag, cobra.FixedCompletions(values, inOrder))
}

// Flag completes the value of a flag with a function.
func Flag(cmd *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err) // the flag does not exist: a bug in the caller
	}
}

// List completes a flag that takes several values separated by commas. It completes the last value, and
// offers only values that are not in the list yet.
func List(cmd *cobra.Command, flag string, values ...string) {
	Flag(cmd, flag, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return afterComma(values, typed), inOrder
	})
}

// afterComma returns each value that was not typed yet, after the text that was typed up to the last comma.
func afterComma(values []string, typed string) []string {
	done := typed[:strings.LastIndex(typed, ",")+1]
	var whole []string
	for _, value := range values {
		if !slices.Contains(strings.Split(done, ","), value) {
			whole = append(whole, done+value)
		}
	}
	return whole
}

// Files completes one argument, or a flag, with the names of files.
func Files(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, noFiles
	}
	return nil, cobra.ShellCompDirectiveDefault
}

// regions completes a region, or the last region of a list if the command accepts a list.
func regions(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	names := activation.Regions()
	if cmd.Flag("all-regions") != nil {
		names = afterComma(names, typed)
	}
	return names, noFiles
}

// Commands completes the argument of the command help: a command or a topic.
func Commands(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if len(args) == 0 {
		names = append(names, "exit-codes", "flags")
	}
	if about, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 {
		for _, c := range about.Commands() {
			if c.IsAvailableCommand() {
				names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
			}
		}
	}
	return names, noFiles
}
