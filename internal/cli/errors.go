package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/message"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// report tells the error and returns the exit code.
func (a *App) report(cmd *cobra.Command, err error) int {
	if err == nil {
		err = a.helpError
	}
	if err == nil {
		return exitDone
	}
	err = asError(verb(cmd), err)
	if a.settings == nil {
		a.color(a.unread(cmd, "color", ""))
	}
	var several *batchError
	if errors.As(err, &several) && !several.told && !a.wantsJSON(cmd) {
		for _, part := range several.errs {
			a.tell(cmd, part)
		}
	}
	switch {
	case a.wantsJSON(cmd):
		a.tellJSON(cmd, err)
	case !errors.As(err, new(stopped)):
		a.tell(cmd, err)
	}
	return exitCode(err)
}

// wantsJSON says whether errors are for a program, even when the settings could not be read.
func (a *App) wantsJSON(cmd *cobra.Command) bool {
	if a.settings != nil {
		return ui.ForPrograms(a.settings.Text("output"))
	}
	return ui.ForPrograms(a.unread(cmd, "output", "-o"))
}

// unread finds a setting where the settings could not be read: a flag before it may be one that
// does not exist.
func (a *App) unread(cmd *cobra.Command, name, short string) string {
	value, _ := a.Env(config.EnvName(name))
	if flag := cmd.Flag(name); flag != nil && flag.Changed {
		value = flag.Value.String()
	}
	for i, arg := range a.Args {
		flag, joined, isJoined := strings.Cut(arg, "=")
		switch {
		case flag != "--"+name && flag != short:
		case isJoined:
			value = joined
		case i+1 < len(a.Args):
			value = a.Args[i+1]
		}
	}
	return value
}

// tell words an error for a person: what and why, the service's code and request, what to do.
func (a *App) tell(cmd *cobra.Command, err error) {
	w := a.IO.Err
	text, details, hint := a.words(cmd, err)
	lines := []string{program + ": " + w.Paint(ui.Red, "error:") + " " + cleanMessage(err, text)}
	for _, detail := range details {
		lines = append(lines, "  "+ui.Clean(detail))
	}
	if hint != "" && hint != a.hinted { // 25 regions may all have the same
		a.hinted = hint
		lines = append(lines, w.Paint(ui.Bold, "hint:")+" "+ui.Clean(hint))
	}
	fmt.Fprintln(w, strings.Join(lines, "\n")) //nolint:errcheck // there is no further place to tell it
}

// cleanMessage makes a message safe to show. The line breaks in it are ours only where nothing in
// it is the service's, which could write a line that looks like a hint.
func cleanMessage(err error, text string) string {
	var known *activation.Error
	if errors.As(err, &known) && (known.Action != "" || known.Code != "" || strings.Contains(known.ID.ActivationId, "\n")) {
		return ui.Clean(text)
	}
	return ui.CleanLines(text)
}

// words splits an error into its message, the lines below it, and the hint.
func (a *App) words(cmd *cobra.Command, err error) (text string, details []string, hint string) {
	var known *activation.Error
	if !errors.As(err, &known) || errors.As(err, new(*batchError)) {
		return err.Error(), nil, ""
	}
	var problems activation.Problems
	if errors.As(err, &problems) {
		text, details = a.problemLines(cmd, known.Op, problems)
		return text, details, problemHint(cmd, problems)
	}
	for _, detail := range []string{givenValue(cmd, known.Parameter()), sourceLine(known)} {
		if detail != "" {
			details = append(details, detail)
		}
	}
	return known.Error(), details, nearRegion(known, hintOf(known, lineOf(cmd)))
}

// hintOf says what to do about an error, with the command that does it.
func hintOf(e *activation.Error, line message.Line) string {
	text, command := e.Remedy()
	code, isCode := e.ID.Word()
	switch {
	case command != nil:
	case e.Kind == activation.KindInterrupted && underWay(e) && isCode:
		text, command = "the request was under way and may have been carried out; see", []string{program, "show", code}
	case text == "" && e.RequestID != "" && e.Code != "" && e.Code != sandbox.StateUnusable:
		text = "the documents do not name this code; by the request id Alibaba Cloud can tell more"
	}
	if command == nil {
		return text
	}
	return text + ":  " + line.Run(command)
}

// underWay says whether a change of a code had been sent when the command ended.
func underWay(e *activation.Error) bool {
	return (e.Action == "DisableActivation" || e.Action == "DeleteActivation") && !e.NothingDone
}

// sourceLine says whose answer an error is: the service's code and request, or the host that
// was asked and gave none.
func sourceLine(e *activation.Error) string {
	switch {
	case e.Code == "" && e.Host != "" && !strings.Contains(e.Cause(), e.Host):
		return "asked " + e.Host
	case e.RequestID == "":
		return e.Code
	case e.Code == "":
		return "request " + e.RequestID
	}
	return e.Code + ", request " + e.RequestID
}

// givenValue is a flag as it was given, for the parameter that the service complains about; ""
// when it was not given.
func givenValue(cmd *cobra.Command, parameter string) string {
	flag := cmd.Flag(strings.TrimPrefix(cmdline.FlagFor(parameter), "--"))
	if parameter == "" || flag == nil || flag.Value.String() == flag.DefValue {
		return ""
	}
	return message.Words(cmdline.Words(flag)...)
}

// problem is an error for a program; nil is none.
func (a *App) problem(cmd *cobra.Command, err error) *view.Problem {
	if err == nil {
		return nil
	}
	text, details, hint := a.words(cmd, err)
	p := &view.Problem{Kind: activation.KindOf(err), Message: text, Hint: hint, ExitCode: exitCode(err)}
	var several *batchError
	var known *activation.Error
	switch {
	case errors.As(err, &several):
		p.Kind = several.kind()
		for i := 0; i < len(several.errs) && !several.told; i++ {
			part := a.problem(cmd, several.errs[i])
			p.Message += "; " + part.Message
			if !strings.Contains(p.Hint, part.Hint) {
				p.Hint = strings.TrimPrefix(p.Hint+"\n"+part.Hint, "\n") // a line each: it may end with a command
			}
		}
	case errors.As(err, &known):
		p.Code, p.RequestId = known.Code, known.RequestID
		if known.Code != "" {
			details = details[:len(details)-1] // code and request have keys of their own
		}
		if len(details) > 0 {
			p.Message += ": " + strings.Join(details, "; ")
		}
	}
	return p
}

// tellJSON writes the error as the last line of standard error.
func (a *App) tellJSON(cmd *cobra.Command, err error) {
	if failed := ui.JSONLine(a.IO.Err, view.Failure{Error: *a.problem(cmd, err)}); failed != nil {
		return // there is no further place to tell it
	}
}

// lineOf is the beginning of the command lines that are printed: with the flags that chose the
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
