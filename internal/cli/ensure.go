package cli

import (
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/view"
)

// ensure promises a file with a code that machines can register with: the one that is there as
// long as it will do, otherwise a new one, made as create makes it. The file is replaced whole,
// by one run at a time, and what an earlier run was killed over is finished first. The old code
// is left to expire, because machines may be booting with it.

type ensureOptions struct {
	requestOptions
	save              string
	minUses, minLeft  string
	machine           bootstrap.Machine
	retireOld, dryRun bool
}

const ensureHelp = `Keep a usable code in a file: the code that is there is used again as long as it is Active, has
--min-uses and --min-left, and was made with the same flags. Otherwise a new one is made.

Run it as often as you like, and side by side. The code is printed only with -q, and with the -o
of create that print it: command, sh, powershell, cloud-init, env and code.

The old code is left to expire. Once it is dead and was never used, a later run deletes it.`

const ensureExample = `  ecs-activation ensure --save code.json --instance-name web
  ecs-activation ensure --save code.json --min-uses 5 --min-left 1h --retire-old
  code=$(ecs-activation ensure --save code.json -q) || exit`

// defaultMinLeft is time enough for a machine to boot, install the agent and register, and half
// of the shortest lifetime a code can have: no code is too old as soon as it is made.
const defaultMinLeft = 30 * time.Minute

func newEnsureCmd(a *App) *cobra.Command {
	var o ensureOptions
	cmd := &cobra.Command{
		Use:         "ensure --save FILE [flags]",
		Short:       "Keep a usable code in a file",
		Long:        ensureHelp,
		Example:     ensureExample,
		Args:        cmdline.Exactly(0, "flags only"),
		Annotations: cmdline.Does("ensure a code"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd, func(s *invocation) error { return runEnsure(s, o) })
		},
	}
	f := cmd.Flags()
	o.addRequest(f)
	f.StringVar(&o.save, "save", "", "the `file` that holds the code; only you can read it")
	f.StringVar(&o.minUses, "min-uses", "", "use the code again while this `number` of machines can register (default 1)")
	f.StringVar(&o.minLeft, "min-left", "", "use the code again while it lives for this `time`, such as 45m or 2h (default 30m)")
	f.BoolVar(&o.retireOld, "retire-old", false, "delete the old code if it was never used, otherwise disable it")
	f.BoolVar(&o.dryRun, "dry-run", false, "look the code up, show what would be done, change nothing")
	addMachineFlags(cmd, &o.machine)
	deliveryFormats(cmd)
	a.lookup().Request(cmd)
	complete.Flag(cmd, "save", complete.Files)
	complete.Values(cmd, "min-left", "30m", "1h", "2h")
	return cmd
}

func runEnsure(s *invocation, o ensureOptions) error {
	s.KeepPipes()
	machine, wrong := o.machine.Registration(o.skipValidation)
	s.prints(machine)
	want, err := o.want(s, wrong)
	if err != nil {
		return err
	}
	conn, err := connect(s)
	if err != nil {
		return err
	}
	ctx, stop := s.limited()
	defer stop()
	kept, err := newIssuer(s).Ensure(ctx, accountOf(s, conn), want, dial(s))
	if err != nil {
		return wordsOf(s).Issuance(err)
	}
	if o.dryRun {
		s.say(nothingChanged)
	}
	if err := view.PrintEnsured(s.printer, view.NewEnsured(kept, want, retiredOf(s, kept.Retired))); err != nil {
		return err
	}
	if kept.Created && !o.dryRun {
		mentionClock(s, kept.Answer)
		explain(s, kept.Issued, machine)
	}
	mentionRecords(s)
	return nil
}

// want turns the flags into what the command does, and reports every problem at once, with those of
// the machine's flags.
func (o ensureOptions) want(s *invocation, wrong activation.Problems) (w issuance.EnsureRequest, err error) {
	if o.save == "" {
		return w, cmdline.Usage(s.op, "the file that holds the code is not named", "give --save FILE")
	}
	if err := mayPrintCode(s, ""); err != nil { // it may well print a saved one
		return w, err
	}
	request, problems, err := o.request(s)
	if err != nil {
		return w, err
	}
	need, unread := o.need()
	problems = slices.Concat(problems, unread, request.Validate(o.skipValidation), need.Validate(request), wrong)
	if err := cmdline.Invalid(s.op, problems); err != nil {
		return w, err
	}
	file, err := codefile.RealPath(o.save)
	if err != nil {
		return w, cmdline.Usage(s.op, err.Error(), message.OtherFile)
	}
	w = issuance.EnsureRequest{Request: request, Need: need, File: file, RetireOld: o.retireOld, DryRun: o.dryRun, Accept: accept(s)}
	_, err = w.Read(disk.OS{})
	return w, wordsOf(s).Issuance(err)
}

// accept returns what refuses a file that holds a real code: for the sandbox that code does not exist.
func accept(s *invocation) func(codefile.File) error {
	return func(f codefile.File) error {
		if s.sandbox() && !sandbox.Made(f.ActivationCode) {
			return errors.New("its code is a real one, which does not exist in the sandbox")
		}
		return nil
	}
}

// need returns what the code must still be good for.
func (o ensureOptions) need() (need activation.Need, problems activation.Problems) {
	need = activation.Need{Uses: 1, Left: defaultMinLeft}
	problems.Read("MinUses", o.minUses, &need.Uses, activation.ParseCount)
	if o.minLeft != "" {
		var err error
		if need.Left, err = activation.ParseAge(o.minLeft); err != nil {
			problems.Add("MinLeft", o.minLeft, err)
		}
	}
	return need, problems
}

// retired is what became of the old codes.
func retiredOf(s *invocation, results []fleet.Result) []view.Changed {
	retired := []view.Changed{}
	for _, r := range results {
		outcome := view.Outcome{Result: r, Became: view.Deleted}
		switch {
		case r.Err != nil:
			outcome.Became, outcome.Problem = view.Failed, s.app.problem(s.cmd, r.Err)
		case r.Code.Disabled:
			outcome.Became = view.Disabled
		}
		retired = append(retired, view.NewChanged(outcome))
	}
	return retired
}
