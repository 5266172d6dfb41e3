// Package complete says what a shell offers when Tab is pressed.
//
// This file has what is known without a lookup: the values of flags, regions, commands. lookup.go
// completes with what exists: codes, creates to recover, profiles. script.go prints the scripts for the
// shells. Where nothing is registered, nothing is offered: file names only where a file is meant.
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

// Values completes a flag with all of its values, or with some that serve as examples.
func Values(cmd *cobra.Command, flag string, values ...string) {
	Flag(cmd, flag, cobra.FixedCompletions(values, inOrder))
}

// Flag completes the value of a flag with a function.
func Flag(cmd *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err) // a flag that does not exist: a mistake in the caller
	}
}

// List completes a flag that takes several values separated by commas: those that are not there yet
// complete the last one.
func List(cmd *cobra.Command, flag string, values ...string) {
	Flag(cmd, flag, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return afterComma(values, typed), inOrder
	})
}

// afterComma puts what was typed up to the last comma before each value that is not in it.
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

// regions completes a region, or the last of several where a command takes several.
func regions(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	names := activation.Regions()
	if cmd.Flag("all-regions") != nil {
		names = afterComma(names, typed)
	}
	return names, noFiles
}

// Commands completes the command that help is about.
func Commands(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if about, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 {
		for _, c := range about.Commands() {
			if c.IsAvailableCommand() {
				names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
			}
		}
	}
	return names, noFiles
}
