package cli

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/simulator"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

const program = message.Program

const rootHelp = `Manage activation codes, with which servers outside Alibaba Cloud register as managed instances.

To try a command without an account, add --sandbox: it then uses a local simulator of Alibaba Cloud.

--jq prints the results of a jq expression for the JSON of a command: strings without quotes, the rest as compact
JSON, one result per line. It implies -o json; with -o jsonl the expression gets each line.`

const rootExample = `  ecs-activation --sandbox create --instance-name web
  ecs-activation create --instance-name web --ttl 4h --tag env=prod
  ecs-activation list
  ecs-activation disable 4ECEEE12-56F1-4FBC-9AB1-890F12345678`

// command is a top-level command with its alias.
type command struct {
	name, alias string
	build       func(*invoke.Program) *cobra.Command
}

// commands returns the top-level commands in the order of the help.
func commands() []command {
	return []command{
		{name: "create", build: newCreateCmd}, {name: "list", alias: "ls", build: newListCmd},
		{name: "disable", build: newDisableCmd}, {name: "delete", alias: "rm", build: newDeleteCmd},
		{name: "prune", build: newPruneCmd}, {name: "wait", build: newWaitCmd}, {name: "show", build: newShowCmd},
		{name: "ensure", build: newEnsureCmd}, {name: "bootstrap", build: newBootstrapCmd}, {name: "recover", build: newRecoverCmd},
		{name: "status", build: newStatusCmd}, {name: "regions", build: newRegionsCmd},
		{name: "config", build: newConfigCmd}, {name: "sandbox", build: newSandboxCmd},
		{name: "completion", build: newCompletionCmd}, {name: "version", build: newVersionCmd},
	}
}

// groups returns the top-level commands as the short help shows them.
func groups() []cmdline.Commands {
	return []cmdline.Commands{
		{Names: []string{"create", "list", "disable", "delete"}},
		{Title: "See what exists:", Names: []string{"show", "status", "regions"}},
		{Title: "Wait, clean up:", Names: []string{"wait", "prune"}},
		{Title: "Run again safely:", Names: []string{"ensure", "recover"}},
		{Title: "Set up a machine:", Names: []string{"bootstrap"}},
		{Title: "Try without an account:", Names: []string{"sandbox"}},
		{Title: "This program:", Names: []string{"config", "completion", "version"}},
	}
}

// called returns the commands whose names are among the arguments, or all commands if there are none. It
// saves a third of the start-up time not to build the other commands.
func called(args []string) []command {
	named := slices.DeleteFunc(commands(), func(c command) bool {
		return !slices.Contains(args, c.name) && (c.alias == "" || !slices.Contains(args, c.alias))
	})
	if len(named) == 0 {
		return commands()
	}
	return named
}

// rootFor returns the root command with only the commands that the arguments need. It has all commands if
// the arguments do not run one of these: "--profile list" does not run list.
func rootFor(p *invoke.Program, args []string) *cobra.Command {
	some := called(args)
	root := newRootCmd(p, some)
	if len(some) == len(commands()) || completes(args) {
		return root
	}
	if found, _, err := root.Find(args); err != nil || found == root {
		return newRootCmd(p, commands())
	}
	return root
}

// completes reports whether a shell runs the program to complete a command line.
func completes(args []string) bool {
	return len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd)
}

// Settings returns all settings, for the documentation: first those of every command, then the flags of
// single commands.
func Settings(root *cobra.Command) []config.Setting {
	return append(config.Global(), cmdline.AllSettings(root)...)
}

func newRootCmd(p *invoke.Program, build []command) *cobra.Command {
	p.Whole = func() *cobra.Command { return newRootCmd(p, commands()) }
	line := cmdline.Line{Args: p.Args}
	root := &cobra.Command{
		Use:     program,
		Short:   "Manage activation codes for servers outside Alibaba Cloud",
		Long:    rootHelp,
		Example: rootExample,
		Version: versionText(p.Version),
		Args:    cobra.ArbitraryArgs,
		RunE:    line.Group,

		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return invoke.CheckOutput(p, cmd) },

		SilenceErrors: true,
		SilenceUsage:  true,
		CompletionOptions: cobra.CompletionOptions{
			DisableDefaultCmd: true,
		},
	}
	root.SetIn(p.IO.In)
	root.SetOut(p.IO.Out)
	root.SetErr(p.IO.Err)
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) { // cobra's help functions cannot return an error
		_, p.HelpError = io.WriteString(p.IO.Out, cmdline.Help(p.Language, cmd, args, groups()))
	})
	root.SetUsageFunc(func(*cobra.Command) error { return nil })
	root.SetFlagErrorFunc(line.FlagError)
	root.SetGlobalNormalizationFunc(cmdline.Normalize)
	addGlobalFlags(root.PersistentFlags())
	cmdline.Main(root)
	for _, c := range build {
		root.AddCommand(c.build(p))
	}
	root.SetHelpCommand(newHelpCmd(p, line))
	p.Lookup().Global(root)
	return root
}

