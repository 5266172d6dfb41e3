package simulator

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/view"
)

// Run is one run of a command.
type Run struct {
	Sandbox *sandbox.Sandbox
	Printer *view.Printer
	Op      string          // the verb, for errors
	Signal  context.Context // ends with a signal; the ctx of a command ends with --timeout as well

	Say     func(format string, args ...any)                                            // prints a message on standard error
	Refs    func(ids []string) ([]activation.Ref, error)                                // returns the codes whose IDs are the arguments
	Input   func(from string, read func(ctx context.Context, in io.Reader) error) error // reads a file or standard input
	Wrong   func(reason error) *activation.Error                                        // returns the error for an invalid value
	Age     func(time.Duration) error                                                   // moves the records of creates into the past
	Discard func() error                                                                // deletes the records of creates
}

// Commands creates the commands.
type Commands struct {
	Run     func(cmd *cobra.Command, run func(context.Context, Run) error) error
	Path    func() (string, error)                        // returns the path of the file of the sandbox
	Plain   func(*cobra.Command) (*view.Printer, error)   // returns the printer of a command that reads no configuration
	Formats func(cmd *cobra.Command, names ...string)     // gives a command its own formats
	Exactly func(n int, what string) cobra.PositionalArgs // accepts exactly n arguments
	Group   func(cmd *cobra.Command, args []string) error // runs a command that has only subcommands
	Lookup  complete.Lookup
}

// command returns cmd as a command that runs with the sandbox. verb describes it in errors.
func (c Commands) command(verb string, cmd *cobra.Command, run func(ctx context.Context, r Run, args []string) error) *cobra.Command {
	cmd.Annotations = map[string]string{"verb": verb}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.Run(cmd, func(ctx context.Context, r Run) error {
			return refusal(r.Op, activation.Ref{}, run(ctx, r, args))
		})
	}
	return cmd
}

// refusal returns an error of the sandbox as an *activation.Error.
func refusal(op string, ref activation.Ref, err error) error {
	var refused *sandbox.Error
	if !errors.As(err, &refused) {
		return err
	}
	kind := activation.KindOfCode(refused.Code)
	if kind == activation.KindOther {
		kind = activation.KindConflict
	}
	return &activation.Error{Kind: kind, Op: op, ID: ref, Code: refused.Code, Err: errors.New(refused.Message)}
}
