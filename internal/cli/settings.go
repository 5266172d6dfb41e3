package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/process"
	"ecs-activation/internal/ui"
)

// loadSettings returns the effective settings of a command, and sets the flags that were not given:
// every flag can be set in the environment and in our file as well. instead has values that count as
// given on the command line.
func (a *App) loadSettings(cmd *cobra.Command, instead map[string]string) (*config.Settings, error) {
	flags, empty := cmdline.Given(cmd)
	if len(empty) > 0 && !checksOwnFlags(cmd, empty) {
		return nil, fmt.Errorf("%s is given an empty value: was a variable in it not set?", strings.Join(empty, ", "))
	}
	maps.Copy(flags, instead)
	file, err := a.ConfigFile()
	if err != nil {
		file = "" // an account without a home, as in some containers, has no file
	}
	own := cmdline.Settings(cmd)
	input := config.Input{
		Flags: flags, Env: a.Env, File: file, Command: own, Others: func() []config.Setting { return cmdline.AllSettings(a.whole()) },
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
		if err := cmdline.Set(cmd.Flag(setting.Flag), setting, settings); err != nil {
			return nil, err
		}
	}
	return settings, nil
}

// checksOwnFlags reports whether a command reports empty values together with all else that is wrong
// with its flags (requestOptions.request), and these are flags of its own.
func checksOwnFlags(cmd *cobra.Command, empty []string) bool {
	global := func(flag string) bool { return cmdline.IsGlobal(strings.TrimPrefix(flag, "--")) }
	return cmd.Flag("skip-validation") != nil && !slices.ContainsFunc(empty, global)
}

// wantsJSON reports whether errors are for a program, even when the settings could not be read.
func (a *App) wantsJSON(cmd *cobra.Command) bool {
	if a.settings != nil {
		return ui.ForPrograms(a.settings.Text("output"))
	}
	return ui.ForPrograms(cmdline.Unread(cmd, a.Args, a.Env, "output", "-o"))
}

// setColor decides about colour for both streams.
func setColor(p *process.Process, when string) {
	for _, stream := range []*ui.Stream{p.IO.Out, p.IO.Err} {
		stream.Color = ui.ColorFor(when, p.Env, stream.Terminal)
	}
}
