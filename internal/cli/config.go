package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/identity"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// config prints the effective value of every setting and its source, even if a part of the
// configuration is broken. It prints no secret. It sends no requests, except to the metadata service of
// the instance if no other credentials are configured.

const configHelp = `Print the effective value of every setting and its source. The first of these sources that has a value
is used:

  flag, ECS_ACTIVATION_*, ALIBABA_CLOUD_*, file, profile of the aliyun CLI

With --profile the region of that profile takes precedence over the environment and the file.`

const configExample = `  ecs-activation config
  ecs-activation config --profile prod -o json
  ecs-activation config path`

func newConfigCmd(p *invoke.Program) *cobra.Command {
	var o invoke.ColumnOptions
	cmd := &cobra.Command{
		Use:         "config",
		Short:       "Show the effective settings and their sources",
		Long:        configHelp,
		Example:     configExample,
		Args:        cobra.ArbitraryArgs,
		Annotations: cmdline.Does("show the settings"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				if hint, command := configGuess(args[0]); command != nil {
					err := cmdline.Wrong("run", &message.UnknownCommand{Path: cmd.CommandPath(), Asked: args[0]})
					err.Hint, err.Command = hint, command
					return err
				}
				return cmdline.Line{Args: p.Args}.Group(cmd, args)
			}
			return p.Run(cmd, func(s *invoke.Invocation) error { return runConfig(s, o) })
		},
	}
	cmd.AddCommand(&cobra.Command{
		Use: "path", Short: "Print the path of the configuration file", Args: cmdline.Exactly(0, "no arguments"), Annotations: cmdline.Does("name the file"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			printer, err := invoke.PlainPrinter(p, cmd)
			if err != nil {
				return err
			}
			path, err := p.ConfigFile()
			if err != nil {
				return err
			}
			return view.PrintPath(printer, path)
		},
	})
	invoke.Formats(cmd, "table", "wide", "csv", "json", "jsonl", "yaml")
	o.Add(cmd, view.SettingColumns())
	return cmd
}

// configGuess returns what to do instead of a subcommand of config that other tools have; command is nil for others.
func configGuess(asked string) (hint string, command []string) {
	switch asked {
	case "get", "list", "show", "view":
		return "config without arguments prints every setting", []string{message.Program, "config"}
	case "set", "unset", "edit", "init":
		return "edit the configuration file; this prints its path", []string{message.Program, "config", "path"}
	}
	return "", nil
}

func runConfig(s *invoke.Invocation, o invoke.ColumnOptions) error {
	if err := o.Apply(s, view.SettingColumns()); err != nil {
		return err
	}
	rows := []view.Setting{credentialsOf(s)}
	regionError := invoke.ResolveRegion(s)
	invoke.ResolveLanguage(s)
	for _, setting := range config.Global() {
		v := s.Settings.Value(setting.Name)
		if v.Value == "" {
			v.Source = view.NotSet
		}
		rows = append(rows, view.Setting{Name: v.Name, Value: bootstrap.WithoutUser(v.Value), Source: string(v.Source)})
	}
	others, err := cmdline.SetElsewhere(s.Program.Whole(), s.Env, s.Program.File())
	if err != nil {
		return err
	}
	for _, v := range others {
		rows = append(rows, view.Setting{Name: v.Name, Value: strings.ReplaceAll(v.Value, "\n", ","), Source: string(v.Source)})
	}
	if regionError != nil {
		s.Notef("note: %s", ui.Clean(invoke.CauseOf(s, regionError)))
	}
	return view.PrintSettings(s.Printer, rows)
}

// credentialsOf returns the identity that would sign requests, or why there is none.
func credentialsOf(s *invoke.Invocation) view.Setting {
	row := view.Setting{Name: "credentials"}
	if s.Sandbox() {
		row.Source = "the sandbox"
		return row
	}
	found, err := invoke.FindIdentity(s)
	if err != nil {
		words := s.Program.Describe(s.Cmd)
		if s.Printer.Format != view.FormatTable && s.Printer.Format != view.FormatWide {
			words.Language = nil // for programs
		}
		cause, _, _ := strings.Cut(words.Cause(err), "\n")
		row.Source = words.Language.Text("none: %s", cause)
		return row
	}
	row.Value, row.Source = identity.Masked(found.AccessKeyId), found.Source
	return row
}
