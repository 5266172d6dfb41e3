package cli

import (
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
	"slices"

	"github.com/spf13/cobra"
)

// create promises one code for one command, and that it is never lost: a record of the request
// is synced before it is sent, every attempt carries the same ClientToken, and the record goes
// only when the code was handed over or nothing was made. It promises that everything wrong
// with the flags is told at once, before anything is sent.

type createOptions struct {
	requestOptions
	clientToken, save string
	machine           bootstrap.Machine
	dryRun            bool
}

const createHelp = `Make an activation code and print it.

The service shows a code this once: it can never be read again.

-o command, sh, powershell and cloud-init print what a machine runs to register with it; env
prints three assignments for eval in a shell, and code the bare code.`

const createExample = `  ecs-activation create --instance-name web --ttl 4h
  ecs-activation create --instance-count 3 --ip-address-range 192.0.2.0/24
  ecs-activation create --client-token "$JOB_ID" --save code.json
  ecs-activation create --tag env=prod -o sh --machine-tag env=prod > run.sh
  code=$(ecs-activation create -q) || exit
  vars=$(ecs-activation create -o env) || exit; eval "$vars"`

func newCreateCmd(a *App) *cobra.Command {
	var o createOptions
	cmd := &cobra.Command{
		Use:        "create [flags]",
		SuggestFor: []string{"new", "add", "make", "CreateActivation"},
		Short:      "Make an activation code and print it",
		Long:       createHelp,
		Example:    createExample,
		Args:       exactly(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd, func(s *invocation) error { return runCreate(s, o) })
		},
	}
	f := cmd.Flags()
	o.addRequest(f)
	f.StringVar(&o.clientToken, "client-token", "", "your own `token`: the same token and flags bring the same code again")
	f.StringVar(&o.save, "save", "", "write the code to a new `file` that only you can read, and not to standard output")
	f.BoolVar(&o.dryRun, "dry-run", false, "check everything, send nothing")
	a.lookup().Request(cmd)
	complete.Flag(cmd, "save", complete.Files)
	addMachineFlags(cmd, &o.machine)
	deliveryFormats(cmd)
	return cmd
}

func runCreate(s *invocation, o createOptions) error {
	s.KeepPipes()
	machine, wrong := o.machine.Registration(o.skipValidation)
	s.prints(machine)
	if err := mayPrintCode(s, o.save); err != nil {
		return err
	}
	request, problems, err := o.request(s)
	if err != nil {
		return err
	}
	request.ClientToken = o.clientToken
	if err := invalid(s.op, slices.Concat(problems, request.Validate(o.skipValidation), wrong)); err != nil {
		return err
	}
	if o.dryRun {
		return printDryCreate(s, request)
	}
	if err := deliverable(s, o.save); err != nil {
		return err
	}
	conn, err := connect(s)
	if err != nil {
		return err
	}
	ctx, stop := s.limited()
	defer stop()
	issued, err := newIssuer(s).Create(ctx, accountOf(s, conn), request, o.save)
	if err != nil {
		c := wordsOf(s)
		c.OwnToken = o.clientToken != ""
		return c.Issuance(err)
	}
	mentionClock(s, issued.Answer)
	explain(s, issued, machine)
	mentionRecords(s)
	return nil
}
