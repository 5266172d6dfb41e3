package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
)

// create promises one code for one command, and that it is never lost: a record of the request
// is synced before it is sent, every attempt carries the same ClientToken, and the record goes
// only when the code was handed over or nothing was made. It promises that everything wrong
// with the flags is told at once, before anything is sent.

type createOptions struct {
	instanceName, description string
	instanceCount, ttl        string
	ipAddressRange            string
	tags                      []string
	resourceGroupId           string
	clientToken               string
	save                      string
	machine                   machineOptions
	skipValidation, dryRun    bool
}

const createHelp = `Make an activation code and print it.

The service shows a code this once: it can never be read again.

-o command, sh, powershell and cloud-init print what a machine runs to register with it; env
prints three assignments for eval in a shell, and code the bare code.`

const createExample = `  ecs-activation create --instance-name web --ttl 4h
  ecs-activation create --instance-name db --instance-count 3 --ip-address-range 192.0.2.0/24 --tag env=prod
  ecs-activation create --instance-name ci --client-token "$JOB_ID" --save code.json
  ecs-activation create -o sh --machine-tag env=prod > register.sh
  code=$(ecs-activation create -q) || exit
  vars=$(ecs-activation create -o env) || exit; eval "$vars"`

func newCreateCmd(a *App) *cobra.Command {
	var o createOptions
	cmd := &cobra.Command{
		Use:     "create [flags]",
		Short:   "Make an activation code and print it",
		Long:    createHelp,
		Example: createExample,
		Args:    exactly(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd, func(s *session) error { return runCreate(s, o) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.instanceName, "instance-name", "", "`prefix` of the machines' names, 2 to 50 characters (default: their host names)")
	f.StringVar(&o.description, "description", "", "`text` of 1 to 100 characters")
	f.StringVar(&o.instanceCount, "instance-count", "", "how many machines may register: a `number` from 1 to 1000 (default 10)")
	f.StringVar(&o.ttl, "ttl", "", "lifetime in whole `hours`, 1 to 4, as 4 or 4h (default 4)")
	f.StringVar(&o.ipAddressRange, "ip-address-range", "", "`range` of addresses that may register: IPv4, IPv6 or CIDR (default: any)")
	f.StringArrayVar(&o.tags, "tag", nil, "tag as `key=value`; repeat it for more, up to 20")
	f.StringVar(&o.resourceGroupId, "resource-group-id", "", "`id` of the resource group (default: the account's default group)")
	f.StringVar(&o.clientToken, "client-token", "", "your own `token`: the same token and flags bring the same code again")
	f.StringVar(&o.save, "save", "", "write the code to a new `file` that only you can read, and not to standard output")
	f.BoolVar(&o.skipValidation, "skip-validation", false, "leave ranges, lengths and patterns to the service")
	f.BoolVar(&o.dryRun, "dry-run", false, "check everything, send nothing")
	o.machine.addFlags(cmd)
	deliveryFormats(cmd)
	return cmd
}

func runCreate(s *session, o createOptions) error {
	s.KeepPipes()
	if err := s.mayPrintCode(o.save); err != nil {
		return err
	}
	request, err := o.request(s)
	if err != nil {
		return err
	}
	if o.dryRun {
		return s.printDryCreate(request)
	}
	if err := s.deliverable(o.save); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	ctx, stop := s.limited()
	defer stop()
	entry, err := s.begin(ctx, request, o.save)
	if err != nil {
		return err
	}
	err = s.settle(entry, s.obtain(ctx, entry, nil))
	s.mentionRecords()
	return err
}

// request turns the flags into a request, and into what a machine is given besides. It tells
// every problem at once.
func (o createOptions) request(s *session) (activation.CreateRequest, error) {
	region, err := s.region()
	if err != nil {
		return activation.CreateRequest{}, err
	}
	var unread activation.Problems
	r := activation.CreateRequest{
		RegionId:          region,
		InstanceName:      o.instanceName,
		Description:       o.description,
		InstanceCount:     activation.DefaultInstanceCount,
		TimeToLiveInHours: activation.DefaultTimeToLiveInHours,
		IpAddressRange:    o.ipAddressRange,
		ResourceGroupId:   o.resourceGroupId,
		ClientToken:       o.clientToken,
	}
	if o.instanceCount != "" {
		if r.InstanceCount, err = activation.ParseCount(o.instanceCount); err != nil {
			unread.Add("InstanceCount", o.instanceCount, err.Error(), "")
		}
	}
	if o.ttl != "" {
		if r.TimeToLiveInHours, err = activation.ParseTimeToLive(o.ttl); err != nil {
			unread.Add("TimeToLiveInHours", o.ttl, err.Error(), "")
		}
	}
	for _, text := range o.tags {
		tag, err := activation.ParseTag(text)
		if err != nil {
			unread.Add("Tag", text, err.Error(), "")
			continue
		}
		r.Tags = append(r.Tags, tag)
	}
	machine, wrong := o.machine.read(o.skipValidation)
	s.machine = machine
	return r, invalid(s.op, slices.Concat(unread, r.Validate(o.skipValidation), wrong))
}
