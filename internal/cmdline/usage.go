package cmdline

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/message"
)

// Invalid returns one error of all problems with the flags, or nil.
func Invalid(op string, problems activation.Problems) error {
	if len(problems) == 0 {
		return nil
	}
	return &activation.Error{Kind: activation.KindUsage, Op: op, Err: problems}
}

// Usage returns an error for an invalid command line, with a hint and a command that helps. Both texts have no
// arguments.
func Usage(op, text, hint string, command ...string) error {
	return &activation.Error{Kind: activation.KindUsage, Op: op, Err: errors.New(text), Hint: hint, Command: command}
}

// Wrong returns an error for an invalid command line with its reason.
func Wrong(op string, reason error) *activation.Error {
	return &activation.Error{Kind: activation.KindUsage, Op: op, Err: reason}
}

// seeHelp returns an error for an invalid command line with the hint to read the help of the command.
func seeHelp(cmd *cobra.Command, op string, reason error) error {
	return Wrong(op, reason).Advise("see:  %s --help", cmd.CommandPath())
}

// Line is a command line with its mistakes, which are reported with the corrected line.
type Line struct{ Args []string }

// Group runs a command that has only subcommands.
func (l Line) Group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	unknown := &message.UnknownCommand{Path: cmd.CommandPath(), Asked: args[0], Meant: message.GuessCommand(args[0], names, !cmd.HasParent())}
	if unknown.Meant != nil {
		unknown.Line = l.withCommand(cmd, args[0], *unknown.Meant)
	}
	return seeHelp(cmd, "run", unknown)
}

// FlagError returns an error of pflag as a usage error.
func (l Line) FlagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	var without *pflag.ValueRequiredError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case cmd.HasSubCommands() && len(cmd.Flags().Args()) > 0: // a command that does not exist, before the flag
		return l.Group(cmd, cmd.Flags().Args())
	case errors.As(err, &unknown):
		err = l.unknownFlag(cmd, unknown)
	case errors.As(err, &without):
		err = withoutValue(without)
	case errors.As(err, &syntax):
		err = activation.Textf("bad flag syntax: %s", syntax.GetSpecifiedFlag())
	case errors.As(err, &value):
		err = invalidValue(value)
	}
	return seeHelp(cmd, Verb(cmd), err)
}

// invalidValue returns the text of the error for a value that is not true or false, or for a list with quotation
// marks, which pflag reads as CSV.
func invalidValue(e *pflag.InvalidValueError) error {
	flag, value := "--"+e.GetFlag().Name, e.GetValue()
	if e.GetFlag().Value.Type() == "bool" {
		return activation.Textf("%s must be true or false, not %q", flag, value)
	}
	return activation.Textf("%s %q: separate the names with commas, without quotation marks", flag, value)
}

// withoutValue returns the text of the error for a flag without its value.
func withoutValue(e *pflag.ValueRequiredError) error {
	name, group := e.GetSpecifiedName(), e.GetSpecifiedShortnames()
	if group != "" {
		return activation.Textf("flag needs a value: %q in -%s", rune(name[0]), group)
	}
	return activation.Textf("flag needs a value: --%s", name)
}

// Verb returns what a command does, for messages such as "cannot reset the sandbox".
func Verb(cmd *cobra.Command) string {
	if words, given := cmd.Annotations["verb"]; given {
		return words
	}
	if cmd.HasSubCommands() {
		return "run" // no command was given
	}
	return cmd.Name()
}

// Exactly returns a check that accepts exactly n arguments. what describes them in the error.
func Exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		if len(args) == 0 {
			return seeHelp(cmd, Verb(cmd), activation.Textf("expected %s, got nothing", errors.New(what)))
		}
		got := fmt.Sprintf("%q", args)
		got = strings.ReplaceAll(got[1:len(got)-1], `" "`, `", "`)
		return seeHelp(cmd, Verb(cmd), activation.Textf("expected %s, got %s", errors.New(what), got))
	}
}

// Does returns the annotations of a command with this verb.
func Does(verb string) map[string]string { return map[string]string{"verb": verb} }
