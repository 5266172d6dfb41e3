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
	return Wrong(op, reason).Advise("see: %s --help", cmd.CommandPath())
}

// Group runs a command that has only subcommands.
func Group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	unknown := &message.UnknownCommand{Path: cmd.CommandPath(), Asked: args[0]}
	for _, c := range cmd.Commands() {
		unknown.Commands = append(unknown.Commands, message.Command{Name: c.Name(), Also: c.SuggestFor})
	}
	return seeHelp(cmd, "run", unknown)
}

// FlagError returns an error of pflag as a usage error.
func FlagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	var without *pflag.ValueRequiredError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.As(err, &unknown):
		found := &message.UnknownFlag{Asked: string(Normalize(nil, unknown.GetSpecifiedName())), Err: unknownFlag(unknown)}
		cmd.Flags().VisitAll(func(f *pflag.Flag) { found.Flags = append(found.Flags, f.Name) })
		err = found
	case errors.As(err, &without):
		err = withoutValue(without)
	case errors.As(err, &syntax):
		err = activation.Textf("bad flag syntax: %s", syntax.GetSpecifiedFlag())
	case errors.As(err, &value) && value.GetFlag().Value.Type() == "bool":
		err = activation.Textf("--%s must be true or false, not %q", value.GetFlag().Name, value.GetValue())
	}
	return seeHelp(cmd, Verb(cmd), err)
}

// unknownFlag returns the text of the error for a flag that does not exist. Texts of pflag are formatted.
func unknownFlag(e *pflag.NotExistError) error {
	name, group := e.GetSpecifiedName(), e.GetSpecifiedShortnames()
	if group != "" {
		return activation.Textf("unknown shorthand flag: %q in -%s", rune(name[0]), group)
	}
	return activation.Textf("unknown flag: --%s", name)
}

// withoutValue returns the text of the error for a flag without its value.
func withoutValue(e *pflag.ValueRequiredError) error {
	name, group := e.GetSpecifiedName(), e.GetSpecifiedShortnames()
	if group != "" {
		return activation.Textf("flag needs an argument: %q in -%s", rune(name[0]), group)
	}
	return activation.Textf("flag needs an argument: --%s", name)
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
