package cmdline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/config"
)

// Settings returns the flags of a command as settings, without those that every command has and those
// that set a setting of another name. A setting's name begins with the command's: a tag for create must
// not filter list, and a new command must not rename the settings of an old one.
func Settings(cmd *cobra.Command) []config.Setting {
	var settings []config.Setting
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if IsGlobal(f.Name) {
			return
		}
		_, usage := pflag.UnquoteUsage(f)
		settings = append(settings, config.Setting{Name: Owner(cmd) + "-" + f.Name, Flag: f.Name, Kind: kindOf(f), Usage: usage})
	})
	return settings
}

// Owner returns what the names of a command's settings begin with: its name, after those of the commands
// above it.
func Owner(cmd *cobra.Command) string {
	_, path, _ := strings.Cut(cmd.CommandPath(), " ")
	return strings.ReplaceAll(path, " ", "-")
}

// IsGlobal reports whether a flag is no setting of a command: every command has it, or it cannot be set
// elsewhere.
func IsGlobal(name string) bool {
	return name == "help" || name == "version" || slices.ContainsFunc(config.Global(), func(s config.Setting) bool {
		return s.Name == name || s.Flag == name
	})
}

func kindOf(f *pflag.Flag) config.Kind {
	switch f.Value.Type() {
	case "bool":
		return config.Bool
	case "stringArray", "stringSlice":
		return config.List
	default:
		return config.Text
	}
}

// AllSettings returns the settings of a command and of all below it.
func AllSettings(cmd *cobra.Command) []config.Setting {
	settings := Settings(cmd)
	for _, sub := range cmd.Commands() {
		settings = append(settings, AllSettings(sub)...)
	}
	return settings
}

// Set gives a flag the value that the environment or the file has for it.
func Set(f *pflag.Flag, setting config.Setting, settings *config.Settings) error {
	value := settings.Value(setting.Name)
	if value.IsDefault() || value.FromFlag() {
		return nil
	}
	texts := []string{value.Value}
	if setting.Kind == config.List {
		texts = settings.List(setting.Name)
	}
	err := f.Value.Set(texts[0])
	if list, several := f.Value.(pflag.SliceValue); several { // a second Set would add the values once more
		err = list.Replace(texts)
	}
	if err != nil {
		return fmt.Errorf("%s: %q: %w", value.Source, value.Value, err)
	}
	return nil
}

// Given returns the flags on the command line, and those with an empty value: the variable in it
// was not set.
func Given(cmd *cobra.Command) (flags map[string]string, empty []string) {
	flags = map[string]string{}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		flags[f.Name] = f.Value.String()
		values := Values(f)
		if len(values) == 0 || slices.Contains(values, "") {
			empty = append(empty, "--"+f.Name)
		}
	})
	return flags, empty
}