// addGlobalFlags adds the flags of every command. Flags that are settings have no default here, because
// package config has it.
func addGlobalFlags(f *pflag.FlagSet) {
	f.Var(new(cmdline.Regions), "region", "`region` of the codes, such as cn-hangzhou")
	f.String("profile", "", "`name` of a profile of the aliyun CLI")
	f.StringP("output", "o", "", "`format`: table, wide, json, jsonl or yaml (default table)")
	f.String("jq", "", "print what a jq `expression` makes of the JSON")
	f.BoolP("quiet", "q", false, "print only IDs, or only the code; nothing for disable, delete, prune, wait and status")
	f.String("endpoint", "", "`host` or URL of the service, or vpc for its VPC endpoint")
	f.String("timeout", "", "`time` after which the command gives up (default 60s)")
	f.String("lang", "", "`language` of messages and help: en or zh (default: that of the system)")
	f.String("color", "", "`when` to use colour: auto, always or never (default auto)")
	f.Bool("no-input", false, "never prompt")
	f.Bool("debug", false, "log every request to standard error")
	f.Bool("sandbox", false, "use a local simulator of Alibaba Cloud: no account, no network")
	f.BoolP("help", "h", false, "show all of the help; -h shows the most important part")
}

// newHelpCmd returns the command help. It has one format, and prints the help whatever the settings are.
func newHelpCmd(p *invoke.Program, line cmdline.Line) *cobra.Command {
	cmd := cmdline.HelpCommand(line, p.Language, complete.Commands)
	invoke.Formats(cmd, view.FormatTable)
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if !cmd.Flag("output").Changed {
			return nil
		}
		_, err := invoke.PlainPrinter(p, cmd)
		return err
	}
	return cmd
}

// newCompletionCmd returns the command that prints the completion script of a shell.
func newCompletionCmd(p *invoke.Program) *cobra.Command {
	cmd := complete.Command(cmdline.Exactly(1, "one shell: bash, zsh, fish or powershell"), func(shell string) error {
		return cmdline.Wrong("print the completion", activation.Textf("no completion script for %q", shell)).Advise("choose bash, zsh, fish or powershell")
	})
	invoke.Formats(cmd, view.FormatTable)
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		_, err := invoke.PlainPrinter(p, cmd)
		return err
	}
	return cmd
}

// newSandboxCmd returns the command sandbox. Package simulator has its subcommands.
func newSandboxCmd(p *invoke.Program) *cobra.Command {
	run := func(cmd *cobra.Command, run func(context.Context, simulator.Run) error) error {
		return p.Run(cmd, func(s *invoke.Invocation) error {
			box, err := invoke.OpenSandbox(s)
			if err != nil {
				return err
			}
			ctx, stop := s.WithTimeout()
			defer stop()
			return run(ctx, simulator.Run{
				Sandbox: box, Printer: s.Printer, Op: s.Op, Signal: s.Context, Say: s.Notef,
				Refs:    func(ids []string) ([]activation.Ref, error) { return invoke.TargetsOf(s, ids) },
				Wrong:   func(reason error) *activation.Error { return cmdline.Wrong(s.Op, reason) },
				Age:     func(d time.Duration) error { return invoke.AgeRecords(s, d) },
				Discard: func() error { return invoke.DiscardRecords(ctx, s) },
				Input: func(from string, read func(context.Context, io.Reader) error) error {
					return invoke.ReadInput(s, from, read)
				},
			})
		})
	}
	plain := func(cmd *cobra.Command) (*view.Printer, error) { return invoke.PlainPrinter(p, cmd) }
	path := func() (string, error) { return invoke.SandboxPath(p.Process) }
	return simulator.Commands{
		Run: run, Path: path, Plain: plain, Formats: invoke.Formats, Exactly: cmdline.Exactly, Group: cmdline.Line{Args: p.Args}.Group, Lookup: p.Lookup(),
	}.New()
}
