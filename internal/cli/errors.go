package cli

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

// stopped is the error of a command that runs until a signal ends it. It gives the exit code of the
// signal, and is not printed for people.
type stopped struct{ error }

func (s stopped) Unwrap() error { return s.error }

// report prints the error and returns the exit code.
func (a *App) report(cmd *cobra.Command, err error) int {
	if err == nil {
		err = a.helpError
	}
	switch {
	case err == nil && a.matched:
		return message.ExitMatched
	case err == nil:
		return 0
	}
	err = asError(cmdline.Verb(cmd), err)
	if a.settings == nil {
		a.IO.SetColor(a.Env, cmdline.Unread(cmd, a.Args, a.Env, "color", ""))
	}
	switch {
	case a.wantsJSON(cmd):
		_ = ui.JSONLine(a.IO.Err, view.Failure{Error: *a.problem(cmd, err)}) // there is nowhere else to report it
	case !errors.As(err, new(stopped)):
		text := a.describe(cmd).Error(err)
		for _, part := range text.Parts {
			a.print(part)
		}
		a.print(text)
	}
	return message.ExitCode(err)
}

// printError prints the error of one part of a command for people.
func (a *App) printError(cmd *cobra.Command, err error) { a.print(a.describe(cmd).Error(err)) }

// print prints an error for people. If several errors in a row have the same hint, it is printed once.
func (a *App) print(t message.Text) {
	w, lines := a.IO.Err, t.Lines()
	lines[0] = program + ": " + w.Paint(ui.Red, a.Language.Text("error:")) + " " + lines[0]
	if hint := t.Advice(); hint != "" && hint != a.lastHint {
		a.lastHint = hint
		lines = append(lines, w.Paint(ui.Bold, a.Language.Text("hint:"))+" "+ui.Clean(hint))
	}
	fmt.Fprintln(w, w.Wrapped(strings.Join(lines, "\n"))) //nolint:errcheck // there is nowhere else to report it
}

// problem returns an error for programs, or nil if err is nil.
func (a *App) problem(cmd *cobra.Command, err error) *view.Problem {
	if err == nil {
		return nil
	}
	t := a.describe(cmd).Error(err)
	return &view.Problem{Kind: t.Kind, Message: t.OneLine(), Hint: t.AllAdvice(), Code: t.Code, RequestId: t.RequestId, ExitCode: t.ExitCode}
}

// describe returns what messages say about a command.
func (a *App) describe(cmd *cobra.Command) message.Invocation {
	return message.Invocation{
		Language: a.Language, Line: lineOf(cmd),
		Flag: func(parameter string) message.Flag { return cmdline.Describe(cmd, a.settings, parameter) },
	}
}

// causeOf returns the reason of an error, without the operation that failed.
func causeOf(s *invocation, err error) string { return s.app.describe(s.cmd).Cause(err) }

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
		Sandbox: given("sandbox") == "true" || cmd.HasParent() && cmd.Parent().Name() == "sandbox",
		Profile: given("profile"), Endpoint: given("endpoint"),
	}
}
