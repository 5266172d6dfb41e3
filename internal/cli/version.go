package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newVersionCmd prints what --version prints.
func newVersionCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  exactly(0, "no arguments"),

		Annotations: does("print the version"),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.IO.Out, "%s version %s\n", program, a.Version)
			return err
		},
	}
}
