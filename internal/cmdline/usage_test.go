package cmdline

import (
	"errors"
	"testing"

	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
)

// The errors of pflag have texts of ours, which can be translated and name the remedy.
func TestErrorsOfTheParserHaveTextsOfOurs(t *testing.T) {
	_, list := correctable(nil)
	list.Flags().StringSlice("columns", nil, "")
	for _, c := range []struct{ arg, text string }{
		{`--columns=a"b`, `--columns "a\"b": separate the names with commas, without quotation marks`},
		{`--columns="a"b`, `--columns "\"a\"b": separate the names with commas, without quotation marks`},
		{"--quiet=x", `--quiet must be true or false, not "x"`},
		{"--sort", "flag needs a value: --sort"},
		{"--nonsense", "unknown flag: --nonsense"},
		{"-Z", `unknown shorthand flag: 'Z' in -Z`},
		{"-qZ", `unknown shorthand flag: 'Z' in -Z`},
		{"--=x", "bad flag syntax: --=x"},
		{"---x", "bad flag syntax: ---x"},
	} {
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		flags.AddFlagSet(list.Flags())
		flags.BoolP("quiet", "q", false, "")
		var text *activation.Text
		if err := (Line{}).FlagError(list, flags.Parse([]string{c.arg})); !errors.As(err, &text) || text.Error() != c.text {
			t.Errorf("%q: %v, want %s", c.arg, err, c.text)
		}
	}
}
