package cmdline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
)

// Commands is a group of commands in the short help of the program.
type Commands struct {
	Title string // what they are for; empty: each command has a line with its description
	Names []string
}

// Help returns the help of a command: all of it if --help is among the arguments, else a short page for -h. It
// does not use the templates of cobra, because they would link text/template, which adds three megabytes to the
// binary and prevents the linker from removing much unused code.
func Help(l message.Language, cmd *cobra.Command, args []string, groups []Commands) string {
	translate(cmd, l)
	for _, sub := range cmd.Commands() {
		sub.Short = l.Find(sub.Short)
	}
	if slices.ContainsFunc(args, isHelp) {
		return full(l, cmd)
	}
	return short(l, cmd, groups)
}

// Translate replaces the texts of a command and of its subcommands by those of a language.
func Translate(cmd *cobra.Command, l message.Language) {
	translate(cmd, l)
	for _, sub := range cmd.Commands() {
		Translate(sub, l)
	}
}

// translate replaces the texts of a command and of its flags.
func translate(cmd *cobra.Command, l message.Language) {
	cmd.Short, cmd.Long, cmd.Example = l.Find(cmd.Short), l.Find(cmd.Long), l.Find(cmd.Example)
	usage := func(f *pflag.Flag) { f.Usage = l.Find(f.Usage) }
	cmd.Flags().VisitAll(usage)
	cmd.PersistentFlags().VisitAll(usage)
}

// isHelp reports whether an argument is --help. pflag does not distinguish it from -h.
func isHelp(arg string) bool {
	name, long := strings.CutPrefix(arg, "--")
	name, _, _ = strings.Cut(name, "=")
	return long && Normalize(nil, name) == "help"
}

// full returns everything about a command.
func full(l message.Language, cmd *cobra.Command) string {
	var b strings.Builder
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(&b, "%s\n", filled(strings.TrimSpace(text)))
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\n%s\n%s\n", l.Text("Examples:"), cmd.Example)
	}
	fmt.Fprintf(&b, "\n%s\n  %s\n", l.Text("Usage:"), usageLine(l, cmd))
	writeCommands(&b, l, cmd)
	writeFlags(&b, l.Text("Flags:"), cmd.LocalNonPersistentFlags())
	if cmd.HasParent() {
		fmt.Fprintf(&b, "\n%s  %s help flags\n", l.Text("Flags of every command:"), cmd.Root().Name())
	} else {
		writeFlags(&b, l.Text("Flags of every command:"), cmd.PersistentFlags())
		fmt.Fprintf(&b, "\n%s  %s help exit-codes\n", l.Text("Exit codes:"), cmd.Name())
	}
	return b.String()
}

// short returns the page of a command that fits a screen.
func short(l message.Language, cmd *cobra.Command, groups []Commands) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s %s\n", cmd.Short, l.Text("Usage:"), usageLine(l, cmd))
	if cmd.HasParent() {
		writeCommands(&b, l, cmd)
	} else {
		writeGroups(&b, l, cmd, groups)
	}
	if examples := strings.Split(cmd.Example, "\n"); cmd.HasExample() {
		fmt.Fprintf(&b, "\n%s\n%s\n", l.Text("Examples:"), strings.Join(examples[:min(3, len(examples))], "\n"))
	}
	writeFlags(&b, l.Text("Flags:"), mainFlags(cmd))
	fmt.Fprintf(&b, "\n%s  %s --help\n", l.Text("All flags and details:"), cmd.CommandPath())
	return b.String()
}

// writeGroups writes the commands of the program: those of a group without a title on a line each, those of
// another group on one line.
func writeGroups(w *strings.Builder, l message.Language, root *cobra.Command, groups []Commands) {
	for _, group := range groups {
		var names []string
		for _, name := range group.Names {
			if c, _, err := root.Find([]string{name}); err == nil && c != root {
				names = append(names, name)
				if group.Title == "" {
					names[len(names)-1] = fmt.Sprintf("%-*s  %s", root.NamePadding(), name, c.Short)
				}
			}
		}
		if group.Title == "" {
			fmt.Fprintf(w, "\n  %s\n\n", strings.Join(names, "\n  "))
		} else {
			fmt.Fprintf(w, "  %s  %s\n", ui.Pad(l.Find(group.Title), titleWidth), strings.Join(names, ", "))
		}
	}
}

// titleWidth is the width of the titles of groups in columns.
const titleWidth = 24

// mainKey is the annotation of a command with the names of its main flags.
const mainKey = "main"

// Main sets the flags that the short help of a command shows, in their order. Without it the page shows all flags
// of the command.
func Main(cmd *cobra.Command, names ...string) {
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[mainKey] = strings.Join(names, " ")
}

