package cli

import (
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cmdline"
	"slices"

	"github.com/spf13/cobra"
)

// create creates one code, and the code cannot get lost: create writes and syncs a record of the request
// before it sends the request, every attempt has the same ClientToken, and the record is deleted only when
// the code was delivered or it is certain that none was created. All problems with the flags are reported
// together, before anything is sent.

type createOptions struct {
	requestOptions
	clientToken, save string
	machine           bootstrap.Machine
	dryRun            bool
}

const createHelp = `Create an activation code and print it.

The service returns the code only in this response. It cannot be read again later.

-o command, sh, powershell and cloud-init print what a machine runs to register with the code.
-o env prints three assignments for eval in a shell. -o code prints only the code.`

const createExample = `  ecs-activation create --instance-name web --ttl 4h
  ecs-activation create --client-token "$JOB_ID" --save code.json
  ecs-activation create --tag env=prod -o sh --machine-tag env=prod > run.sh
  ecs-activation create --instance-count 3 --ip-address-range 192.0.2.0/24
  code=$(ecs-activation create -q) || exit
  vars=$(ecs-activation create -o env) || exit; eval "$vars"`

func newCreateCmd(a *App) *cobra.Command {
	var o createOptions
	cmd := &cobra.Command{
		Use:     "create [flags]",
		Short:   "Create an activation code and print it",
		Long:    createHelp,
		Example: createExample,
		Args:    cmdline.Exactly(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd, func(s *invocation) error { return runCreate(s, o) })
		},
	}
	f := cmd.Flags()
	o.addRequest(f)
	f.StringVar(&o.clientToken, "client-token", "", "client `token`: the same token with the same flags returns the same code again")
	f.StringVar(&o.save, "save", "", "write the result to a new `file` that only you can read, and print it without the code")
	f.BoolVar(&o.dryRun, "dry-run", false, "check the flags without sending a request")
	a.lookup().Request(cmd)
	complete.Flag(cmd, "save", complete.Files)
	addMachineFlags(cmd, &o.machine)
	deliveryFormats(cmd)
	cmdline.Main(cmd, "instance-name", "ttl", "instance-count", "save", "output")
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
	if err := cmdline.Invalid(s.op, slices.Concat(problems, request.Validate(o.skipValidation), wrong)); err != nil {
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
	ctx, stop := s.withTimeout()
	defer stop()
	issued, err := newIssuer(s).Create(ctx, accountOf(s, conn), request, o.save)
	if err != nil {
		c := describe(s)
		c.OwnToken = o.clientToken != ""
		return c.Issuance(err)
	}
	mentionClock(s, issued.Answer)
	explain(s, issued, machine)
	mentionRecords(s)
	return nil
}
