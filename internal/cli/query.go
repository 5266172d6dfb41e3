package cli

import (
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/view"
)

// This file has what list and prune share: the flags that select codes, the regions, and the notes about
// what was read.

// filterOptions are the flags that select regions and codes.
type filterOptions struct {
	allRegions      bool
	instanceName    string
	resourceGroupId string
	tags            []string
}

func (o *filterOptions) addFilters(f *pflag.FlagSet) {
	f.BoolVar(&o.allRegions, "all-regions", false, "read all regions that the documentation names")
	f.StringVar(&o.instanceName, "instance-name", "", "only codes whose instance name is this `name`; give the whole name")
	f.StringVar(&o.resourceGroupId, "resource-group-id", "", "only codes of the resource group with this `id`")
	f.StringArrayVar(&o.tags, "tag", nil, "only codes with this tag, as `key=value`, or key for any value; can be repeated")
}

// filter returns the flags as a request.
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

// mentionIgnored prints a warning when the service returned codes that were not requested.
func mentionIgnored(s *invoke.Invocation, i fleet.Ignored) {
	if i.Codes > 0 {
		s.NoteCount(i.Codes, "warning: the service ignored %[2]s; %[1]s code that did not match it omitted",
			"warning: the service ignored %[2]s; %[1]s codes that did not match it omitted", cmdline.FlagFor(i.Parameter))
	}
}

// readProgress shows the progress of reading on a terminal. see must be called with every part that was
// read, and stop at the end.
func readProgress(s *invoke.Invocation, q fleet.Query) (see func(fleet.Part), stop func()) {
	return view.ReadProgress(s.IO, q, func() { s.Notef("note: regions in which the service has no activation codes are omitted") })
}
