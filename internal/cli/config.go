package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/identity"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// config promises to say which value of every setting is in force and where it came from,
// also on a machine where something of it is broken. It shows no secret, and asks nobody but
// the instance's own metadata, where nothing else is configured.

const configHelp = `Print every setting in force and where it came from. The first source that has one wins:

  flag, ECS_ACTIVATION_*, ALIBABA_CLOUD_*, our file, aliyun CLI's profile

A profile that is named by --profile brings its own region.`

const configExample = `  ecs-activation config
  ecs-activation config --profile prod -o json
  ecs-activation config path`

func newConfigCmd(a *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:         "config",
		Short:       "Show every setting in force and where it came from",
		Long:        configHelp,
		Example:     configExample,
		Args:        cobra.ArbitraryArgs,
		Annotations: cmdline.Does("show the settings"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return cmdline.Group(cmd, args)
			}
			return a.run(cmd, runConfig)
		},
	}
	cmd.AddCommand(&cobra.Command{
		Use: "path", Short: "Print where the configuration file is", Args: cmdline.Exactly(0, "no arguments"), Annotations: cmdline.Does("name the file"),
		RunE: func(*cobra.Command, []string) error {
			path, err := a.ConfigFile()
			if err == nil {
				_, err = fmt.Fprintln(a.IO.Out, path)
			}
			return err
		},
	})
	return cmd
}

func runConfig(s *invocation) error {
	rows := []view.Setting{credentialsOf(s)}
	regionError := resolveRegion(s)
	for _, setting := range config.Global() {
		rows = append(rows, inForce(s, setting.Name))
	}
	others, err := otherSettings(s)
	if err != nil {
		return err
	}
	rows = append(rows, others...)
	if regionError != nil {
		s.say("note: %s", ui.Clean(causeOf(s, regionError)))
	}
	return view.PrintSettings(s.printer, rows)
}

func inForce(s *invocation, name string) view.Setting {
	v := s.settings.Value(name)
	if v.Value == "" {
		v.Source = "not set"
	}
	return view.Setting{Name: name, Value: bootstrap.WithoutUser(v.Value), Source: v.Source}
}

// otherSettings are the single commands' settings that the environment or the file sets.
func otherSettings(s *invocation) ([]view.Setting, error) {
	file, err := s.ConfigFile()
	if err != nil {
		return nil, err
	}
	all := cmdline.AllSettings(s.app.whole())
	settings, err := config.Load(config.Input{Env: s.Env, File: file, Command: all})
	if err != nil {
		return nil, err
	}
	var rows []view.Setting
	for _, setting := range all {
		v := settings.Value(setting.Name)
		if !v.IsDefault() {
			rows = append(rows, view.Setting{Name: v.Name, Value: strings.ReplaceAll(v.Value, "\n", ","), Source: v.Source})
		}
	}
	return rows, nil
}

// credentials says who would sign, or why nobody can.
func credentialsOf(s *invocation) view.Setting {
	row := view.Setting{Name: "credentials"}
	if s.sandbox() {
		row.Source = "the sandbox's own"
		return row
	}
	found, err := findIdentity(s)
	if err != nil {
		cause, _, _ := strings.Cut(causeOf(s, err), "\n")
		row.Source = "none: " + cause
		return row
	}
	row.Value, row.Source = identity.Masked(found.AccessKeyId), found.Source
	return row
}
