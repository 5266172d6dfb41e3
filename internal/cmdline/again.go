package cmdline

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/config"
)

// Again returns a command with the flags that it was given, except some, as arguments. Settings from elsewhere that
// decide what the command requests become flags as well, because a shell in which the command is repeated may not
// have them.
func Again(cmd *cobra.Command, settings *config.Settings, except ...string) []string {
	words := strings.Fields(cmd.CommandPath())
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		switch {
		case f.Changed && !slices.Contains(except, f.Name):
			words = append(words, Words(f)...)
		case !f.Changed && IsGlobal(f.Name):
			words = append(words, requested(settings, f.Name)...)
		case !f.Changed && isElsewhere(settings.Value(Owner(cmd)+"-"+f.Name)):
			words = append(words, Words(f)...)
		}
	})
	return words
}

// requested returns a global setting from elsewhere as a flag, if it decides what a command requests. The sandbox
// has no profiles and endpoints.
func requested(settings *config.Settings, name string) []string {
	inSandbox := settings.Bool("sandbox")
	switch v := settings.Value(name); {
	case !isElsewhere(v):
		return nil
	case name == "sandbox" && inSandbox:
		return []string{"--sandbox"}
	case name == "region" && (!inSandbox || !v.FromProfile()), !inSandbox && (name == "profile" || name == "endpoint"):
		return []string{"--" + name, v.Value}
	}
	return nil
}

// isElsewhere reports whether a value comes from the environment, a file or a profile.
func isElsewhere(v config.Value) bool { return v.Value != "" && !v.IsDefault() && !v.FromFlag() }
