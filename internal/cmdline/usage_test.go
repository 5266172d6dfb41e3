package cmdline

import (
	"errors"
	"testing"

	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
)

// The errors of pflag have texts of ours, which can be translated. In English they are those of pflag.
func TestErrorsOfTheParserKeepTheirEnglishText(t *testing.T) {
	_, list := correctable(nil)
	list.Flags().StringSlice("columns", nil, "")
	for _, args := range [][]string{
		{"--columns", `a"b`}, {"--columns", `a,"b`}, {"--columns", `"a"b`}, {"--nonsense"}, {"-Z"}, {"-qZ"}, {"--sort"}, {"--=x"}, {"---x"},
	} {
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		flags.AddFlagSet(list.Flags())
		flags.BoolP("quiet", "q", false, "")
		parsed := flags.Parse(args)
		if parsed == nil {
			t.Fatalf("%q is valid", args)
		}
		var text *activation.Text
		if err := (Line{}).FlagError(list, parsed); !errors.As(err, &text) || text.Error() != parsed.Error() {
			t.Errorf("%q: %v, and pflag says %v", args, err, parsed)
		}
	}
}
