package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/process"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/ui"
)

// sandbox promises a rehearsal: --sandbox lets any command talk to a pretend Alibaba Cloud in
// this process, and the commands here look after its state. Nothing of it ever leaves this
// machine, and no real credentials are read.

const sandboxHelp = `The sandbox is a small pretend Alibaba Cloud on this machine. With --sandbox, or with
ECS_ACTIVATION_SANDBOX=1, every command uses it: no account, no network, nothing to start.

These commands look after its state and play the machines.`

const sandboxExample = `  ecs-activation --sandbox create --instance-name web
  ecs-activation sandbox register "$ACTIVATION_ID" "$ACTIVATION_CODE"
  ecs-activation sandbox advance 5h
  ecs-activation sandbox serve --addr 127.0.0.1:8080 --latency 50ms`

func newSandboxCmd(a *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "sandbox",
		Short:   "A local simulator of Alibaba Cloud",
		Long:    sandboxHelp,
		Example: sandboxExample,
		Args:    cobra.ArbitraryArgs,
		RunE:    group,
	}
	cmd.AddCommand(
		newServeCmd(a), newRegisterCmd(a), newAdvanceCmd(a), newLoadCmd(a),
		newDumpCmd(a), newStatusCmd(a), newResetCmd(a), newPathCmd(a),
	)
	return cmd
}

// sandboxPath returns the file that holds the sandbox.
func sandboxPath(p *process.Process) (string, error) {
	folder, err := p.StateFolder()
	return filepath.Join(folder, "sandbox.db"), err
}

// openSandbox returns the sandbox with the limits that the settings give it, and prints that it is one.
func openSandbox(s *invocation) (*sandbox.Sandbox, error) {
	path, err := sandboxPath(s.Process)
	if err != nil {
		return nil, err
	}
	faults, err := sandbox.ParseFaults(s.settings.Text("sandbox-fault"))
	if err != nil {
		return nil, usageError(s.op, err.Error(), "")
	}
	s.say("sandbox: nothing here reaches Alibaba Cloud")
	return sandbox.New(sandbox.Options{
		Path:         path,
		Now:          s.Now,
		Limits:       s.settings.Text("sandbox-limits"),
		Quota:        s.settings.Count("sandbox-quota"),
		MachineQuota: s.settings.Count("sandbox-machine-quota"),
		Latency:      s.settings.Duration("sandbox-latency"),
		Faults:       faults,
		Seed:         uint64(s.settings.Count("sandbox-seed")),
		Log: func(format string, args ...any) {
			s.say("sandbox: %s", ui.Clean(strings.TrimPrefix(fmt.Sprintf(format, args...), "sandbox: ")))
		},
	})
}

// boxRun is what a command does with the sandbox itself. Its context ends when --timeout is used up.
type boxRun func(ctx context.Context, s *invocation, box *sandbox.Sandbox, args []string) error

// newBoxCmd completes a command that works on the sandbox itself.
func newBoxCmd(a *App, cmd *cobra.Command, run boxRun) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.run(cmd, func(s *invocation) error {
			box, err := openSandbox(s)
			if err != nil {
				return err
			}
			ctx, stop := s.limited()
			defer stop()
			return refusal(s.op, activation.Ref{}, run(ctx, s, box, args))
		})
	}
	return cmd
}

// refusal makes one of our errors of what a rule of the sandbox refused.
func refusal(op string, ref activation.Ref, err error) error {
	var refused *sandbox.Error
	if !errors.As(err, &refused) {
		return err
	}
	kind := activation.KindOfCode(refused.Code)
	if kind == activation.KindOther {
		kind = activation.KindConflict
	}
	return &activation.Error{Kind: kind, Op: op, ID: ref, Code: refused.Code, Err: errors.New(refused.Message)}
}

func does(words string) map[string]string { return map[string]string{"verb": words} }

func newRegisterCmd(a *App) *cobra.Command {
	var r sandbox.Registration
	cmd := newBoxCmd(a, &cobra.Command{
		Use: "register ID CODE [flags]", Short: "Simulate a machine registering", Args: exactly(2, "an ID and its code"),
		Example: `  ecs-activation sandbox register --source-ip 192.0.2.7 "$ID" "$ACTIVATION_CODE"`, Annotations: does("register"),
	}, func(ctx context.Context, s *invocation, box *sandbox.Sandbox, args []string) error {
		return runRegister(ctx, s, box, r, args)
	})
	f := cmd.Flags()
	f.StringVar(&r.InstanceName, "instance-name", "", "`name` of the machine (default: the code's prefix and a number)")
	f.StringVar(&r.Hostname, "hostname", "", "host `name` of the machine (default localhost)")
	f.StringVar(&r.SourceIp, "source-ip", "", "`address` from which it registers (default 127.0.0.1)")
	cmd.ValidArgsFunction = a.lookup().IDs(1, func(a activation.Activation, now time.Time) bool { return a.Status(now) == activation.Active })
	return cmd
}

