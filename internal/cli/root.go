package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/message"
)

const program = message.Program

const rootHelp = `Activation codes let servers outside Alibaba Cloud register as managed instances.

Try it without an account: add --sandbox to any command, and nothing reaches Alibaba Cloud.`

const rootExample = `  ecs-activation --sandbox create --instance-name web
  ecs-activation create --instance-name web --ttl 4h --tag env=prod
  ecs-activation list
  ecs-activation disable 4ECEEE12-56F1-4FBC-9AB1-890F12345678`

// Run runs one command and returns its exit code. Everything that went wrong has been said
// on standard error by then.
func (a *App) Run(ctx context.Context) int {
	root := a.rootFor(a.Args)
	root.SetArgs(a.Args)
	cmd, err := root.ExecuteContextC(ctx)
	return a.report(cmd, err)
}

// command is a command of the top level, and its other name.
type command struct {
	name, alias string
	build       func(*App) *cobra.Command
}

func commands() []command {
	return []command{
		{name: "create", build: newCreateCmd}, {name: "list", alias: "ls", build: newListCmd},
		{name: "disable", build: newDisableCmd}, {name: "delete", alias: "rm", build: newDeleteCmd},
		{name: "prune", build: newPruneCmd}, {name: "wait", build: newWaitCmd}, {name: "show", build: newShowCmd},
		{name: "ensure", build: newEnsureCmd}, {name: "bootstrap", build: newBootstrapCmd}, {name: "recover", build: newRecoverCmd},
		{name: "config", build: newConfigCmd}, {name: "sandbox", build: newSandboxCmd},
		{name: "completion", build: newCompletionCmd}, {name: "version", build: newVersionCmd},
	}
}

// called returns the commands whose names are among the arguments, or all where there are none.
// Building a command that is not run costs a third of a start.
func called(args []string) []command {
	named := slices.DeleteFunc(commands(), func(c command) bool {
		return !slices.Contains(args, c.name) && (c.alias == "" || !slices.Contains(args, c.alias))
	})
	if len(named) == 0 {
		return commands()
	}
	return named
}

// rootFor returns the command line with no more commands than these arguments need. Where they
// name none after all, because "--profile list" is no list, it has every one.
func (a *App) rootFor(args []string) *cobra.Command {
	some := called(args)
	root := newRootCmd(a, some)
	if len(some) == len(commands()) || strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		return root
	}
	if found, _, err := root.Find(args); err != nil || found == root {
		return NewRootCmd(a)
	}
	return root
}

// NewRootCmd returns the whole command line. It is exported for the programs that generate
// completions and documentation from it.
func NewRootCmd(a *App) *cobra.Command { return newRootCmd(a, commands()) }

func newRootCmd(a *App, build []command) *cobra.Command {
	root := &cobra.Command{
		Use:     program,
		Short:   "Manage activation codes for servers outside Alibaba Cloud",
		Long:    rootHelp,
		Example: rootExample,
		Version: a.Version,
		Args:    cobra.ArbitraryArgs,
		RunE:    group,

		SilenceErrors: true,
		SilenceUsage:  true,
		CompletionOptions: cobra.CompletionOptions{
			DisableDefaultCmd: true,
		},
	}
	root.SetIn(a.IO.In)
	root.SetOut(a.IO.Out)
	root.SetErr(a.IO.Err)
	root.SetHelpFunc(a.printHelp)
	root.SetUsageFunc(func(*cobra.Command) error { return nil })
	root.SetFlagErrorFunc(flagError)
	root.SetGlobalNormalizationFunc(normalize)
	addGlobalFlags(root.PersistentFlags())
	for _, c := range build {
		root.AddCommand(c.build(a))
	}
	root.SetHelpCommand(newHelpCmd())
	a.offerGlobal(root)
	return root
}

// addGlobalFlags adds the flags that every command has. Those with a value in the settings
// have no default here: the settings know it.
func addGlobalFlags(f *pflag.FlagSet) {
	f.Var(new(regionList), "region", "`region` of the codes, such as cn-hangzhou")
	f.String("profile", "", "`name` of a profile of the aliyun CLI")
	f.StringP("output", "o", "", "`format`: table, wide, json, jsonl or yaml (default table)")
	f.BoolP("quiet", "q", false, "print the bare result: IDs, or the code")
	f.String("endpoint", "", "`host` or URL to send requests to, or the word vpc")
	f.String("timeout", "", "`time` for the whole command (default 60s)")
	f.String("color", "", "`when` to use colour: auto, always or never (default auto)")
	f.Bool("no-input", false, "never ask")
	f.Bool("debug", false, "tell every request on standard error")
	f.Bool("sandbox", false, "use the local rehearsal cloud: no account, no network")
}

