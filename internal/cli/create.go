package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/ui"
)

// create promises one code for one command, however often it is sent: every request carries a
// ClientToken. It promises that everything wrong with the flags is told at once, before
// anything is sent, and that a code which cannot be written is not made in silence: the error
// holds the command that brings the same code again.

type createOptions struct {
	instanceName, description string
	instanceCount, ttl        string
	ipAddressRange            string
	tags                      []string
	resourceGroupId           string
	clientToken               string
	save                      string
	skipValidation, dryRun    bool
}

const createHelp = `Make an activation code and print it.

The service shows a code this once: it can never be read again.`

const createExample = `  ecs-activation create --instance-name web --ttl 4h
  ecs-activation create --instance-name db --instance-count 3 --ip-address-range 192.0.2.0/24 --tag env=prod
  ecs-activation create --instance-name ci --client-token "$JOB_ID" --save code.json
  code=$(ecs-activation create -q) || exit`

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
	return cmd
}

func runCreate(s *session, o createOptions) error {
	s.KeepPipes()
	request, err := o.request(s)
	if err != nil {
		return err
	}
	if o.dryRun {
		return s.printDryCreate(request)
	}
	if s.OutClosed && o.save == "" {
		return usageError(s.op, "standard output is closed, so the code could not be shown", "redirect it to a file, or give --save FILE")
	}
	if err := saveable(o.save); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	generated := request.ClientToken == ""
	if generated {
		request.ClientToken = rand.Text()
	}
	ctx, stop := s.limited()
	defer stop()
	created, err := s.service.Create(ctx, request)
	if err != nil {
		return s.notCreated(err, request.ClientToken, generated)
	}
	view := createdOf(request, created, generated)
	if err := s.deliver(view, o.save); err != nil {
		return s.undelivered(err, view, request.ClientToken, generated)
	}
	s.mentionClock(created.Answer)
	s.explain(view, o.save)
	return nil
}

// request turns the flags into a request and tells every problem at once.
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
	return r, invalid(s.op, append(unread, r.Validate(o.skipValidation)...))
}

// created is what create prints: what was asked for, and what the service made of it. What a
// repeated --client-token cannot know (the code may be older than this call) is left out.
type created struct {
	ActivationId      string `json:",omitempty"` // left out of a dry run, as are the next two
	ActivationCode    string `json:",omitempty"`
	RequestId         string `json:",omitempty"`
	RegionId          string
	InstanceName      string
	Description       string
	InstanceCount     int
	RemainingCount    int `json:",omitempty"`
	TimeToLiveInHours int
	IpAddressRange    string
	ResourceGroupId   string
	Tags              []activation.Tag
	Status            activation.Status `json:",omitempty"`
	CreationTime      string            `json:",omitempty"`
	ExpirationTime    string            `json:",omitempty"`
	DryRun            bool              `json:",omitempty"`
}

func askedOf(r activation.CreateRequest) created {
	return created{
		RegionId: r.RegionId, InstanceName: r.InstanceName, Description: r.Description, InstanceCount: r.InstanceCount,
		TimeToLiveInHours: r.TimeToLiveInHours, IpAddressRange: r.IpAddressRange, ResourceGroupId: r.ResourceGroupId,
		Tags: append([]activation.Tag{}, r.Tags...),
	}
}

func createdOf(r activation.CreateRequest, c activation.Created, isNew bool) created {
	view := askedOf(r)
	view.ActivationId, view.ActivationCode, view.RequestId = c.ActivationId, c.ActivationCode, c.RequestId
	if isNew && !c.Date.IsZero() {
		view.RemainingCount, view.Status = r.InstanceCount, activation.Active
		view.CreationTime = c.Date.Format(time.RFC3339)
		view.ExpirationTime = c.Date.Add(time.Duration(r.TimeToLiveInHours) * time.Hour).Format(time.RFC3339)
	}
	return view
}

