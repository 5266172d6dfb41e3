package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
)

// What a shell is offered for a word, as far as it is known without asking anybody. Where
// nothing is said here nothing is offered: file names only where a file is meant.

// offer names the values of a flag that has few, or some that serve as examples.
func offer(cmd *cobra.Command, flag string, values ...string) {
	offerBy(cmd, flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder))
}

// offerBy completes a flag's value with a function.
func offerBy(cmd *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err) // a flag that does not exist: a mistake in the caller
	}
}

// offerEach names the values of a flag that takes several with commas between them: those that
// are not there yet complete the last one.
func offerEach(cmd *cobra.Command, flag string, values ...string) {
	offerBy(cmd, flag, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return afterComma(values, typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
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

// files completes one argument, or a flag, with the names of files.
func files(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault
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

// offerGlobal offers the values of the flags that every command has.
func (a *App) offerGlobal(root *cobra.Command) {
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	offerBy(root, "region", regionNames)
	offerBy(root, "profile", a.discover(profileNames))
	offer(root, "output", "table", "wide", "json", "jsonl", "yaml")
	offer(root, "endpoint", "vpc")
	offer(root, "timeout", "30s", "60s", "5m")
	offer(root, "color", "auto", "always", "never")
}

// regionNames completes a region, or the last of several where a command takes several.
func regionNames(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	names := activation.Regions()
	if cmd.Flag("all-regions") != nil {
		names = afterComma(names, typed)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// commandNames completes the command that help is about.
func commandNames(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if about, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 {
		for _, c := range about.Commands() {
			if c.IsAvailableCommand() {
				names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
			}
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
