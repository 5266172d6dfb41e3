package invoke

import (
	"maps"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/ui"
)

// loadSettings returns the effective settings of a command. It sets the flags that were not given from the
// environment and the configuration file. The values in instead are used as if they were given on the
// command line.
func (p *Program) loadSettings(cmd *cobra.Command, instead map[string]string) (*config.Settings, error) {
	flags, empty := cmdline.Given(cmd)
	if len(empty) > 0 && !cmdline.ChecksOwnFlags(cmd, empty) {
		return nil, activation.Textf("%s has an empty value: was a variable in it not set?", strings.Join(empty, ", "))
	}
	maps.Copy(flags, instead)
	own := cmdline.Settings(cmd)
	input := config.Input{Flags: flags, Env: p.Env, File: p.File(), Command: own, Others: p.allSettings}
	if names := cmdline.FormatsOf(cmd); len(names) > 0 {
		input.Choices, input.Defaults = map[string][]string{"output": names}, map[string]string{"output": names[0]}
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

// allSettings returns the settings of all commands.
func (p *Program) allSettings() []config.Setting { return cmdline.AllSettings(p.Whole()) }

// WantsJSON reports whether errors are printed for programs, also if the settings could not be read.
func (p *Program) WantsJSON(cmd *cobra.Command) bool {
	if p.settings != nil {
		return ui.ForPrograms(p.settings.Text("output"))
	}
	return ui.ForPrograms(strings.ToLower(cmdline.Unread(cmd, p.Args, p.Env, "output", "-o")))
}
