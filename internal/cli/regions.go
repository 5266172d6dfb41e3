package cli

import (
	"cmp"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/view"
)

// regions lists the regions of the documentation. It needs no credentials and sends nothing, except with
// --live.

const regionsHelp = `List the regions that the documentation lists for activation codes, with the date of the first page
that lists them, and the endpoint to which this program sends its requests. Nothing is sent, and no
credentials are needed.

--live also calls DescribeRegions, and shows which regions it returns, also those that the documentation does
not list for activation codes. It returns regions whether or not they have activation codes.`

const regionsExample = `  ecs-activation regions
  ecs-activation regions --endpoint vpc
  ecs-activation regions --live -o wide
  ecs-activation regions -q | head -n 3`

func newRegionsCmd(p *invoke.Program) *cobra.Command {
	var live bool
	var o invoke.ColumnOptions
	cmd := &cobra.Command{
		Use:         "regions [flags]",
		Short:       "List the documented regions with their endpoints",
		Long:        regionsHelp,
		Example:     regionsExample,
		Args:        cmdline.Exactly(0, "no arguments"),
		Annotations: cmdline.Does("list the regions"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.Run(cmd, func(s *invoke.Invocation) error { return runRegions(s, o, live) })
		},
	}
	invoke.Formats(cmd, "table", "wide", "csv", "json", "jsonl", "yaml")
	o.Add(cmd, view.RegionColumns())
	cmd.Flags().BoolVar(&live, "live", false, "also call DescribeRegions (needs credentials)")
	return cmd
}

func runRegions(s *invoke.Invocation, o invoke.ColumnOptions, live bool) error {
	if err := o.Apply(s, view.RegionColumns()); err != nil {
		return err
	}
	address, err := invoke.Addresses(s)
	if err != nil {
		return err
	}
	var answered []activation.LiveRegion
	if live {
		if answered, err = liveRegions(s); err != nil {
			return err
		}
	}
	var regions []view.Region
	for _, r := range activation.MergeRegions(activation.DocumentedRegions(), answered) {
		regions = append(regions, view.NewRegion(r, address(r.RegionId), live))
	}
	return view.PrintRegions(s.Printer, regions)
}

// liveRegions returns the answer of DescribeRegions from the endpoint of the first region of the settings, or
// of cn-hangzhou.
func liveRegions(s *invoke.Invocation) ([]activation.LiveRegion, error) {
	if err := invoke.ResolveRegion(s); err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(s.Settings.Text("region"), ",")
	at := cmp.Or(first, "cn-hangzhou")
	if err := cmdline.Invalid(s.Op, activation.ValidateRegion(at)); err != nil {
		return nil, err
	}
	conn, err := invoke.Connect(s)
	if err != nil {
		return nil, err
	}
	ctx, stop := s.WithTimeout()
	defer stop()
	return conn.Client.Regions(ctx, at)
}
