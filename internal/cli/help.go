package cli

import (
	"ecs-activation/internal/cli/complete"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Help is written by plain functions: cobra's templates would link text/template, which costs
// three megabytes and the linker's pruning.

// printHelp shows what a command is for. Cobra gives help no way to fail, so the error waits
// in the App for report.
func (a *App) printHelp(cmd *cobra.Command, _ []string) {
	_, a.helpError = io.WriteString(a.IO.Out, helpText(cmd))
}

func helpText(cmd *cobra.Command) string {
	var b strings.Builder
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(&b, "%s\n", filled(strings.TrimSpace(text)))
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	fmt.Fprintf(&b, "\nUsage:\n  %s\n", usageLine(cmd))
	writeCommands(&b, cmd)
	writeFlags(&b, "Flags", cmd.LocalNonPersistentFlags())
	if cmd.HasParent() {
		writeFlags(&b, "Flags of every command", cmd.InheritedFlags())
	} else {
		writeFlags(&b, "Flags of every command", cmd.PersistentFlags())
	}
	return b.String()
}

// helpWidth is how many columns help takes.
const helpWidth = 80

// filled breaks the paragraphs of a text to the width of a help. One with aligned or indented
// lines stays as it is.
func filled(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, paragraph := range paragraphs {
		if !strings.Contains(paragraph, "  ") {
			paragraphs[i] = fill(strings.Fields(paragraph))
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

func fill(words []string) string {
	var b strings.Builder
	left := helpWidth
	for i, word := range words {
		width := utf8.RuneCountInString(word)
		switch {
		case i > 0 && width+1 > left:
			b.WriteByte('\n')
			left = helpWidth
		case i > 0:
			b.WriteByte(' ')
			left--
		}
		b.WriteString(word)
		left -= width
	}
	return b.String()
}

func usageLine(cmd *cobra.Command) string {
	if cmd.HasAvailableSubCommands() {
		return cmd.CommandPath() + " COMMAND [flags]"
	}
	return cmd.UseLine()
}

func writeCommands(w *strings.Builder, cmd *cobra.Command) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	fmt.Fprint(w, "\nCommands:\n")
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			fmt.Fprintf(w, "  %-*s  %s\n", cmd.NamePadding(), c.Name(), c.Short)
		}
	}
}

func writeFlags(w *strings.Builder, title string, flags *pflag.FlagSet) {
	if usages := flags.FlagUsagesWrapped(helpWidth + 1); usages != "" {
		fmt.Fprintf(w, "\n%s:\n%s", title, usages)
	}
}

// newHelpCmd replaces cobra's, which succeeds for commands that do not exist.
func newHelpCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show the help of a command",

		ValidArgsFunction: complete.Commands,
		RunE: func(cmd *cobra.Command, args []string) error {
			target, rest, err := cmd.Root().Find(args)
			if err == nil && len(rest) == 0 {
				target.InitDefaultHelpFlag()
				target.InitDefaultVersionFlag()
				return target.Help()
			}
			return group(target, rest)
		},
	}
}
