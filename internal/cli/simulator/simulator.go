// Package simulator implements the commands that manage the sandbox, the local simulator of Alibaba Cloud.
// They register simulated machines, advance its time, load, dump and delete its data, and serve it to other
// programs (serve.go). They send nothing to Alibaba Cloud and read no real credentials.
package simulator

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/duration"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

const help = `The sandbox is a local simulator of Alibaba Cloud. With --sandbox, or with
ECS_ACTIVATION_SANDBOX=1, every command uses it. It needs no account, no network and no server process.

These commands manage its data and simulate machines.`

const example = `  ecs-activation --sandbox create --instance-name web
  ecs-activation sandbox register "$ACTIVATION_ID" "$ACTIVATION_CODE"
  ecs-activation sandbox advance 5h
  ecs-activation sandbox serve --addr 127.0.0.1:8080 --latency 50ms`

// New returns the command sandbox with its subcommands.
func (c Commands) New() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "sandbox",
		Short:   "A local simulator of Alibaba Cloud",
		Long:    help,
		Example: example,
		Args:    cobra.ArbitraryArgs,
		RunE:    c.Group,
	}
	cmd.AddCommand(c.serve(), c.register(), c.advance(), c.load(), c.dump(), c.status(), c.reset(), c.path())
	return cmd
}

func (c Commands) register() *cobra.Command {
	var m sandbox.Registration
	cmd := c.command("register", &cobra.Command{
		Use: "register ID CODE [flags]", Short: "Simulate a machine registering", Args: c.Exactly(2, "an ID and its code"),
		Example:           `  ecs-activation sandbox register --source-ip 192.0.2.7 "$ID" "$ACTIVATION_CODE"`,
		ValidArgsFunction: c.Lookup.IDs(1, func(a activation.Activation, now time.Time) bool { return a.Status(now) == activation.Active }),
	}, func(ctx context.Context, r Run, args []string) error { return runRegister(ctx, r, m, args) })
	f := cmd.Flags()
	f.StringVar(&m.InstanceName, "instance-name", "", "`name` of the machine (default: the code's prefix and a number)")
	f.StringVar(&m.Hostname, "hostname", "", "host `name` of the machine (default localhost)")
	f.StringVar(&m.SourceIp, "source-ip", "", "`address` from which it registers (default 127.0.0.1)")
	return cmd
}

func runRegister(ctx context.Context, r Run, m sandbox.Registration, args []string) error {
	refs, err := r.Refs(args[:1])
	if err != nil {
		return err
	}
	if len(refs) != 1 {
		return r.Wrong(activation.Textf("expected one ID, got %d", len(refs))).Advise("see:  %s --help", "ecs-activation sandbox register")
	}
	m.RegionId, m.ActivationId, m.ActivationCode = refs[0].RegionId, refs[0].ActivationId, args[1]
	machine, err := r.Sandbox.Register(ctx, m)
	if err != nil {
		return refusal("register with", refs[0], err)
	}
	r.Say("sandbox: the machine is simulated; a code of the sandbox works in the sandbox only")
	switch {
	case r.Printer.Quiet:
		return r.Printer.Line(machine.InstanceId)
	case r.Printer.ForPrograms():
		return r.Printer.Value(machine)
	}
	return r.Printer.Line(r.Printer.Out.Language.Text("registered %s as %s with %s", machine.InstanceId, ui.Clean(machine.InstanceName), machine.ActivationId))
}

var errWholeSeconds = errors.New("must be whole seconds")

func (c Commands) advance() *cobra.Command {
	return c.command("advance the sandbox", &cobra.Command{
		Use: "advance TIME", Short: "Advance the time of the sandbox: codes and machines become older", Args: c.Exactly(1, "a length of time, such as 90m, 5h or 1d"),
		Example: "  ecs-activation sandbox advance 5h",
	}, func(ctx context.Context, r Run, args []string) error {
		d, err := duration.ParsePositive(args[0])
		if err == nil && d%time.Second != 0 {
			err = errWholeSeconds
		}
		if err != nil {
			return r.Wrong(activation.Textf("%q %w", args[0], err))
		}
		if err := r.Sandbox.Advance(ctx, d); err != nil {
			return err
		}
		if err := r.Age(d); err != nil {
			return err
		}
		return view.PrintOr(r.Printer, view.Advanced{AdvancedSeconds: int64(d.Seconds())}, r.Printer.Out.Language.Text("advanced by %s", duration.Text(d)))
	})
}

func (c Commands) load() *cobra.Command {
	return c.command("load codes", &cobra.Command{
		Use: "load FILE | -", Short: "Add codes from a JSON array, such as the output of dump", Args: c.Exactly(1, "a file, or - for standard input"),
		Example: "  ecs-activation sandbox load codes.json", ValidArgsFunction: complete.Files,
	}, func(_ context.Context, r Run, args []string) error {
		n := 0
		err := r.Input(args[0], func(ctx context.Context, in io.Reader) (err error) {
			n, err = r.Sandbox.Load(ctx, in)
			return err
		})
		if err != nil {
			return err
		}
		return view.PrintOr(r.Printer, view.Loaded{Codes: n}, r.Printer.Out.Language.Count(n, "loaded %s code", "loaded %s codes"))
	})
}

func (c Commands) dump() *cobra.Command {
	cmd := c.command("dump the sandbox", &cobra.Command{
		Use: "dump", Short: "Print every code as an array", Args: c.Exactly(0, "no arguments"),
	}, func(ctx context.Context, r Run, _ []string) error {
		var codes strings.Builder
		if err := r.Sandbox.Dump(ctx, &codes); err != nil {
			return err
		}
		return r.Printer.JSON(codes.String())
	})
	c.Formats(cmd, ui.FormatJSON, ui.FormatJSONLines, ui.FormatYAML)
	return cmd
}

func (c Commands) status() *cobra.Command {
	return c.command("count what the sandbox holds", &cobra.Command{
		Use: "status", Short: "Count codes, machines and requests", Args: c.Exactly(0, "no arguments"),
	}, func(ctx context.Context, r Run, _ []string) error {
		status, err := r.Sandbox.Status(ctx)
		if err != nil {
			return err
		}
		if r.Printer.ForPrograms() {
			return r.Printer.Value(status)
		}
		return r.Printer.Fields([]ui.Field{
			{Name: "Codes", Value: strconv.Itoa(status.Codes)},
			{Name: "Machines", Value: strconv.Itoa(status.Machines)},
			{Name: "Requests", Value: strconv.Itoa(status.Requests)},
		})
	})
}

func (c Commands) reset() *cobra.Command {
	return c.command("reset the sandbox", &cobra.Command{
		Use: "reset", Short: "Delete all sandbox data and the records of its codes", Args: c.Exactly(0, "no arguments"),
	}, func(ctx context.Context, r Run, _ []string) error {
		if err := r.Sandbox.Reset(ctx); err != nil {
			return err
		}
		if err := r.Discard(); err != nil {
			return err
		}
		return view.PrintOr(r.Printer, sandbox.Status{}, r.Printer.Out.Language.Text("the sandbox is empty"))
	})
}

func (c Commands) path() *cobra.Command {
	return &cobra.Command{
		Use: "path", Short: "Print the path of the file of the sandbox", Args: c.Exactly(0, "no arguments"),
		Annotations: map[string]string{"verb": "name the sandbox's file"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			printer, err := c.Plain(cmd)
			if err != nil {
				return err
			}
			path, err := c.Path()
			if err != nil {
				return err
			}
			return view.PrintPath(printer, path)
		},
	}
}
