package invoke

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// This file prints errors. Their texts are in package message.

// Stopped is the error of a command that runs until a signal ends it. It gives the exit code of the
// signal, and is not printed for people.
type Stopped struct{ Err error }

func (s Stopped) Error() string { return s.Err.Error() }

func (s Stopped) Unwrap() error { return s.Err }

// Report prints the error and returns the exit code.
func (p *Program) Report(cmd *cobra.Command, err error) int {
	if err == nil {
		err = p.HelpError
	}
	switch {
	case err == nil && p.Matched:
		return message.ExitMatched
	case err == nil:
		return 0
	}
	err = asError(cmdline.Verb(cmd), err)
	if p.settings == nil {
		p.IO.SetColor(p.Env, cmdline.Unread(cmd, p.Args, p.Env, "color", ""))
	}
	switch {
	case p.WantsJSON(cmd):
		_ = ui.JSONLine(p.IO.Err, view.Failure{Error: *p.Problem(cmd, err)}) // there is nowhere else to report it
	case !errors.As(err, new(Stopped)):
		text := p.Describe(cmd).Error(err)
		for _, part := range text.Parts {
			p.print(part)
		}
		p.print(text)
	}
	return message.ExitCode(err)
}

// PrintError prints the error of one part of a command for people.
func (p *Program) PrintError(cmd *cobra.Command, err error) { p.print(p.Describe(cmd).Error(err)) }

// print prints an error for people. If several errors in a row have the same hint, it is printed once.
func (p *Program) print(t message.Text) {
	w, lines := p.IO.Err, t.Lines()
	lines[0] = message.Program + ": " + w.Paint(ui.Red, p.Language.Text("error:")) + " " + lines[0]
	if hint := t.Advice(); hint != "" && hint != p.lastHint {
		p.lastHint = hint
		lines = append(lines, w.Paint(ui.Bold, p.Language.Text("hint:"))+" "+ui.Clean(hint))
	}
	fmt.Fprintln(w, w.Wrapped(strings.Join(lines, "\n"))) //nolint:errcheck // there is nowhere else to report it
}

// Problem returns an error for programs, in English, or nil if err is nil.
func (p *Program) Problem(cmd *cobra.Command, err error) *view.Problem {
	if err == nil {
		return nil
	}
	c := p.Describe(cmd)
	c.Language = nil
	t := c.Error(err)
	return &view.Problem{Kind: t.Kind, Message: t.OneLine(), Hint: t.AllAdvice(), Code: t.Code, RequestId: t.RequestId, ExitCode: t.ExitCode}
}

// Describe returns what messages say about a command.
func (p *Program) Describe(cmd *cobra.Command) message.Invocation {
	return message.Invocation{
		Language: p.Language, Line: lineOf(cmd),
		Flag: func(parameter string) message.Flag { return cmdline.Describe(cmd, p.settings, parameter) },
	}
}

// CauseOf returns the reason of an error, without the operation that failed.
func CauseOf(s *Invocation, err error) string { return s.Program.Describe(s.Cmd).Cause(err) }

// asError returns any error as an *activation.Error. An error of unknown kind becomes KindOther.
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

// lineOf returns the beginning of the command lines that are printed. It has the flags of this command
// that select the account and the endpoint.
func lineOf(cmd *cobra.Command) message.Line {
	given := func(name string) string {
		if flag := cmd.Flag(name); flag != nil && flag.Changed {
			return flag.Value.String()
		}
		return ""
	}
	return message.Line{
		Sandbox: given("sandbox") == "true" || ofSandbox(cmd), Profile: given("profile"), Endpoint: given("endpoint"),
	}
}

// ofSandbox reports whether a command is a subcommand of sandbox, and so always uses it.
func ofSandbox(cmd *cobra.Command) bool { return cmd.HasParent() && cmd.Parent().Name() == "sandbox" }
