package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
)

// list promises every code there is: it reads all pages by itself, in one region or several,
// and a region that cannot be read costs its own rows only. With the service's own paging
// parameters it asks for exactly one page. With --watch it goes on (list_watch.go).

type listOptions struct {
	allRegions, watch          bool
	activationId, instanceName string
	resourceGroupId            string
	tags, statuses             []string
	sort, limit                string
	pageNumber, pageSize       string
	maxResults, nextToken      string
}

const listHelp = `List activation codes with their status, uses and time left. Every page is read.

Status is computed: Active, Exhausted (no uses left), Expired, Disabled.

Codes come newest first, region by region. --sort orders all of them: expires (soonest first),
created (newest first), used (most first), name, region.

-o jsonl prints codes as they come, one a line, unless --sort orders them.

--watch goes on until Ctrl-C (exit 130) or --timeout, where one is given (exit 0, or that of
what could not be read to the last). It asks every 5 seconds, less often when throttled. A
terminal is redrawn every second. A pipe gets a line for each code that is there, and then for
each that is new, changed (uses, status) or gone (or none of those asked for any more); with
-o jsonl the code, with that word as its Change.`

const listExample = `  ecs-activation list
  ecs-activation list --region cn-hangzhou,cn-beijing --status active
  ecs-activation list --all-regions --tag env=prod -o wide
  ecs-activation list --all-regions --status active --sort expires --limit 10
  ecs-activation list -o json | jq '.[] | select(.RemainingCount > 0)'
  ecs-activation list --all-regions -o jsonl | head -n 20
  ecs-activation list --watch --status active --sort expires
  ecs-activation list -q --status expired | ecs-activation delete --yes -`

func newListCmd(a *App) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:        "list [flags]",
		SuggestFor: []string{"get", "DescribeActivations"},
		Aliases:    []string{"ls"},
		Short:      "List codes with status, uses and time left",
		Long:       listHelp,
		Example:    listExample,
		Args:       exactly(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd, func(s *session) error { return runList(s, o) })
		},
	}
	f := cmd.Flags()
	o.addFilters(f)
	f.StringVar(&o.activationId, "activation-id", "", "only the code with this `id`")
	f.StringSliceVar(&o.statuses, "status", nil, "only codes with this `status`: active, exhausted, expired, disabled, unknown")
	f.StringVar(&o.sort, "sort", "", "show the codes in this `order`: expires, created, used, name, region")
	f.StringVar(&o.limit, "limit", "", "show at most this `number` of codes")
	f.BoolVar(&o.watch, "watch", false, "go on: show what changes and the time left, until Ctrl-C")
	f.StringVar(&o.pageNumber, "page-number", "", "ask for one page: its `number`, from 1")
	f.StringVar(&o.pageSize, "page-size", "", "ask for one page: its `size`, 1 to 50")
	f.StringVar(&o.maxResults, "max-results", "", "ask for one page: its `size`, 1 to 50, to go on with --next-token")
	f.StringVar(&o.nextToken, "next-token", "", "ask for one page: the `token` of the page before")
	a.offerFilters(cmd)
	offerBy(cmd, "activation-id", a.discover(listedIDs))
	offerEach(cmd, "status", statusWords()...)
	offer(cmd, "sort", sortWords()...)
	return cmd
}

// addFilters adds the flags that say where to look and for which codes.
func (o *listOptions) addFilters(f *pflag.FlagSet) {
	f.BoolVar(&o.allRegions, "all-regions", false, "look in every region the documents name")
	f.StringVar(&o.instanceName, "instance-name", "", "only codes with this instance `name` prefix")
	f.StringVar(&o.resourceGroupId, "resource-group-id", "", "only codes of the resource group with this `id`")
	f.StringArrayVar(&o.tags, "tag", nil, "only codes with this tag, as `key=value`, or key for any value; repeat it for more")
}

