package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
)

// loadSettings reads what is in force for a command, and hands it to the flags that were not
// given: every flag can be set in the environment and in our file as well. instead holds
// values that count as given on the command line.
func (a *App) loadSettings(cmd *cobra.Command, instead map[string]string) (*config.Settings, error) {
	flags, empty := givenFlags(cmd)
	if len(empty) > 0 && !checksOwnFlags(cmd, empty) {
		return nil, fmt.Errorf("%s is given an empty value: was a variable in it not set?", strings.Join(empty, ", "))
	}
	maps.Copy(flags, instead)
	file, err := a.ConfigFile()
	if err != nil {
		file = "" // an account without a home, as in some containers, has no file
	}
	own := ownSettings(cmd)
	input := config.Input{
		Flags: flags, Env: a.Env, File: file, Command: own, Others: func() []config.Setting { return allSettings(a.whole()) },
		Defaults: map[string]string{"timeout": cmd.Annotations["timeout"]},
	}
	if names := strings.Fields(cmd.Annotations["formats"]); len(names) > 0 {
		input.Choices, input.Defaults["output"] = map[string][]string{"output": names}, names[0]
	}
	settings, err := config.Load(input)
	if err != nil {
		return nil, err
	}
	for _, setting := range own {
		if err := hand(cmd.Flag(setting.Flag), setting, settings); err != nil {
			return nil, err
		}
	}
	return settings, nil
}

// givenFlags returns the flags on the command line, and those with an empty value: the variable in it
// was not set.
func givenFlags(cmd *cobra.Command) (flags map[string]string, empty []string) {
	flags = map[string]string{}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		flags[f.Name] = f.Value.String()
		values := cmdline.Values(f)
		if len(values) == 0 || slices.Contains(values, "") {
			empty = append(empty, "--"+f.Name)
		}
	})
	return flags, empty
}

// checksOwnFlags reports whether a command reports empty values together with all else that is wrong
// with its flags (requestOptions.request), and these are flags of its own.
func checksOwnFlags(cmd *cobra.Command, empty []string) bool {
	global := func(flag string) bool { return isGlobal(strings.TrimPrefix(flag, "--")) }
	return cmd.Flag("skip-validation") != nil && !slices.ContainsFunc(empty, global)
}

// ownSettings are the flags of a command as settings, without those that every command has
// and those that stand for a setting of another name. The command's name is in front: a tag for
// create must not filter list, and a new command must not rename the settings of an old one.
func ownSettings(cmd *cobra.Command) []config.Setting {
	var settings []config.Setting
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if isGlobal(f.Name) {
			return
		}
		_, usage := pflag.UnquoteUsage(f)
		settings = append(settings, config.Setting{Name: owner(cmd) + "-" + f.Name, Flag: f.Name, Kind: kindOf(f), Usage: usage})
	})
	return settings
}

// owner is what stands before the settings of a command: its name, with those above it.
func owner(cmd *cobra.Command) string {
	_, path, _ := strings.Cut(cmd.CommandPath(), " ")
	return strings.ReplaceAll(path, " ", "-")
}

// isGlobal says whether a flag is no setting of a command: every command has it, or it is not
// for setting.
func isGlobal(name string) bool {
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

// allSettings are every command's own settings.
func allSettings(cmd *cobra.Command) []config.Setting {
	settings := ownSettings(cmd)
	for _, sub := range cmd.Commands() {
		settings = append(settings, allSettings(sub)...)
	}
	return settings
}

// Settings returns everything that can be set, for the documentation: what every command has,
// then the single commands' flags.
func Settings(root *cobra.Command) []config.Setting {
	return append(config.Global(), allSettings(root)...)
}

// hand gives a flag the value that the environment or the file has for it.
func hand(f *pflag.Flag, setting config.Setting, settings *config.Settings) error {
	value := settings.Value(setting.Name)
	if value.IsDefault() || value.FromFlag() {
		return nil
	}
	texts := []string{value.Value}
	if setting.Kind == config.List {
		texts = settings.List(setting.Name)
	}
	err := f.Value.Set(texts[0])
	if list, several := f.Value.(pflag.SliceValue); several { // set again it would hold all of them twice
		err = list.Replace(texts)
	}
	if err != nil {
		return fmt.Errorf("%s: %q: %w", value.Source, value.Value, err)
	}
	return nil
}

// wantsJSON reports whether errors are for a program, even when the settings could not be read.
func (a *App) wantsJSON(cmd *cobra.Command) bool {
	if a.settings != nil {
		return ui.ForPrograms(a.settings.Text("output"))
	}
	return ui.ForPrograms(a.unread(cmd, "output", "-o"))
}

// unread finds a setting where the settings could not be read: a flag before it may be one that
// does not exist.
func (a *App) unread(cmd *cobra.Command, name, short string) string {
	value, _ := a.Env(config.EnvName(name))
	if flag := cmd.Flag(name); flag != nil && flag.Changed {
		value = flag.Value.String()
	}
	for i, arg := range a.Args {
		flag, joined, isJoined := strings.Cut(arg, "=")
		switch {
		case flag != "--"+name && flag != short:
		case isJoined:
			value = joined
		case i+1 < len(a.Args):
			value = a.Args[i+1]
		}
	}
	return value
}

// flag returns the flag of a parameter, as it was given.
func (a *App) flag(cmd *cobra.Command, parameter string) message.Flag {
	found := message.Flag{Name: cmdline.FlagFor(parameter)}
	name := strings.TrimPrefix(found.Name, "--")
	if flag := cmd.Flag(name); flag != nil {
		found.Exists = true
		if flag.Value.String() != flag.DefValue {
			found.Given = cmdline.Words(flag)
		}
	}
	if a.settings == nil {
		return found
	}
	for _, setting := range []string{name, owner(cmd) + "-" + name} {
		if v := a.settings.Value(setting); v.Value != "" && !v.IsDefault() && !v.FromFlag() {
			found.Setting, found.Source = setting, v.Source
		}
	}
	return found
}

// color decides about colour for both streams.
func (a *App) color(when string) {
	for _, stream := range []*ui.Stream{a.IO.Out, a.IO.Err} {
		stream.Color = ui.ColorFor(when, a.Env, stream.Terminal)
	}
}
