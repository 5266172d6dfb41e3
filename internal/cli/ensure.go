package cli

import (
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/duration"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// ensure keeps a code with which machines can register in a file. It reuses the code in the file as long
// as the code meets the conditions; otherwise it creates a new one, as create does. The file is replaced
// atomically, and by one process at a time. If an earlier run was interrupted, its create is finished
// first. The old code is not disabled, because machines may be booting with it.

type ensureOptions struct {
	issue.RequestOptions
	save              string
	minUses, minLeft  string
	machine           bootstrap.Machine
	retireOld, dryRun bool
}

const ensureHelp = `Keep a usable code in a file. The code in the file is reused if it is Active, has at least --min-uses
and --min-left, and was created with the same flags. Otherwise a new code is created.

You can run the command any number of times, also in parallel. It prints the code only with -q and
with the formats that contain it: -o command, sh, powershell, cloud-init, env and code.

Without --retire-old the old code is not disabled; it expires. When it is expired or disabled and was
never used, a later run deletes it.`

const ensureExample = `  ecs-activation ensure --save code.json --instance-name web
  ecs-activation ensure --save code.json --min-uses 5 --min-left 1h --retire-old
  code=$(ecs-activation ensure --save code.json -q) || exit`

// defaultMinLeft is enough time for a machine to boot, install the agent and register. It is half of the
// shortest lifetime of a code, so a new code always has more time left.
const defaultMinLeft = 30 * time.Minute

func newEnsureCmd(p *invoke.Program) *cobra.Command {
	var o ensureOptions
	cmd := &cobra.Command{
		Use:         "ensure --save FILE [flags]",
		Short:       "Keep a usable code in a file",
		Long:        ensureHelp,
		Example:     ensureExample,
		Args:        cmdline.Exactly(0, "no arguments"),
		Annotations: cmdline.Does("ensure a code"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.Run(cmd, func(s *invoke.Invocation) error { return runEnsure(s, o) })
		},
	}
	f := cmd.Flags()
	o.AddRequest(f)
	f.StringVar(&o.save, "save", "", "the `file` with the code; only you can read it")
	f.StringVar(&o.minUses, "min-uses", "", "reuse the code if at least this `number` of machines can still register (default 1)")
	f.StringVar(&o.minLeft, "min-left", "", "reuse the code if it is valid for at least this `time`, such as 45m, 2h or 1d (default 30m)")
	f.BoolVar(&o.retireOld, "retire-old", false, "delete the old code if it was never used, otherwise disable it")
	f.BoolVar(&o.dryRun, "dry-run", false, "show what would be done without changing anything")
	issue.AddMachineFlags(cmd, &o.machine)
	issue.DeliveryFormats(cmd)
	p.Lookup().Request(cmd)
	complete.Flag(cmd, "save", complete.Files)
	complete.Values(cmd, "min-left", "30m", "1h", "2h")
	cmdline.Main(cmd, "save", "instance-name", "ttl", "min-uses", "min-left", "retire-old")
	return cmd
}

func runEnsure(s *invoke.Invocation, o ensureOptions) error {
	s.KeepPipes()
	machine, wrong := o.machine.Registration(o.SkipValidation)
	issue.SetScript(s, machine)
	want, err := o.want(s, wrong)
	if err != nil {
		return err
	}
	conn, err := invoke.Connect(s)
	if err != nil {
		return err
	}
	ctx, stop := s.WithTimeout()
	defer stop()
	kept, err := issue.NewIssuer(s).Ensure(ctx, issue.AccountOf(s, conn), want, issue.Dial(s))
	if err != nil {
		return issue.Describe(s).Issuance(err)
	}
	if o.dryRun {
		s.Notef(nothingChanged)
	}
	if err := view.PrintEnsured(s.Printer, view.NewEnsured(kept, want, view.NewRetired(kept.Retired, func(err error) *view.Problem { return s.Program.Problem(s.Cmd, err) }))); err != nil {
		return err
	}
	if kept.Created && !o.dryRun {
		invoke.MentionClock(s, kept.Answer)
		issue.Explain(s, kept.Issued, machine)
	}
	issue.MentionRecords(s)
	return nil
}

// want returns the request that the flags describe. Its error reports all problems together, including
// the problems of the flags for the machine.
func (o ensureOptions) want(s *invoke.Invocation, wrong activation.Problems) (w issuance.EnsureRequest, err error) {
	if o.save == "" {
		return w, cmdline.Usage(s.Op, "missing --save FILE", "give the file for the code")
	}
	if err := issue.MayPrintCode(s, ""); err != nil { // it can print a saved code
		return w, err
	}
	request, problems, err := o.RequestFor(s)
	if err != nil {
		return w, err
	}
	need, unread := o.need()
	problems = slices.Concat(problems, unread, request.Validate(o.SkipValidation), need.Validate(request), wrong)
	if err := cmdline.Invalid(s.Op, problems); err != nil {
		return w, err
	}
	file, err := codefile.RealPath(o.save)
	if err != nil {
		return w, cmdline.Wrong(s.Op, err).Advise(message.OtherFile(err))
	}
	w = issuance.EnsureRequest{Request: request, Need: need, File: file, RetireOld: o.retireOld, DryRun: o.dryRun, Accept: issue.Accept(s)}
	_, err = w.Read(disk.OS{})
	return w, issue.Describe(s).Issuance(err)
}

// need returns how many uses and how much time the code must have left.
func (o ensureOptions) need() (need activation.Need, problems activation.Problems) {
	need = activation.Need{Uses: 1, Left: defaultMinLeft}
	activation.Read(&problems, "MinUses", o.minUses, &need.Uses, activation.ParseCount)
	activation.Read(&problems, "MinLeft", o.minLeft, &need.Left, duration.Parse)
	return need, problems
}
