package cli

import (
	"strings"

	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
)

// requestOptions are the flags that say what code is wanted: create makes one, ensure keeps one.
type requestOptions struct {
	instanceName, description string
	instanceCount, ttl        string
	ipAddressRange            string
	tags                      []string
	resourceGroupId           string
	skipValidation            bool
}

// addRequest adds those flags.
func (o *requestOptions) addRequest(f *pflag.FlagSet) {
	f.StringVar(&o.instanceName, "instance-name", "", "`prefix` of the machines' names, 2 to 50 characters (default: their host names)")
	f.StringVar(&o.description, "description", "", "`text` of 1 to 100 characters")
	f.StringVar(&o.instanceCount, "instance-count", "", "how many machines may register: a `number` from 1 to 1000 (default 10)")
	f.StringVar(&o.ttl, "ttl", "", "lifetime in whole `hours`, 1 to 4, as 4 or 4h (default 4)")
	f.StringVar(&o.ipAddressRange, "ip-address-range", "", "`range` of addresses that may register: IPv4, IPv6 or CIDR (default: any)")
	f.StringArrayVar(&o.tags, "tag", nil, "tag as `key=value`; repeat it for more, up to 20")
	f.StringVar(&o.resourceGroupId, "resource-group-id", "", "`id` of the resource group (default: the account's default group)")
	f.BoolVar(&o.skipValidation, "skip-validation", false, "leave ranges, lengths and patterns to the service")
}

// request turns the flags into a request, with all problems; its error is that the region is
// not known.
func (o requestOptions) request(s *invocation) (r activation.CreateRequest, problems activation.Problems, err error) {
	region, err := oneRegion(s)
	if err != nil {
		return r, nil, err
	}
	r = activation.CreateRequest{
		RegionId:          region,
		InstanceName:      o.instanceName,
		Description:       o.description,
		InstanceCount:     activation.DefaultInstanceCount,
		TimeToLiveInHours: activation.DefaultTimeToLiveInHours,
		IpAddressRange:    o.ipAddressRange,
		ResourceGroupId:   o.resourceGroupId,
	}
	_, empty := cmdline.Given(s.cmd)
	for _, flag := range empty {
		name := strings.TrimPrefix(flag, "--")
		if _, list := s.cmd.Flag(name).Value.(pflag.SliceValue); !list { // whose values are read one by one
			problems.Add(name, "", activation.Empty{})
		}
	}
	if o.instanceCount != "" {
		if r.InstanceCount, err = activation.ParseCount(o.instanceCount); err != nil {
			problems.Add("InstanceCount", o.instanceCount, err)
		}
	}
	if o.ttl != "" {
		if r.TimeToLiveInHours, err = activation.ParseTimeToLive(o.ttl); err != nil {
			problems.Add("TimeToLiveInHours", o.ttl, err)
		}
	}
	for _, text := range o.tags {
		tag, err := activation.ParseTag(text)
		if err != nil {
			problems.Add("Tag", text, err)
			continue
		}
		r.Tags = append(r.Tags, tag)
	}
	return r, problems, nil
}
