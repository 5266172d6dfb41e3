package cli

import (
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/view"
)

// delete promises that a code is gone once it says view.Deleted. The service keeps codes that
// machines have registered with.

const deleteHelp = `Remove codes that no machine has registered with. A used code can only be disabled.`

const deleteExample = `  ecs-activation delete 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation delete --dry-run 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation list -q --status expired | ecs-activation delete --yes -`

func newDeleteCmd(a *App) *cobra.Command {
	kind := change{
		Action: fleet.Delete(), done: view.Deleted, question: deleteQuestion, means: deleteMeans,
		suits: func(a activation.Activation, _ time.Time) bool { return a.RegisteredCount == 0 },
	}
	return newChangeCmd(a, kind, &cobra.Command{
		Use:        "delete ID... | -",
		SuggestFor: []string{"remove", "del", "DeleteActivation"},
		Aliases:    []string{"rm"},
		Short:      "Remove codes that were never used",
		Long:       deleteHelp,
		Example:    deleteExample,
	})
}
