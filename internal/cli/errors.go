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

// stopped is the end of a command that only a signal can end. It has the exit code of the signal, and
// is not reported to a person.
type stopped struct{ error }

func (s stopped) Unwrap() error { return s.error }

// report prints the error and returns the exit code.
func (a *App) report(cmd *cobra.Command, err error) int {
	if err == nil {
		err = a.helpError
	}
	if err == nil {
		return 0
	}
	err = asError(cmdline.Verb(cmd), err)
	if a.settings == nil {
		setColor(a.Process, cmdline.Unread(cmd, a.Args, a.Env, "color", ""))
	}
	switch {
	case a.wantsJSON(cmd):
		_ = ui.JSONLine(a.IO.Err, view.Failure{Error: *a.problem(cmd, err)}) // there is no further place to report it
	case !errors.As(err, new(stopped)):
		text := a.words(cmd).Error(err)
		for _, part := range text.Parts {
			a.print(part)
		}
		a.print(text)
	}
	return message.ExitCode(err)
}

// tell prints an error of one part of a command for a person.
func (a *App) tell(cmd *cobra.Command, err error) { a.print(a.words(cmd).Error(err)) }

// print prints an error for a person. Regions may all have the same hint: it is printed once.
func (a *App) print(t message.Text) {
	w, lines := a.IO.Err, t.Lines()
	lines[0] = program + ": " + w.Paint(ui.Red, "error:") + " " + lines[0]
	if hint := t.Advice(); hint != "" && hint != a.hinted {
		a.hinted = hint
		lines = append(lines, w.Paint(ui.Bold, "hint:")+" "+ui.Clean(hint))
	}
	fmt.Fprintln(w, strings.Join(lines, "\n")) //nolint:errcheck // there is no further place to report it
}

// problem returns an error for a program; nil: there is none.
func (a *App) problem(cmd *cobra.Command, err error) *view.Problem {
	if err == nil {
		return nil
	}
	t := a.words(cmd).Error(err)
	return &view.Problem{Kind: t.Kind, Message: t.OneLine(), Hint: t.AllAdvice(), Code: t.Code, RequestId: t.RequestId, ExitCode: t.ExitCode}
}

// words returns a command, as far as the texts of its errors repeat it.
func (a *App) words(cmd *cobra.Command) message.Invocation {
	return message.Invocation{
		Language: a.Language, Line: lineOf(cmd),
		Flag: func(parameter string) message.Flag { return cmdline.Describe(cmd, a.settings, parameter) },
	}
}

// causeOf returns why something did not work, without what was attempted.
func causeOf(s *invocation, err error) string { return s.app.words(s.cmd).Cause(err) }

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

// lineOf returns the beginning of the command lines that are printed: with the flags that chose the
// account and the endpoint of this command.
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