// fields are the created code in full, for the table format.
func (c created) fields() []ui.Field {
	uses, hours := strconv.Itoa(c.InstanceCount), strconv.Itoa(c.TimeToLiveInHours)
	return []ui.Field{
		{Name: "ActivationId", Value: ui.Clean(c.ActivationId)},
		{Name: "ActivationCode", Value: ui.Clean(c.ActivationCode)},
		{Name: "RegionId", Value: c.RegionId},
		{Name: "InstanceName", Value: c.InstanceName},
		{Name: "Description", Value: c.Description},
		{Name: "InstanceCount", Value: uses},
		{Name: "TimeToLiveInHours", Value: hours},
		{Name: "ExpirationTime", Value: c.ExpirationTime},
		{Name: "IpAddressRange", Value: c.IpAddressRange},
		{Name: "ResourceGroupId", Value: c.ResourceGroupId},
		{Name: "Tags", Value: tagsText(c.Tags)},
		{Name: "RequestId", Value: ui.Clean(c.RequestId)},
	}
}

// deliver hands the code over: to the file, or to standard output.
func (s *session) deliver(view created, file string) error {
	if file != "" {
		if err := saveCode(file, view); err != nil {
			return err
		}
		view.ActivationCode = ""
	}
	switch {
	case s.quiet && file != "":
		return nil
	case s.quiet:
		_, err := fmt.Fprintln(s.IO.Out, view.ActivationCode)
		return err
	case s.output == "json":
		return ui.JSON(s.IO.Out, view)
	default:
		return ui.Fields(s.IO.Out, view.fields())
	}
}

// printDryCreate tells what would be asked for.
func (s *session) printDryCreate(r activation.CreateRequest) error {
	view := askedOf(r)
	view.DryRun = true
	s.say("dry run: the flags are valid, and nothing was sent")
	if s.quiet {
		return nil
	}
	if s.output == "json" {
		return ui.JSON(s.IO.Out, view)
	}
	return ui.Fields(s.IO.Out, view.fields())
}

// explain tells a person at a terminal what the code is good for. The command holds the code,
// so it is shown where the code itself was.
func (s *session) explain(c created, file string) {
	if !s.IO.Err.Terminal || s.quiet {
		return
	}
	ref := activation.Ref{RegionId: c.RegionId, ActivationId: c.ActivationId}
	where := "The code is shown this once and saved nowhere."
	if file != "" {
		where = "The code is in " + file + " and nowhere else."
	}
	s.say("\n%s", where)
	if c.ExpirationTime != "" {
		s.say("It can register %s within %s, until %s.", ui.Count(c.InstanceCount, "machine"), ui.Count(c.TimeToLiveInHours, "hour"), c.ExpirationTime)
	}
	if s.IO.Out.Terminal && file == "" {
		s.say("On a machine with the Cloud Assistant agent:\n  %s", bootstrap.Command(bootstrap.Registration{
			RegionId: c.RegionId, ActivationId: ui.Clean(c.ActivationId), ActivationCode: ui.Clean(c.ActivationCode),
		}))
	}
	s.say("To stop it:\n  %s", s.commandLine("disable "+ui.Clean(ref.String())))
}

// notCreated adds to an error whose outcome is uncertain the command that settles it.
func (s *session) notCreated(err error, token string, generated bool) error {
	var failed *activation.Error
	if errors.As(err, &failed) && failed.Uncertain {
		failed.Hint = "the code may have been made; this gets it, and makes no second one:  " + s.again(token, generated)
	}
	return err
}

// undelivered is the error of a code that was made and could not be handed over.
func (s *session) undelivered(err error, c created, token string, generated bool) error {
	return &activation.Error{
		Kind: activation.KindOther, Op: "deliver the code of", ID: activation.Ref{RegionId: c.RegionId, ActivationId: c.ActivationId},
		Err: err, Hint: "the code was made; this gets it, and makes no second one:  " + s.again(token, generated),
	}
}

// again is this command line once more, with its token.
func (s *session) again(token string, generated bool) string {
	line := program
	for _, arg := range s.Args {
		line += " " + shellWord(arg)
	}
	if generated {
		line += " --client-token " + token
	}
	return line
}

// shellWord quotes an argument where a shell would change it.
func shellWord(arg string) string {
	if arg != "" && !strings.ContainsFunc(arg, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:,@%+", r)
	}) {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}