func runList(s *session, o listOptions) error {
	regions, err := o.whereToLook(s)
	if err != nil {
		return err
	}
	request, chosen, problems := o.request(regions)
	if err := invalid(s.op, problems); err != nil {
		return err
	}
	if err := s.mayPage(o, regions); err != nil {
		return err
	}
	if err := s.mayWatch(o); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	if o.watch {
		return s.watchList(regions, request, chosen, o.allRegions)
	}
	ctx, stop := s.limited()
	defer stop()
	if o.onePage() {
		if o.pageNumber+o.pageSize != "" && o.maxResults+o.nextToken != "" {
			s.say("note: beside --max-results and --next-token the service ignores --page-number and --page-size")
		}
		page, err := s.service.List(ctx, request)
		if err != nil {
			return err
		}
		return s.printPage(page, regions[0], selection{statuses: chosen.statuses})
	}
	if s.streams(chosen) {
		return s.streamList(ctx, regions, request, chosen, o.allRegions)
	}
	found, failed := s.readRegions(ctx, regions, request, chosen.enough(), o.allRegions)
	if len(failed) < len(regions) {
		if err := s.printList(found, chosen, regions); err != nil {
			return err
		}
	}
	s.mentionRecords()
	return batch(s.op, failed, len(regions), "regions", false)
}

// whereToLook returns the regions of the flags, or the one that the ID carries.
func (o *listOptions) whereToLook(s *session) ([]string, error) {
	region, id, qualified := strings.Cut(o.activationId, "/")
	if !qualified || region == "" || id == "" { // a variable that was not set would select every code
		return s.regions(o.allRegions)
	}
	o.activationId = id
	return []string{region}, nil
}

// regions returns the regions to look in, at least one.
func (s *session) regions(all bool) ([]string, error) {
	if all {
		if s.settings.Value("region").FromFlag() {
			return nil, usageError(s.op, "--all-regions and --region exclude each other", "")
		}
		return activation.Regions(), nil
	}
	if err := s.needRegion(); err != nil {
		return nil, err
	}
	var regions []string
	named := s.settings.Value("region")
	for region := range strings.SplitSeq(named.Value, ",") {
		if region == "" && named.Value != "" {
			return nil, usageError(s.op, fmt.Sprintf("%s: %q names an empty region", named.Source, named.Value), "was a variable in it not set?")
		}
		if !slices.Contains(regions, region) {
			regions = append(regions, region)
		}
	}
	return regions, nil
}

// mayPage refuses to ask for one page of what is no page of the service.
func (s *session) mayPage(o listOptions, regions []string) error {
	const hint = "leave the paging flags out: every page is then read by itself"
	given := s.cmd.Flags().Changed
	switch {
	case o.onePage() && len(regions) > 1:
		return usageError(s.op, "one page is of one region", hint)
	case o.onePage() && (given("sort") || given("limit")):
		return usageError(s.op, "one page comes as the service sends it, without --sort and --limit", hint)
	}
	return nil
}

// request turns the flags into a request for the first region, and a selection for what the
// service cannot select, with all problems. The other regions are checked as well.
func (o listOptions) request(regions []string) (activation.ListRequest, selection, activation.Problems) {
	var problems activation.Problems
	for _, region := range regions[1:] {
		problems = append(problems, activation.ValidateRegion(region)...)
	}
	r := activation.ListRequest{
		RegionId: regions[0], ActivationId: o.activationId, InstanceName: o.instanceName,
		ResourceGroupId: o.resourceGroupId, NextToken: o.nextToken,
	}
	var chosen selection
	for _, number := range []struct {
		parameter, text string
		into            *int
	}{
		{"PageNumber", o.pageNumber, &r.PageNumber}, {"PageSize", o.pageSize, &r.PageSize},
		{"MaxResults", o.maxResults, &r.MaxResults}, {"Limit", o.limit, &chosen.most},
	} {
		if number.text == "" {
			continue
		}
		n, err := activation.ParseCount(number.text)
		if err != nil {
			problems.Add(number.parameter, number.text, err.Error(), "")
		}
		*number.into = n
	}
	for _, text := range o.tags {
		r.Tags = append(r.Tags, activation.ParseTagFilter(text))
	}
	problems = append(problems, chosen.read(o.statuses, o.sort)...)
	return r, chosen, append(problems, r.Validate()...)
}

// onePage says whether the service's own paging was asked for.
func (o listOptions) onePage() bool {
	return o.pageNumber+o.pageSize+o.maxResults+o.nextToken != ""
}
