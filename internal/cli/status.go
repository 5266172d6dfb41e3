package cli

import (
	"cmp"
	"slices"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// status prints who signs requests, whether that works, and what the regions hold. It prints what is known
// even if there are no credentials or a region cannot be read, and then the error. It only reads codes: the
// machines are computed from them, so no other permission is needed.

const statusHelp = `Show who signs requests and whether that works, the region, the endpoint, this machine's
clock, how many codes there are and what expires within the hour, the documented quota, and codes to recover.

The number of machines is computed from the codes: registrations minus deregistrations. The quota is the one
that the documentation names; the quota of the account is not read.

If the credentials are missing or refused, or a region cannot be read, everything else is shown, and the
exit code is that of the error: with -q nothing else is shown. Only DescribeActivations is sent.`

const statusExample = `  ecs-activation status
  ecs-activation status --all-regions
  ecs-activation status --region cn-hangzhou,cn-beijing -o wide
  ecs-activation status -o json | jq '.Regions[] | {RegionId, Active}'`

func newStatusCmd(p *invoke.Program) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:         "status [flags]",
		Short:       "Show who signs, what the regions hold, and what to recover",
		Long:        statusHelp,
		Example:     statusExample,
		Args:        cmdline.Exactly(0, "no arguments"),
		Annotations: cmdline.Does("show the status"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.Run(cmd, func(s *invoke.Invocation) error { return runStatus(s, all) })
		},
	}
	cmd.Flags().BoolVar(&all, "all-regions", false, "read all regions that the documentation names")
	return cmd
}

func runStatus(s *invoke.Invocation, all bool) error {
	all = invoke.AllRegions(s, all)
	address, err := invoke.Addresses(s)
	if err != nil {
		return err
	}
	found, signer, err := look(s, all)
	if err != nil {
		return err
	}
	texts := found.Texts(s.Program.Describe(s.Cmd))
	if err := view.PrintStatus(s.Printer, statusView(s, found, signer, address), view.StatusTexts(texts), all); err != nil {
		return err
	}
	if found.Err != nil {
		return found.Err
	}
	return message.Partial(fleet.OpCount, found.Failed(), len(found.Regions), "regions", false)
}

// look returns what status shows, and who signs. It returns an error only if the command line is wrong.
func look(s *invoke.Invocation, all bool) (found message.Overview, signer view.Signer, err error) {
	var conn *invoke.Connection
	regions, err := invoke.RegionsOf(s, all)
	if err == nil {
		conn, err = invoke.Connect(s)
	}
	if activation.KindOf(err) == activation.KindUsage {
		return found, signer, err
	}
	if slices.Equal(regions, []string{""}) { // no region is set
		regions, err = nil, cmp.Or(err, cmdline.Invalid(s.Op, activation.ValidateRegion("")))
	}
	for _, region := range regions {
		if wrong := cmdline.Invalid(s.Op, activation.ValidateRegion(region)); wrong != nil {
			return found, signer, wrong
		}
	}
	if conn != nil {
		signer = view.Signer{Source: conn.Identity.Source, AccessKeyId: conn.Identity.AccessKeyId, Role: conn.Identity.Role}
	}
	found = message.Overview{Sandbox: s.Sandbox(), All: all, Region: s.Settings.Value("region"), Quotas: activation.DocumentedQuotas()}
	found.Counted = count(s, conn, fleet.Query{Regions: regions, Unserved: all}, err)
	found.Recoverable, found.Unread = issue.Recoverable(s)
	return found, signer, nil
}

// count counts the codes of the regions. unsent is why nothing can be sent, or nil.
func count(s *invoke.Invocation, conn *invoke.Connection, q fleet.Query, unsent error) fleet.Counted {
	if unsent != nil {
		return fleet.NotCounted(q, unsent)
	}
	ctx, stop := s.WithTimeout()
	defer stop()
	see, seen := view.ReadProgress(s.IO, q, func() {})
	defer seen()
	return conn.Reader.Count(ctx, q, s.Now, see)
}

// statusView returns the status for programs.
func statusView(s *invoke.Invocation, found message.Overview, signer view.Signer, address func(region string) string) view.Status {
	v := view.Status{
		Identity: signer, Sandbox: found.Sandbox, Endpoint: s.Settings.Text("endpoint"), ClockDifferenceSeconds: found.ClockDifference(),
		Regions: []view.RegionStatus{}, DocumentedQuotas: view.NewQuotas(found.Quotas),
		Recoverable: found.Recoverable, UnreadableRecords: found.Unread,
	}
	if found.Sandbox {
		v.Endpoint = address("")
	}
	v.Identity.Works, _ = found.Works()
	for _, region := range found.Regions {
		v.Regions = append(v.Regions, view.NewRegionStatus(region, address(region.RegionId), s.Program.Problem(s.Cmd, region.Err)))
	}
	return v
}
