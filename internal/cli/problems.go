package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/ui"
)

// What is wrong with the values of flags, before anything is sent.

// invalid makes one error of all problems with the flags, or nil.
func invalid(op string, problems activation.Problems) error {
	if len(problems) == 0 {
		return nil
	}
	return &activation.Error{Kind: activation.KindUsage, Op: op, Err: problems}
}

// problemLines words what is wrong with the flags, one line each.
func (a *App) problemLines(cmd *cobra.Command, op string, problems activation.Problems) (string, []string) {
	message := fmt.Sprintf("cannot %s: %s, nothing was sent", op, ui.Count(len(problems), "problem"))
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = cmdline.FlagFor(p.Parameter)
		if p.Value != "" {
			lines[i] += " " + ui.Clean(fmt.Sprintf("%q", p.Value))
		}
		lines[i] += a.setBy(cmd, p.Parameter) + " " + p.Rule
		if p.Source != "" {
			lines[i] += " (" + p.Source + ")"
		}
	}
	return message, lines
}

// setBy says where a flag's value comes from, if it was not given on the command line.
func (a *App) setBy(cmd *cobra.Command, parameter string) string {
	if a.settings == nil {
		return ""
	}
	flag := strings.TrimPrefix(cmdline.FlagFor(parameter), "--")
	for _, name := range []string{flag, owner(cmd) + "-" + flag} {
		if v := a.settings.Value(name); v.Value != "" && !v.IsDefault() && !v.FromFlag() {
			return " (" + name + " of " + v.Source + ")"
		}
	}
	return ""
}

// problemHint offers --skip-validation where the command has it and it would help.
func problemHint(cmd *cobra.Command, problems activation.Problems) string {
	for _, p := range problems {
		if !p.Judged {
			return ""
		}
	}
	if cmd.Flag("skip-validation") == nil {
		return ""
	}
	return "is the rule out of date, or your account allowed more? --skip-validation leaves such rules to the service"
}
