package invoke

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/jq"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// This file has the form of the output: the formats of each command, --columns, --no-headers and --jq.

// Formats gives a command its own flag -o with these formats. The first is the default.
func Formats(cmd *cobra.Command, names ...string) {
	cmdline.Formats(cmd, names...)
	complete.Values(cmd, "output", names...)
}

// CodeFormats gives a command the formats in which codes are printed.
func CodeFormats(cmd *cobra.Command) {
	Formats(cmd, view.FormatTable, view.FormatWide, view.FormatCSV, view.FormatName, ui.FormatJSON, ui.FormatJSONLines, ui.FormatYAML)
}

// ColumnOptions are the flags of tables and CSV.
type ColumnOptions struct {
	columns   []string
	noHeaders bool
}

// Add adds the flags to a command whose table has columns with these names.
func (o *ColumnOptions) Add(cmd *cobra.Command, names []string) {
	cmd.Flags().StringSliceVar(&o.columns, "columns", nil, "print these columns: `names`, separated by commas")
	cmd.Flags().BoolVar(&o.noHeaders, "no-headers", false, "print no names of columns")
	complete.List(cmd, "columns", names...)
}

// Apply sets the columns of the printer. Columns in the environment or the file replace only those of the
// formats table and csv, and are ignored with other formats.
func (o ColumnOptions) Apply(s *Invocation, names []string) error {
	allowed := []string{view.FormatTable, view.FormatWide, view.FormatCSV}
	suits := !s.Printer.Quiet && slices.Contains(allowed, s.Printer.Format)
	for _, flag := range []string{"columns", "no-headers"} {
		if s.Cmd.Flags().Changed(flag) && !suits {
			return cmdline.Wrong(s.Op, &message.NeedsFormat{Flag: "--" + flag, Formats: allowed})
		}
	}
	var problems activation.Problems
	var chosen []string
	for _, text := range o.columns {
		name := strings.ToLower(text)
		if !slices.Contains(names, name) {
			problems.Add("Columns", text, activation.OneOf{Choices: names})
		}
		chosen = append(chosen, name)
	}
	if s.Cmd.Flags().Changed("columns") || s.Printer.Format != view.FormatWide {
		s.Printer.Columns = chosen
	}
	s.Printer.NoHeaders = o.noHeaders
	return cmdline.Invalid(s.Op, problems)
}

// CheckOutput returns an error if flags for the output contradict each other, or if the expression of --jq
// cannot be run.
func CheckOutput(p *Program, cmd *cobra.Command) error {
	given := func(name string) bool { return cmd.Flag(name) != nil && cmd.Flag(name).Changed }
	for _, other := range []string{"output", "jq"} {
		if given("quiet") && given(other) {
			return cmdline.Wrong(cmdline.Verb(cmd), &message.NotCombined{Flag: "--quiet", Other: "--" + other})
		}
	}
	if !given("jq") {
		return nil
	}
	if own := cmdline.FormatsOf(cmd); len(own) > 0 && !slices.Contains(own, ui.FormatJSON) {
		return cmdline.Wrong(cmdline.Verb(cmd), &message.NoJSON{Path: cmd.CommandPath()})
	}
	allowed := []string{ui.FormatJSON, ui.FormatJSONLines}
	if given("output") && !slices.Contains(allowed, strings.ToLower(cmd.Flag("output").Value.String())) {
		return cmdline.Wrong(cmdline.Verb(cmd), &message.NeedsFormat{Flag: "--jq", Formats: allowed})
	}
	return compile(p, cmd, cmd.Flag("jq").Value.String())
}

// compile sets the expression of --jq.
func compile(p *Program, cmd *cobra.Command, text string) (err error) {
	p.jq, err = jq.Compile(text)
	var wrong *jq.SyntaxError
	if errors.As(err, &wrong) {
		err = cmdline.Wrong(cmdline.Verb(cmd), &message.InvalidExpression{Text: text, Offset: wrong.Offset, Reason: wrong.Reason})
	}
	return err
}

// selects makes a printer print the results of the expression of --jq. limit limits the time of one run of it.
func selects(expression *jq.Expression, p *view.Printer, cmd *cobra.Command, limit func(context.Context) (context.Context, context.CancelFunc)) {
	if !cmd.Flag("output").Changed {
		p.Format = ui.FormatJSON
	}
	p.Quiet = false
	p.Select = func(text []byte, result func(string, bool) error) error {
		ctx, stop := limit(cmd.Context())
		defer stop()
		err := expression.Run(ctx, text, result)
		var failed *jq.Failure
		if errors.As(err, &failed) {
			reason := failed.Reason
			if cmd.Name() == "create" || cmd.Name() == "recover" {
				reason = failed.Bare() // the values are those of a code
			}
			return &message.ExpressionFailed{Reason: reason, Changed: changes(cmd)}
		}
		return err
	}
}

// changes reports whether a command has changed something when it prints its result. create and recover have
// messages of their own.
func changes(cmd *cobra.Command) bool {
	if dry := cmd.Flag("dry-run"); dry != nil && dry.Value.String() == "true" {
		return false
	}
	return slices.Contains([]string{"disable", "delete", "prune", "ensure", "register", "advance", "load", "reset"}, cmd.Name())
}

// PlainPrinter returns the printer of a command that does not read the configuration file, so that it works if
// the file is broken.
func PlainPrinter(program *Program, cmd *cobra.Command) (*view.Printer, error) {
	p := &view.Printer{Out: program.IO.Out, Err: program.IO.Err, Format: view.FormatTable}
	variable := config.EnvName("output")
	flag := cmd.Flag("output")
	if value, _ := program.Env(variable); value != "" || flag.Changed {
		flags := map[string]string{}
		if flag.Changed {
			flags["output"] = flag.Value.String()
		}
		only := func(name string) (string, bool) {
			if name == variable {
				return value, true
			}
			return "", false
		}
		input := config.Input{Flags: flags, Env: only}
		if own := cmdline.FormatsOf(cmd); len(own) > 0 {
			input.Choices = map[string][]string{"output": own}
		}
		settings, err := config.Load(input)
		if err != nil {
			return nil, cmdline.Wrong(cmdline.Verb(cmd), err)
		}
		p.Format = settings.Text("output")
	}
	if program.jq != nil {
		selects(program.jq, p, cmd, context.WithCancel)
	}
	return p, nil
}
