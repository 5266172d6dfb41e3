package cli_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/message"
	"ecs-activation/internal/sandbox"
)

// explained returns an error with an error code of the service.
func explained(code string) *activation.Error {
	return &activation.Error{
		Kind: activation.KindOfCode(code), Op: "delete", Code: code, RequestID: "R-1", Action: "DeleteActivation",
		ID: activation.Ref{RegionId: "cn-beijing", ActivationId: "4ECEEE12"}, Err: errors.New("The words of the service."),
	}
}

var flagInText = regexp.MustCompile(`--[a-z]+(?:-[a-z]+)*`)

func TestRemediesHaveExistingCommandsAndFlags(t *testing.T) {
	commands := allCommands(newRoot())
	named := 0
	for _, code := range activation.Codes() {
		text := message.Invocation{}.Error(explained(code))
		for _, flag := range flagInText.FindAllString(text.Hint, -1) {
			named++
			if !slices.ContainsFunc(commands, func(c *cobra.Command) bool { return c.Flag(flag[2:]) != nil }) {
				t.Errorf("%s: there is no %s in %q", code, flag, text.Hint)
			}
		}
		if text.Command == "" {
			continue
		}
		if wrong := parses(strings.Fields(text.Command)[1:]); wrong != "" {
			t.Errorf("%s: %s: %s", code, text.Command, wrong)
		}
	}
	if named < 10 {
		t.Errorf("only %d flags were found", named)
	}
}

func TestParametersOfErrorCodesAreFlags(t *testing.T) {
	for _, code := range activation.Codes() {
		parameter := explained(code).Parameter()
		if parameter != "" && !slices.ContainsFunc(allCommands(newRoot()), func(c *cobra.Command) bool {
			return c.Flags().Lookup(parameter) != nil
		}) {
			t.Errorf("%s: no flag sets %s", code, parameter)
		}
	}
}

func TestEveryErrorCodeHasAnExitCode(t *testing.T) {
	for _, code := range activation.Codes() {
		exit := message.ExitOf(activation.KindOfCode(code))
		if !slices.Contains([]int{2, 4, 5, 6, 7}, exit) {
			t.Errorf("%s exits with %d", code, exit)
		}
	}
}

// Other languages have a sentence for each operation, so a new operation needs a text there.
func TestOperationsOfCommandsAreKnownToMessage(t *testing.T) {
	for _, cmd := range allCommands(newRoot()) {
		op := cmd.Annotations["verb"]
		if op == "" && cmd.Runnable() && !cmd.HasSubCommands() {
			op = cmd.Name()
		}
		if op != "" && !slices.Contains(message.Ops(), op) {
			t.Errorf("%s attempts to %q, which package message does not know", cmd.CommandPath(), op)
		}
	}
}

// Alibaba Cloud cannot help with errors of the state file of the sandbox.
func TestErrorsOfTheSandboxDoNotMentionAlibabaCloud(t *testing.T) {
	if text := (message.Invocation{}).Error(explained(sandbox.StateUnusable)); text.Hint != "" {
		t.Errorf("%s", text.Hint)
	}
}
