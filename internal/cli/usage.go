package cli

import (
	"context"
	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/message"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// invalid returns one error of all problems with the flags, or nil.
func invalid(op string, problems activation.Problems) error {
	if len(problems) == 0 {
		return nil
	}
	return &activation.Error{Kind: activation.KindUsage, Op: op, Err: problems}
}

// usageError is a command line that cannot be run, with what to do instead and the command for it.
func usageError(op, text, hint string, command ...string) error {
	return &activation.Error{Kind: activation.KindUsage, Op: op, Err: errors.New(text), Hint: hint, Command: command}
}

// group runs a command that only has subcommands.
func group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	unknown := &message.UnknownCommand{Path: cmd.CommandPath(), Asked: args[0]}
	for _, c := range cmd.Commands() {
		unknown.Commands = append(unknown.Commands, message.Command{Name: c.Name(), Also: c.SuggestFor})
	}
	return &activation.Error{Kind: activation.KindUsage, Op: "run", Err: unknown, Hint: "see: " + cmd.CommandPath() + " --help"}
}

// flagError returns the error for what pflag found wrong.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		found := &message.UnknownFlag{Asked: string(cmdline.Normalize(nil, unknown.GetSpecifiedName())), Err: err}
		cmd.Flags().VisitAll(func(f *pflag.Flag) { found.Flags = append(found.Flags, f.Name) })
		err = found
	case errors.As(err, &value) && value.GetFlag().Value.Type() == "bool":
		err = fmt.Errorf("--%s is given as %q, and must be true or false", value.GetFlag().Name, value.GetValue())
	}
	return &activation.Error{Kind: activation.KindUsage, Op: verb(cmd), Err: err, Hint: "see: " + cmd.CommandPath() + " --help"}
}

// verb is what a command attempts, for messages: "create", "reset the sandbox".
func verb(cmd *cobra.Command) string {
	if words, given := cmd.Annotations["verb"]; given {
		return words
	}
	if cmd.HasSubCommands() {
		return "run" // it is the program that was called, and not a command
	}
	return cmd.Name()
}

// exactly accepts that many arguments, and words what is wrong with another number.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		got := "nothing"
		if len(args) > 0 {
			got = fmt.Sprintf("%q", args)
			got = strings.ReplaceAll(got[1:len(got)-1], `" "`, `", "`)
		}
		return usageError(verb(cmd), "it takes "+what+", and got "+got, "see: "+cmd.CommandPath()+" --help")
	}
}

// does sets the verb of a command, for messages.
func does(verb string) map[string]string { return map[string]string{"verb": verb} }

// asError makes any error an *activation.Error: what is not known better is KindOther.
func asError(op string, err error) error {
	var known *activation.Error
	switch {
	case err == nil, errors.As(err, &known), errors.As(err, new(*message.PartialError)):
		return err
	case errors.Is(err, context.Canceled):
		return &activation.Error{Kind: activation.KindInterrupted, Op: op, Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &activation.Error{Kind: activation.KindUnavailable, Op: op, Err: err}
	}
	return &activation.Error{Kind: activation.KindOther, Op: op, Err: err}
}
