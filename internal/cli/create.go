package cli

import (
	"cmp"
	"slices"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
	"ecs-activation/internal/cli/many"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/view"

	"github.com/spf13/cobra"
)

// create creates one code, and the code cannot get lost: create writes and syncs a record of the request
// before it sends the request, every attempt has the same ClientToken, and the record is deleted only when
// the code was delivered or it is certain that none was created. All problems with the flags are reported
// together, before anything is sent.

type createOptions struct {
	many.Options
	clientToken, save string
}

const createHelp = `Create an activation code and print it.

The service returns the code only in this response. Until it expires, recover --last prints it again on the
machine that created it.

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

func newCreateCmd(p *invoke.Program) *cobra.Command {
	var o createOptions
	cmd := &cobra.Command{
		Use:     "create [flags]",
		Short:   "Create an activation code and print it",
		Long:    createHelp,
		Example: createExample,
		Args:    cmdline.Exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.Run(cmd, func(s *invoke.Invocation) error { return runCreate(s, o) })
		},
	}
	f := cmd.Flags()
	o.AddRequest(f)
	f.StringVar(&o.clientToken, "client-token", "", "client `token`: the same token with the same flags returns the same code again")
	f.StringVar(&o.save, "save", "", "write the result to a new `file` that only you can read, and print it without the code")
	o.AddList(f)
	f.BoolVar(&o.DryRun, "dry-run", false, "check the flags without sending a request")
	p.Lookup().Request(cmd)
	for _, flag := range []string{"save", "from", "save-dir"} {
		complete.Flag(cmd, flag, complete.Files)
	}
	issue.AddMachineFlags(cmd, &o.Machine)
	issue.DeliveryFormats(cmd)
	cmdline.Main(cmd, "instance-name", "ttl", "instance-count", "save", "from", "output")
	return cmd
}

func runCreate(s *invoke.Invocation, o createOptions) error {
	s.KeepPipes()
	if o.From != "" {
		s.DefaultTimeout(many.Timeout)
	}
	machine, wrong := o.Machine.Registration(o.SkipValidation)
	issue.SetScript(s, machine)
	if err := o.check(s); err != nil {
		return err
	}
	if o.From != "" {
		return many.Create(s, o.Options, wrong)
	}
	request, problems, err := o.RequestFor(s)
	if err != nil {
		return err
	}
	request.ClientToken = o.clientToken
	if err := cmdline.Invalid(s.Op, slices.Concat(problems, request.Validate(o.SkipValidation), wrong)); err != nil {
		return err
	}
	if o.DryRun {
		return printDryCreate(s, request)
	}
	if err := issue.Deliverable(s, o.save); err != nil {
		return err
	}
	conn, err := invoke.Connect(s)
	if err != nil {
		return err
	}
	ctx, stop := s.WithTimeout()
	defer stop()
	issued, err := issue.NewIssuer(s).Create(ctx, issue.AccountOf(s, conn), request, o.save)
	if err != nil {
		c := issue.Describe(s)
		c.OwnToken = o.clientToken != ""
		return c.Issuance(err)
	}
	invoke.MentionClock(s, issued.Answer)
	issue.Explain(s, issued, machine)
	issue.MentionRecords(s)
	return nil
}

// check returns an error if flags contradict each other.
func (o createOptions) check(s *invoke.Invocation) error {
	switch {
	case o.From == "":
		return cmp.Or(o.CheckSingle(s), issue.MayPrintCode(s, o.save))
	case o.clientToken != "":
		return cmdline.Usage(s.Op, "--client-token cannot be combined with --from, because each row has its own token", "omit it; --batch NAME names the batch")
	case o.save != "":
		return cmdline.Usage(s.Op, "--save cannot be combined with --from", "give --save-dir FOLDER: each row gets its own file there")
	}
	return nil
}

// printDryCreate prints the code that the command would request.
func printDryCreate(s *invoke.Invocation, r activation.CreateRequest) error {
	code := codefile.FromRequest(r)
	code.DryRun = true
	s.Notef("dry run: the flags are valid; nothing was sent")
	return view.PrintCreated(s.Printer, code)
}
