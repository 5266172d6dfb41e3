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

// Usage returns an error for an invalid command line, with a hint and a command that helps.
func Usage(op, text, hint string, command ...string) error {
	return &activation.Error{Kind: activation.KindUsage, Op: op, Err: errors.New(text), Hint: hint, Command: command}
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
	return &activation.Error{Kind: activation.KindUsage, Op: "run", Err: unknown, Hint: "see:  " + cmd.CommandPath() + " --help"}
}

// FlagError returns an error of pflag as a usage error.
func (l Line) FlagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	switch {
	case cmd.HasSubCommands() && len(cmd.Flags().Args()) > 0: // a command that does not exist, before the flag
		return l.Group(cmd, cmd.Flags().Args())
	case errors.As(err, &unknown):
		err = l.unknownFlag(cmd, unknown)
	case errors.As(err, &value) && value.GetFlag().Value.Type() == "bool":
		err = fmt.Errorf("--%s must be true or false, not %q", value.GetFlag().Name, value.GetValue())
	}
	return &activation.Error{Kind: activation.KindUsage, Op: Verb(cmd), Err: err, Hint: "see:  " + cmd.CommandPath() + " --help"}
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
		got := "nothing"
		if len(args) > 0 {
			got = fmt.Sprintf("%q", args)
			got = strings.ReplaceAll(got[1:len(got)-1], `" "`, `", "`)
		}
		return Usage(Verb(cmd), "expected "+what+", got "+got, "see:  "+cmd.CommandPath()+" --help")
	}
}

// Does returns the annotations of a command with this verb.
func Does(verb string) map[string]string { return map[string]string{"verb": verb} }
