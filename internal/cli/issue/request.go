package issue

import (
	"strings"

	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
)

// RequestOptions are the flags that describe a code.
type RequestOptions struct {
	activation.CreateText
	SkipValidation bool
}

// AddRequest adds the flags of RequestOptions.
func (o *RequestOptions) AddRequest(f *pflag.FlagSet) {
	f.StringVar(&o.InstanceName, "instance-name", "", "`prefix` of the machines' names, 2 to 50 characters (default: their host names)")
	f.StringVar(&o.Description, "description", "", "`text` of 1 to 100 characters")
	f.StringVar(&o.InstanceCount, "instance-count", "", "`number` of machines that can register, 1 to 1000 (default 10)")
	f.StringVar(&o.TimeToLive, "ttl", "", "lifetime in `hours`, 1 to 4 (default 4)")
	f.StringVar(&o.IpAddressRange, "ip-address-range", "", "`range` of addresses from which machines can register: IPv4, IPv6 or CIDR (default: any)")
	f.StringArrayVar(&o.Tags, "tag", nil, "tag as `key=value`; can be repeated, up to 20 tags")
	f.StringVar(&o.ResourceGroupId, "resource-group-id", "", "`id` of the resource group (default: the account's default group)")
	f.BoolVar(&o.SkipValidation, "skip-validation", false, "skip client-side checks of ranges, lengths and patterns")
}

// RequestFor returns the flags as a request, with all problems of their values. It returns an error if the
// region cannot be determined.
func (o RequestOptions) RequestFor(s *invoke.Invocation) (r activation.CreateRequest, problems activation.Problems, err error) {
	region, err := invoke.OneRegion(s)
	if err != nil {
		return r, nil, err
	}
	invoke.MentionTags(s, o.Tags)
	r, problems = o.Request()
	r.RegionId = region
	return r, append(EmptyValues(s), problems...), nil
}

// EmptyValues returns a problem for each flag that was given an empty value. The values of lists are checked one
// by one elsewhere.
func EmptyValues(s *invoke.Invocation) (problems activation.Problems) {
	_, empty := cmdline.Given(s.Cmd)
	for _, flag := range empty {
		name := strings.TrimPrefix(flag, "--")
		if _, list := s.Cmd.Flag(name).Value.(pflag.SliceValue); !list {
			problems.Add(name, "", activation.Empty{})
		}
	}
	return problems
}
