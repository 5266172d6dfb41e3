package cmdline

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"ecs-activation/internal/message"
)

// correctable returns a program with one command, and the command.
func correctable(args []string) (root, list *cobra.Command) {
	line := Line{Args: args}
	root = &cobra.Command{Use: "ecs-activation", Args: cobra.ArbitraryArgs, RunE: line.Group, SilenceErrors: true, SilenceUsage: true}
	root.SetFlagErrorFunc(line.FlagError)
	root.SetGlobalNormalizationFunc(Normalize)
	root.PersistentFlags().StringP("output", "o", "", "")
	root.PersistentFlags().BoolP("quiet", "q", false, "")
	list = &cobra.Command{Use: "list", Args: Exactly(0, "flags only"), RunE: func(*cobra.Command, []string) error { return nil }}
	list.Flags().String("sort", "", "")
	list.Flags().String("region", "", "")
	list.Flags().Bool("all-regions", false, "")
	root.AddCommand(list)
	root.SetHelpFunc(func(*cobra.Command, []string) {})
	root.SetArgs(args)
	return root, list
}

// correction returns the corrected arguments for a command line, or nil.
func correction(args []string) []string {
	root, _ := correctable(args)
	var flag *message.UnknownFlag
	var command *message.UnknownCommand
	switch err := root.Execute(); {
	case errors.As(err, &flag):
		return flag.Line
	case errors.As(err, &command):
		return command.Line
	}
	return nil
}

func TestACommandLineIsCorrected(t *testing.T) {
	for given, want := range map[string]string{
		"lst":                            "list",
		"-o lst lst -q":                  "-o lst list -q",
		"-qo lst lst":                    "-qo lst list",
		"--Output=lst lst --":            "--output=lst list --",
		"list --sort-by sort-by":         "list --sort sort-by",
		"list -o --sort-by --sort_by=a":  "list -o --sort-by --sort=a",
		"list --json --":                 "list -o json --",
		"list --json -- --json":          "",
		"lst --sort-by a":                "list --sort a",
		"list --json=false":              "",
		"list register --json":           "",
		"list --nonsense --sort-by name": "",
		"nonsense":                       "",
		"list --regions a":               "list --region a",
		"list --regions=a":               "list --region=a",
		"list --regions":                 "list --all-regions",
		"list --regions a b":             "",
		"list -A":                        "list --all-regions",
		"list -r a":                      "list --region a",
		"list --all a":                   "",
		"lst a":                          "",
		"lst --nonsense":                 "",
	} {
		if got := strings.Join(correction(strings.Fields(given)), " "); got != want {
			t.Errorf("%s: %q, want %q", given, got, want)
		}
	}
}

func FuzzACorrectedLineKeepsTheOtherArguments(f *testing.F) {
	f.Add("lst\n-o\njson\nx")
	f.Add("list\n--json\n--\n--sort-by")
	f.Add("list\n-qo=x\n--sort_by=\n")
	f.Fuzz(func(t *testing.T, text string) {
		args := strings.Split(text, "\n")
		line := correction(args)
		if line == nil {
			return
		}
		for _, arg := range args {
			if !strings.HasPrefix(arg, "-") && arg != "lst" && !slices.Contains(line, arg) && message.GuessCommand(arg, []string{"list"}, true) == nil {
				t.Errorf("%q loses %q: %q", args, arg, line)
			}
		}
		if slices.Equal(line, args) {
			t.Errorf("%q is not changed", args)
		}
	})
}