func runRegister(ctx context.Context, s *invocation, box *sandbox.Sandbox, r sandbox.Registration, args []string) error {
	refs, err := targetsOf(s, args[:1])
	if err != nil {
		return err
	}
	if len(refs) != 1 {
		return usageError(s.op, fmt.Sprintf("it takes one ID, and got %d", len(refs)), "see: "+s.cmd.CommandPath()+" --help")
	}
	s.op = "register with"
	r.RegionId, r.ActivationId, r.ActivationCode = refs[0].RegionId, refs[0].ActivationId, args[1]
	m, err := box.Register(ctx, r)
	switch {
	case err != nil:
		return refusal(s.op, refs[0], err)
	case s.printer.Quiet:
		return s.printer.Line(m.InstanceId)
	case s.printer.ForPrograms():
		return s.printer.Value(m)
	}
	return s.printer.Line(fmt.Sprintf("registered %s as %s with %s", m.InstanceId, ui.Clean(m.InstanceName), m.ActivationId))
}

func newAdvanceCmd(a *App) *cobra.Command {
	return newBoxCmd(a, &cobra.Command{
		Use: "advance TIME", Short: "Let time pass: move everything stored into the past", Args: exactly(1, "a length of time, such as 5h"),
		Example: "  ecs-activation sandbox advance 5h", Annotations: does("advance the sandbox"),
	}, func(ctx context.Context, s *invocation, box *sandbox.Sandbox, args []string) error {
		d, err := time.ParseDuration(args[0])
		if err != nil || d <= 0 || d%time.Second != 0 {
			return usageError(s.op, fmt.Sprintf("%q is no length of time in whole seconds", args[0]), "write it with its unit, such as 30s, 90m or 5h")
		}
		if err := errors.Join(box.Advance(ctx, d), ageRecords(s, d)); err != nil {
			return err
		}
		return s.printer.Line("advanced by " + d.String())
	})
}

// ageRecords moves the records of creates in the sandbox into the past as well.
func ageRecords(s *invocation, by time.Duration) error {
	store, err := recordStore(s.Process)
	if err != nil {
		return err
	}
	return store.Age(by)
}

func newLoadCmd(a *App) *cobra.Command {
	cmd := newBoxCmd(a, &cobra.Command{
		Use: "load FILE | -", Short: "Add codes from a JSON array, as dump writes it", Args: exactly(1, "a file, or - for standard input"),
		Example: "  ecs-activation sandbox load codes.json", Annotations: does("load codes"),
	}, func(_ context.Context, s *invocation, box *sandbox.Sandbox, args []string) error {
		n := 0
		err := readInput(s, args[0], func(ctx context.Context, in io.Reader) (err error) {
			n, err = box.Load(ctx, in)
			return err
		})
		if err != nil {
			return err
		}
		return s.printer.Line("loaded " + ui.Count(n, "code"))
	})
	cmd.ValidArgsFunction = complete.Files
	return cmd
}

func newDumpCmd(a *App) *cobra.Command {
	return newBoxCmd(a, &cobra.Command{
		Use: "dump", Short: "Print every code as a JSON array", Args: exactly(0, "no arguments"), Annotations: does("dump the sandbox"),
	}, func(ctx context.Context, s *invocation, box *sandbox.Sandbox, _ []string) error {
		var codes strings.Builder
		if err := box.Dump(ctx, &codes); err != nil {
			return err
		}
		return s.printer.JSON(codes.String())
	})
}

func newStatusCmd(a *App) *cobra.Command {
	return newBoxCmd(a, &cobra.Command{
		Use: "status", Short: "Count codes, machines and requests", Args: exactly(0, "no arguments"), Annotations: does("count what the sandbox holds"),
	}, func(ctx context.Context, s *invocation, box *sandbox.Sandbox, _ []string) error {
		status, err := box.Status(ctx)
		if err != nil {
			return err
		}
		if ui.ForPrograms(s.printer.Format) {
			return s.printer.Value(status)
		}
		return s.printer.Fields([]ui.Field{
			{Name: "Codes", Value: strconv.Itoa(status.Codes)},
			{Name: "Machines", Value: strconv.Itoa(status.Machines)},
			{Name: "Requests", Value: strconv.Itoa(status.Requests)},
		})
	})
}

func newResetCmd(a *App) *cobra.Command {
	return newBoxCmd(a, &cobra.Command{
		Use: "reset", Short: "Delete all sandbox data", Args: exactly(0, "no arguments"), Annotations: does("reset the sandbox"),
	}, func(ctx context.Context, s *invocation, box *sandbox.Sandbox, _ []string) error {
		if err := box.Reset(ctx); err != nil {
			return err
		}
		return s.printer.Line("the sandbox is empty")
	})
}

func newPathCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use: "path", Short: "Print the file that holds it", Args: exactly(0, "no arguments"), Annotations: does("name the sandbox's file"),
		RunE: func(*cobra.Command, []string) error {
			path, err := sandboxPath(a.Process)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.IO.Out, path)
			return err
		},
	}
}
