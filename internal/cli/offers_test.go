package cli_test

import (
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A flag without a completion completes to nothing, so a flag for a file must be registered for file names.
func TestFlagsForFilesCompleteFileNames(t *testing.T) {
	count := 0
	for _, cmd := range allCommands(newRoot()) {
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if what, _ := pflag.UnquoteUsage(f); what != "file" {
				return
			}
			count++
			complete, said := cmd.GetFlagCompletionFunc(f.Name)
			if !said {
				t.Errorf("%s --%s offers nothing: add complete.Flag(cmd, %q, complete.Files)", cmd.CommandPath(), f.Name, f.Name)
			} else if _, directive := complete(cmd, nil, ""); directive != cobra.ShellCompDirectiveDefault {
				t.Errorf("%s --%s offers no files", cmd.CommandPath(), f.Name)
			}
		})
	}
	if count < 3 {
		t.Errorf("only %d flags for files were found", count)
	}
}
