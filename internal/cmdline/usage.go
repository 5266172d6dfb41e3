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

// Group runs a command that has only subcommands.
func Group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	unknown := &message.UnknownCommand{Path: cmd.CommandPath(), Asked: args[0]}
	for _, c := range cmd.Commands() {
		unknown.Commands = append(unknown.Commands, message.Command{Name: c.Name(), Also: c.SuggestFor})
	}
	return &activation.Error{Kind: activation.KindUsage, Op: "run", Err: unknown, Hint: "see:  " + cmd.CommandPath() + " --help"}
}

// FlagError returns an error of pflag as a usage error.
func FlagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		found := &message.UnknownFlag{Asked: string(Normalize(nil, unknown.GetSpecifiedName())), Err: err}
		cmd.Flags().VisitAll(func(f *pflag.Flag) { found.Flags = append(found.Flags, f.Name) })
		err = found
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
