package cli

import (
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/view"
)

// disable promises that no machine registers with a code any more once it says view.Disabled.

const disableHelp = `Stop new registrations with a code permanently: a disabled code cannot be enabled again.

Machines that have registered stay registered. Disabling a disabled code succeeds.`

const disableExample = `  ecs-activation disable 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation disable --yes cn-beijing/4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation list -q --tag env=test | ecs-activation disable --yes -`

func newDisableCmd(a *App) *cobra.Command {
	kind := change{
		Action: fleet.Disable(), done: view.Disabled, question: "A disabled code cannot be enabled again. Continue?", means: "cannot be enabled again",
		suits: func(a activation.Activation, _ time.Time) bool { return !a.Disabled },
	}
	return newChangeCmd(a, kind, &cobra.Command{
		Use:        "disable ID... | -",
		SuggestFor: []string{"deactivate", "stop", "revoke", "DisableActivation"},
		Short:      "Stop new registrations permanently",
		Long:       disableHelp,
		Example:    disableExample,
	})
}
