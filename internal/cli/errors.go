package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// invalid makes one error of all problems with the flags, or nil.
func invalid(op string, problems activation.Problems) error {
	if len(problems) == 0 {
		return nil
	}
	return &activation.Error{Kind: activation.KindUsage, Op: op, Err: problems}
}

// report tells the error and returns the exit code.
func (a *App) report(cmd *cobra.Command, err error) int {
	if err == nil {
		err = a.helpError
	}
	if err == nil {
		return exitDone
	}
	err = asError(verb(cmd), err)
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
	format := a.env("ECS_ACTIVATION_OUTPUT")
	if flag := cmd.Flag("output"); flag != nil && flag.Changed {
		format = flag.Value.String()
	}
	if i := slices.IndexFunc(a.Args, func(arg string) bool { return arg == "-o" || arg == "--output" }); i >= 0 && i+1 < len(a.Args) {
		format = a.Args[i+1] // a flag before it may be one that does not exist
	}
	return ui.ForPrograms(cmp.Or(a.output, format))
}

// tell words an error for a person: what and why, the service's code and request, what to do.
func (a *App) tell(cmd *cobra.Command, err error) {
	w := a.IO.Err
	message, details, hint := a.words(cmd, err)
	lines := []string{program + ": " + w.Paint(ui.Red, "error:") + " " + ui.CleanLines(message)}
	for _, detail := range details {
		lines = append(lines, "  "+ui.Clean(detail))
	}
	if hint != "" {
		lines = append(lines, w.Paint(ui.Bold, "hint:")+" "+ui.Clean(hint))
	}
	fmt.Fprintln(w, strings.Join(lines, "\n")) //nolint:errcheck // there is no further place to tell it
}

// words splits an error into its message, the lines below it, and the hint.
func (a *App) words(cmd *cobra.Command, err error) (message string, details []string, hint string) {
	var known *activation.Error
	if !errors.As(err, &known) || errors.As(err, new(*batchError)) {
		return err.Error(), nil, ""
	}
	var problems activation.Problems
	if errors.As(err, &problems) {
		message, details = problemLines(known.Op, problems)
		return message, details, problemHint(cmd, problems)
	}
	if known.Code != "" {
		details = []string{codeLine(known)}
	}
	text, command := known.Remedy()
	if command != "" {
		text += ":  " + a.commandLine(cmd, command)
	}
	return known.Error(), details, a.nearRegion(known, text)
}

func codeLine(e *activation.Error) string {
	if e.RequestID == "" {
		return e.Code
	}
	return e.Code + ", request " + e.RequestID
}

// nearRegion puts the region that was probably meant before another hint.
func (a *App) nearRegion(e *activation.Error, hint string) string {
	lost := e.Code == "InvalidRegionId.NotFound" || e.Code == "RegionId.ApiNotSupported" || e.Code == "" && e.Kind == activation.KindUnavailable
	if !lost {
		return hint
	}
	if near := activation.NearRegion(e.ID.RegionId); near != "" {
		return "did you mean the region " + near + "? " + hint
	}
	return hint
}

// problemLines words what is wrong with the flags, one line each.
func problemLines(op string, problems activation.Problems) (string, []string) {
	message := fmt.Sprintf("cannot %s: %s, nothing was sent", op, ui.Count(len(problems), "problem"))
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = flagFor(p.Parameter)
		if p.Value != "" {
			lines[i] += " " + ui.Clean(fmt.Sprintf("%q", p.Value))
		}
		lines[i] += " " + p.Rule
		if p.Source != "" {
			lines[i] += " (" + p.Source + ")"
		}
	}
	return message, lines
}

// problemHint offers --skip-validation where the command has it and it would help.
func problemHint(cmd *cobra.Command, problems activation.Problems) string {
	for _, p := range problems {
		if p.Source == "" {
			return ""
		}
	}
	if cmd.Flag("skip-validation") == nil {
		return ""
	}
	return "does your account allow more? --skip-validation leaves such rules to the service"
}

// jsonError is an error for a program.
type jsonError struct {
	Kind      activation.Kind
	Message   string
	Hint      string
	Code      string
	RequestId string
	ExitCode  int
}

// failure is the line that tells it.
type failure struct{ Error jsonError }

func (a *App) jsonError(cmd *cobra.Command, err error) jsonError {
	message, details, hint := a.words(cmd, err)
	view := jsonError{Kind: activation.KindOf(err), Message: message, Hint: hint, ExitCode: exitCode(err)}
	var several *batchError
	var known *activation.Error
	switch {
	case errors.As(err, &several):
		view.Kind = several.kind()
		for i := 0; i < len(several.errs) && !several.told; i++ {
			view.Message += "; " + a.jsonError(cmd, several.errs[i]).Message
		}
	case errors.As(err, &known):
		view.Code, view.RequestId = known.Code, known.RequestID
		if known.Code == "" && len(details) > 0 {
			view.Message += ": " + strings.Join(details, "; ")
		}
	}
	return view
}

// tellJSON writes the error as the last line of standard error.
func (a *App) tellJSON(cmd *cobra.Command, err error) {
	if failed := ui.JSONLine(a.IO.Err, failure{a.jsonError(cmd, err)}); failed != nil {
		return // there is no further place to tell it
	}
}

// commandLine is a command line of ours that can be run as printed: with the flags that
// chose the account and the endpoint.
func (a *App) commandLine(cmd *cobra.Command, command string) string {
	line := program
	if flag := cmd.Flag("sandbox"); flag != nil && flag.Changed && flag.Value.String() == "true" {
		line += " --sandbox"
	}
	for _, name := range []string{"profile", "endpoint"} {
		if flag := cmd.Flag(name); flag != nil && flag.Changed {
			line += " --" + name + " " + shellWord(flag.Value.String())
		}
	}
	return line + " " + command
}
