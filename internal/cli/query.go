package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// This file has what the commands share that read lists: the flags that choose codes, the regions,
// and the notes about what was read.

// filterOptions are the flags that say where to look and for which codes.
type filterOptions struct {
	allRegions      bool
	instanceName    string
	resourceGroupId string
	tags            []string
}

func (o *filterOptions) addFilters(f *pflag.FlagSet) {
	f.BoolVar(&o.allRegions, "all-regions", false, "look in every region the documents name")
	f.StringVar(&o.instanceName, "instance-name", "", "only codes with this instance `name` prefix")
	f.StringVar(&o.resourceGroupId, "resource-group-id", "", "only codes of the resource group with this `id`")
	f.StringArrayVar(&o.tags, "tag", nil, "only codes with this tag, as `key=value`, or key for any value; repeat it for more")
}

// filter turns the flags into a request.
func (o filterOptions) filter() activation.ListRequest {
	r := activation.ListRequest{InstanceName: o.instanceName, ResourceGroupId: o.resourceGroupId}
	for _, text := range o.tags {
		r.Tags = append(r.Tags, activation.ParseTagFilter(text))
	}
	return r
}

// validQuery returns everything that is wrong with a query.
func validQuery(q fleet.Query) (problems activation.Problems) {
	for _, region := range q.Regions[1:] {
		problems = append(problems, activation.ValidateRegion(region)...)
	}
	return append(problems, onlyRegion(q).Validate()...)
}

// onlyRegion returns the request of a query for its first region.
func onlyRegion(q fleet.Query) activation.ListRequest {
	r := q.Filter
	r.RegionId = q.Regions[0]
	return r
}

// count is the value of a flag that is a number.
type count struct {
	parameter, text string
	into            *int
}

// counts reads the numbers that are given.
func counts(flags ...count) (problems activation.Problems) {
	for _, c := range flags {
		if c.text == "" {
			continue
		}
		n, err := activation.ParseCount(c.text)
		if err != nil {
			problems.Add(c.parameter, c.text, err)
		}
		*c.into = n
	}
	return problems
}

// regions returns the regions of the settings, at least one.
func regionsOf(s *invocation, all bool) ([]string, error) {
	if all {
		if s.settings.Value("region").FromFlag() {
			return nil, usageError(s.op, "--all-regions and --region exclude each other", "")
		}
		return activation.Regions(), nil
	}
	if err := needRegion(s); err != nil {
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

// mentionIgnored prints a warning when the service returned codes that were not requested.
func mentionIgnored(s *invocation, i fleet.Ignored) {
	if i.Codes > 0 {
		s.say("warning: the service ignored %s; %s that did not match it left out", cmdline.FlagFor(i.Parameter), ui.Count(i.Codes, "code"))
	}
}

// readProgress returns what is called with every part of a reading, which shows the progress on a terminal,
// and what ends it.
func readProgress(s *invocation, q fleet.Query) (see func(fleet.Part), stop func()) {
	return view.ReadProgress(s.IO, q, func() { s.say("note: not every region has activation codes; those without are left out") })
}
