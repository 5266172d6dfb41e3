package cmdline

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/config"
	"ecs-activation/internal/message"
)

// Settings returns the flags of a command as settings, without the flags of every command and the flags of
// settings with another name. The name of a setting begins with the name of its command, so that a tag for
// create does not filter list.
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

// Owner returns the prefix of the names of a command's settings: the names of its parent commands and its
// own, joined with hyphens.
func Owner(cmd *cobra.Command) string {
	_, path, _ := strings.Cut(cmd.CommandPath(), " ")
	return strings.ReplaceAll(path, " ", "-")
}

// IsGlobal reports whether a flag is not a setting of a single command: it is a flag of every command, or
// is not a setting.
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

// AllSettings returns the settings of a command and of all its subcommands.
func AllSettings(cmd *cobra.Command) []config.Setting {
	settings := Settings(cmd)
	for _, sub := range cmd.Commands() {
		settings = append(settings, AllSettings(sub)...)
	}
	return settings
}

// Set sets a flag to its value in the environment or the configuration file, if it has one there.
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
	if list, several := f.Value.(pflag.SliceValue); several { // a second Set would append the values again
		err = list.Replace(texts)
	}
	if err != nil {
		return activation.Textf("%s: %q: %w", value.Source, value.Value, err)
	}
	return nil
}

// Given returns the flags on the command line, and the names of those with an empty value, which is usually
// a variable that is not set.
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

// Unread returns a setting from the arguments and the environment, for use when the settings could not be
// read. It searches the arguments itself, because an unknown flag before may have stopped the parser.
func Unread(cmd *cobra.Command, args []string, env func(string) (string, bool), name, short string) string {
	value, _ := env(config.EnvName(name))
	if flag := cmd.Flag(name); flag != nil && flag.Changed {
		value = flag.Value.String()
	}
	if argument, given := Argument(args, name, short); given {
		return argument
	}
	return value
}

// Argument returns the value of a flag from the arguments before they are parsed.
func Argument(args []string, name, short string) (value string, given bool) {
	for i, arg := range args {
		flag, joined, isJoined := strings.Cut(arg, "=")
		switch {
		case arg == "--":
			return value, given
		case normalized(flag) != "--"+name && flag != short:
		case isJoined:
			value, given = joined, true
		case i+1 < len(args):
			value, given = args[i+1], true
		}
	}
	return value, given
}

// Describe returns the flag of a parameter of the API with its value and the source of that. settings may be
// nil.
func Describe(cmd *cobra.Command, settings *config.Settings, parameter string) message.Flag {
	found := message.Flag{Name: FlagFor(parameter)}
	name := strings.TrimPrefix(found.Name, "--")
	if flag := cmd.Flag(name); flag != nil {
		found.Exists = true
		if flag.Value.String() != flag.DefValue {
			found.Given = Words(flag)
		}
	}
	if settings == nil {
		return found
	}
	for _, setting := range []string{name, Owner(cmd) + "-" + name} {
		if v := settings.Value(setting); v.Value != "" && !v.IsDefault() && !v.FromFlag() {
			found.Setting, found.Source = setting, v.Source
		}
	}
	return found
}

// SetElsewhere returns the settings of all commands that the environment or the file sets.
func SetElsewhere(root *cobra.Command, env func(string) (string, bool), file config.File) (values []config.Value, err error) {
	all := AllSettings(root)
	settings, err := config.Load(config.Input{Env: env, File: file, Command: all})
	if err != nil {
		return nil, err
	}
	for _, setting := range all {
		if v := settings.Value(setting.Name); !v.IsDefault() {
			values = append(values, v)
		}
	}
	return values, nil
}

// Formats gives a command an -o of its own, with the formats that it has; the first is the default.
func Formats(cmd *cobra.Command, names ...string) {
	list := names[0]
	if last := len(names) - 1; last > 0 {
		list = strings.Join(names[:last], ", ") + " or " + names[last]
	}
	cmd.Flags().StringP("output", "o", "", "`format`: "+list+" (default "+names[0]+")")
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations["formats"] = strings.Join(names, " ")
}

// FormatsOf returns the formats of a command that has an -o of its own, otherwise nil.
func FormatsOf(cmd *cobra.Command) []string { return strings.Fields(cmd.Annotations["formats"]) }

// ChecksOwnFlags reports whether a command reports empty values together with all else that is wrong with
// its flags, and these are flags of its own.
func ChecksOwnFlags(cmd *cobra.Command, empty []string) bool {
	global := func(flag string) bool { return IsGlobal(strings.TrimPrefix(flag, "--")) }
	return cmd.Flag("skip-validation") != nil && !slices.ContainsFunc(empty, global)
}
