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
	manyOptions
	clientToken, save string
	machine           bootstrap.Machine
	dryRun            bool
}

const createHelp = `Create an activation code and print it.

The service returns the code only in this response. It cannot be read again later.

-o command, sh, powershell and cloud-init print what a machine runs to register with the code.
-o env prints three assignments for eval in a shell. -o code prints only the code.

--from creates one code for each row of a list: CSV with a header, or JSON Lines. Its columns have the names
of the flags: region, instance-name, description, instance-count, ttl, ip-address-range, tag (several columns,
or several tags with ";" between them) and resource-group-id. What a row does not have comes from the flags.
All rows are checked before the first request. At most 8 requests run at once in a region.

After any interruption run the same command again. Rows that are finished get the same code again, or keep
their file in --save-dir; the others continue. When codes of the batch are expired, disabled or deleted, the
command fails, and --renew makes new codes for these rows. The default of --timeout is 1h with --from.`

const createExample = `  ecs-activation create --instance-name web --ttl 4h
  ecs-activation create --client-token "$JOB_ID" --save code.json
  ecs-activation create --from hosts.csv --instance-count 1 --save-dir codes
  ecs-activation create --from hosts.csv --save-dir scripts -o sh
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
		Args:    cmdline.Exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.from != "" {
				cmd.Annotations["timeout"] = manyTimeout
			}
			return a.run(cmd, func(s *invocation) error { return runCreate(s, o) })
		},
	}
	f := cmd.Flags()
	o.addRequest(f)
	f.StringVar(&o.clientToken, "client-token", "", "client `token`: the same token with the same flags returns the same code again")
	f.StringVar(&o.save, "save", "", "write the result to a new `file` that only you can read, and print it without the code")
	o.addMany(f)
	f.BoolVar(&o.dryRun, "dry-run", false, "check the flags without sending a request")
	a.lookup().Request(cmd)
	for _, flag := range []string{"save", "from", "save-dir"} {
		complete.Flag(cmd, flag, complete.Files)
	}
	addMachineFlags(cmd, &o.machine)
	deliveryFormats(cmd)
	cmdline.Main(cmd, "instance-name", "ttl", "instance-count", "save", "from", "output")
	return cmd
}

func runCreate(s *invocation, o createOptions) error {
	s.KeepPipes()
	machine, wrong := o.machine.Registration(o.skipValidation)
	s.prints(machine)
	if o.from != "" {
		return runMany(s, o, wrong)
	}
	if err := o.checkSingle(s); err != nil {
		return err
	}
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
