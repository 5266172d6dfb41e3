package cmdline

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Help returns the help of a command. It does not use the templates of cobra, because they would link
// text/template, which adds three megabytes to the binary and prevents the linker from removing much unused
// code.
func Help(cmd *cobra.Command) string {
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

// helpWidth is the width of a help text in columns.
const helpWidth = 80

// filled returns a text whose paragraphs are wrapped at the width of a help text. A paragraph with aligned
// or indented lines is not changed.
func filled(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, paragraph := range paragraphs {
		if !strings.Contains(paragraph, "  ") {
			paragraphs[i] = fill(strings.Fields(paragraph))
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// fill returns a paragraph of these words.
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

// HelpCommand returns the command help. It replaces cobra's, which succeeds for commands that do not exist.
func HelpCommand(complete cobra.CompletionFunc) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show the help of a command",

		ValidArgsFunction: complete,
		RunE: func(cmd *cobra.Command, args []string) error {
			target, rest, err := cmd.Root().Find(args)
			if err == nil && len(rest) == 0 {
				target.InitDefaultHelpFlag()
				target.InitDefaultVersionFlag()
				return target.Help()
			}
			return Group(target, rest)
		},
	}
}
