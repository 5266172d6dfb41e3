package cli

import (
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/view"
)

// disable promises that no machine registers with a code any more once it says view.Disabled.

const disableHelp = `Stop new registrations with a code, for ever: there is no way to enable it again.

Machines that have registered stay registered. Disabling a disabled code succeeds.`

const disableExample = `  ecs-activation disable 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation disable --yes cn-beijing/4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation list -q --tag env=test | ecs-activation disable --yes -`

func newDisableCmd(a *App) *cobra.Command {
	kind := change{
		op: "disable", done: view.Disabled, forever: "it cannot be enabled again",
		suits: func(a activation.Activation, _ time.Time) bool { return !a.Disabled },
		act:   activation.Service.Disable,
	}
	return newChangeCmd(a, kind, &cobra.Command{
		Use:        "disable ID... | -",
		SuggestFor: []string{"deactivate", "stop", "revoke", "DisableActivation"},
		Short:      "Stop new registrations, for ever",
		Long:       disableHelp,
		Example:    disableExample,
	})
}