// mainFlags returns the flags that the short help of a command shows.
func mainFlags(cmd *cobra.Command) *pflag.FlagSet {
	names, chosen := cmd.Annotations[mainKey]
	if !chosen {
		return cmd.LocalNonPersistentFlags()
	}
	flags := pflag.NewFlagSet(cmd.Name(), pflag.ContinueOnError)
	flags.SortFlags = false
	for name := range strings.FieldsSeq(names) {
		flags.AddFlag(cmd.Flag(name))
	}
	return flags
}

// helpWidth is the width of a help text in columns.
const helpWidth = 80

// filled returns a text whose paragraphs are wrapped at the width of a help text. A paragraph with aligned
// or indented lines is not changed.
func filled(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, paragraph := range paragraphs {
		if !strings.Contains(paragraph, "  ") {
			paragraphs[i] = ui.Wrap(ui.OneLine(paragraph), helpWidth, "")
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

func usageLine(l message.Language, cmd *cobra.Command) string {
	if cmd.HasAvailableSubCommands() {
		return l.Text("%s COMMAND [flags]", cmd.CommandPath())
	}
	return strings.Replace(cmd.UseLine(), "[flags]", l.Text("[flags]"), 1)
}

func writeCommands(w *strings.Builder, l message.Language, cmd *cobra.Command) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	fmt.Fprintf(w, "\n%s\n", l.Text("Commands:"))
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			fmt.Fprintf(w, "  %-*s  %s\n", cmd.NamePadding(), c.Name(), c.Short)
		}
	}
}

// writeFlags writes the flags and what they mean in two columns. pflag would align and wrap them as if each
// character took one column of the terminal.
func writeFlags(w *strings.Builder, title string, flags *pflag.FlagSet) {
	marked := pflag.NewFlagSet("", pflag.ContinueOnError)
	marked.SortFlags = flags.SortFlags
	flags.VisitAll(func(f *pflag.Flag) {
		copied := *f
		copied.Usage = "\x00" + f.Usage
		marked.AddFlag(&copied)
	})
	usages := marked.FlagUsages()
	if usages == "" {
		return
	}
	fmt.Fprintf(w, "\n%s\n", title)
	lines := strings.Split(strings.TrimSuffix(usages, "\n"), "\n")
	width := 0
	for _, line := range lines {
		name, _, _ := strings.Cut(line, "\x00")
		width = max(width, ui.Width(strings.TrimRight(name, " "))+len("   "))
	}
	for _, line := range lines {
		name, usage, _ := strings.Cut(line, "\x00")
		margin := strings.Repeat(" ", width)
		usage = strings.ReplaceAll(ui.Wrap(usage, helpWidth-width, ""), "\n", "\n"+margin)
		fmt.Fprintln(w, ui.Pad(strings.TrimRight(name, " "), width)+usage)
	}
}

// HelpCommand returns the command help. It replaces cobra's, which succeeds for commands that do not exist.
func HelpCommand(line Line, l message.Language, complete cobra.CompletionFunc) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | flags | exit-codes]",
		Short: "Show the help of a command, the flags of every command, or the exit codes",

		ValidArgsFunction: complete,
		RunE: func(cmd *cobra.Command, args []string) error {
			if topic := topics(l, cmd.Root())[strings.Join(args, " ")]; topic != nil {
				_, err := fmt.Fprint(cmd.OutOrStdout(), topic())
				return err
			}
			if len(args) > 1 && topics(l, cmd.Root())[args[0]] != nil {
				return seeHelp(cmd, "show help", activation.Textf("help %s takes no other arguments, got %q", args[0], args[1]))
			}
			target, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return line.Group(target, rest)
			}
			target.InitDefaultVersionFlag()
			if target.HasParent() {
				args = []string{"--help"}
			}
			target.HelpFunc()(target, args)
			return nil
		},
	}
}

// topics returns the pages of help that are not about one command.
func topics(l message.Language, root *cobra.Command) map[string]func() string {
	return map[string]func() string{
		"flags":      func() string { return globalFlags(l, root) },
		"exit-codes": func() string { return exitCodes(l) },
	}
}

// globalFlags returns the page of the flags of every command.
func globalFlags(l message.Language, root *cobra.Command) string {
	translate(root, l)
	var b strings.Builder
	fmt.Fprint(&b, filled(l.Text("These flags can be given to every command. They can also be set in the environment, such as ECS_ACTIVATION_REGION, and in the configuration file; the command config shows their values and sources.")), "\n")
	writeFlags(&b, l.Text("Flags of every command:"), root.PersistentFlags())
	return b.String()
}

// exitCodes returns the page of the exit codes.
func exitCodes(l message.Language) string {
	var b strings.Builder
	for _, exit := range message.Exits(l) {
		fmt.Fprintf(&b, "%s\n", ui.Wrap(fmt.Sprintf("%-13s  %s", exit.Code, strings.ReplaceAll(exit.Means, "`", "")), helpWidth, strings.Repeat(" ", 15)))
	}
	return b.String()
}