// regionList is the value of --region. Given again it adds a region, as a comma does: with pflag's
// own text the last one would win, without a word. Each counts once: completion parses a line twice.
type regionList string

func (r *regionList) String() string { return string(*r) }
func (r *regionList) Type() string   { return "string" }

// Set implements pflag.Value.
func (r *regionList) Set(text string) error {
	if *r == "" {
		*r = regionList(text)
		return nil
	}
	for region := range strings.SplitSeq(text, ",") {
		if !slices.Contains(strings.Split(string(*r), ","), region) {
			*r += regionList("," + region)
		}
	}
	return nil
}

// normalize makes the API's own spellings and ours one: --InstanceName, --instance_name and
// --instance-name; --TimeToLiveInHours and --ttl; --RegionId and --region.
func normalize(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	switch kebab := kebab(name); kebab {
	case "time-to-live-in-hours":
		return "ttl"
	case "region-id":
		return "region"
	default:
		return pflag.NormalizedName(kebab)
	}
}

// kebab writes a name in small letters, with hyphens between its words. pflag asks for every
// flag again and again, so a name that is so already, as nearly all are, costs nothing.
func kebab(name string) string {
	if !strings.ContainsFunc(name, func(r rune) bool { return r == '_' || 'A' <= r && r <= 'Z' }) {
		return name
	}
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '_':
			b.WriteByte('-')
		case 'A' <= r && r <= 'Z':
			if i > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r - 'A' + 'a')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// flagFor is the flag that sets a parameter of the API.
func flagFor(parameter string) string {
	return "--" + string(normalize(nil, parameter))
}

// invalid returns one error of all problems with the flags, or nil.
func invalid(op string, problems activation.Problems) error {
	if len(problems) == 0 {
		return nil
	}
	return &activation.Error{Kind: activation.KindUsage, Op: op, Err: problems}
}

// usageError is a command line that cannot be run, with what to do instead and the command for it.
func usageError(op, text, hint string, command ...string) error {
	return &activation.Error{Kind: activation.KindUsage, Op: op, Err: errors.New(text), Hint: hint, Command: command}
}

// group runs a command that only has subcommands.
func group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	unknown := &message.UnknownCommand{Path: cmd.CommandPath(), Asked: args[0]}
	for _, c := range cmd.Commands() {
		unknown.Commands = append(unknown.Commands, message.Command{Name: c.Name(), Also: c.SuggestFor})
	}
	return &activation.Error{Kind: activation.KindUsage, Op: "run", Err: unknown, Hint: "see: " + cmd.CommandPath() + " --help"}
}

// flagError returns the error for what pflag found wrong.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		found := &message.UnknownFlag{Asked: string(normalize(nil, unknown.GetSpecifiedName())), Err: err}
		cmd.Flags().VisitAll(func(f *pflag.Flag) { found.Flags = append(found.Flags, f.Name) })
		err = found
	case errors.As(err, &value) && value.GetFlag().Value.Type() == "bool":
		err = fmt.Errorf("--%s is given as %q, and must be true or false", value.GetFlag().Name, value.GetValue())
	}
	return &activation.Error{Kind: activation.KindUsage, Op: verb(cmd), Err: err, Hint: "see: " + cmd.CommandPath() + " --help"}
}

// verb is what a command attempts, for messages: "create", "reset the sandbox".
func verb(cmd *cobra.Command) string {
	if words, given := cmd.Annotations["verb"]; given {
		return words
	}
	if cmd.HasSubCommands() {
		return "run" // it is the program that was called, and not a command
	}
	return cmd.Name()
}

// exactly accepts that many arguments, and words what is wrong with another number.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		got := "nothing"
		if len(args) > 0 {
			got = fmt.Sprintf("%q", args)
			got = strings.ReplaceAll(got[1:len(got)-1], `" "`, `", "`)
		}
		return usageError(verb(cmd), "it takes "+what+", and got "+got, "see: "+cmd.CommandPath()+" --help")
	}
}
