package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// list promises every code there is: it reads all pages by itself, in one region or several,
// and a region that cannot be read costs its own rows only. With the service's own paging
// parameters it asks for exactly one page.

type listOptions struct {
	allRegions                 bool
	activationId, instanceName string
	resourceGroupId            string
	tags, statuses             []string
	pageNumber, pageSize       string
	maxResults, nextToken      string
}

const listHelp = `List activation codes with their status, uses and time left. Every page is read.

Status is computed: Active, Exhausted (no uses left), Expired, Disabled.`

const listExample = `  ecs-activation list
  ecs-activation list --region cn-hangzhou,cn-beijing --status active
  ecs-activation list --all-regions --tag env=prod -o wide
  ecs-activation list -o json | jq -r '.[] | select(.RemainingCount > 0) | .ActivationId'
  ecs-activation list -q --status expired | ecs-activation delete --yes -`

func newListCmd(a *App) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:     "list [flags]",
		Aliases: []string{"ls"},
		Short:   "List codes with status, uses and time left",
		Long:    listHelp,
		Example: listExample,
		Args:    exactly(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd, func(s *session) error { return runList(s, o) })
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.allRegions, "all-regions", false, "look in every region the documents name")
	f.StringVar(&o.activationId, "activation-id", "", "only the code with this `id`")
	f.StringVar(&o.instanceName, "instance-name", "", "only codes with this instance `name` prefix")
	f.StringVar(&o.resourceGroupId, "resource-group-id", "", "only codes of the resource group with this `id`")
	f.StringArrayVar(&o.tags, "tag", nil, "only codes with this tag, as `key=value`, or key for any value; repeat it for more")
	f.StringSliceVar(&o.statuses, "status", nil, "only codes with this `status`: active, exhausted, expired, disabled, unknown")
	f.StringVar(&o.pageNumber, "page-number", "", "ask for one page: its `number`, from 1")
	f.StringVar(&o.pageSize, "page-size", "", "ask for one page: its `size`, 1 to 50")
	f.StringVar(&o.maxResults, "max-results", "", "ask for one page: its `size`, 1 to 50, to go on with --next-token")
	f.StringVar(&o.nextToken, "next-token", "", "ask for one page: the `token` of the page before")
	words := make([]string, 0, 5)
	for _, status := range statuses() {
		words = append(words, strings.ToLower(string(status)))
	}
	if err := cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // a flag that does not exist: a mistake in this file
	}
	return cmd
}

func runList(s *session, o listOptions) error {
	regions, err := s.regions(o.allRegions)
	if err != nil {
		return err
	}
	request, keep, err := o.request(s.op, regions)
	if err != nil {
		return err
	}
	if o.onePage() && len(regions) > 1 {
		return usageError(s.op, "one page is of one region", "leave the paging flags out: every page is then read by itself")
	}
	if err := s.connect(); err != nil {
		return err
	}
	ctx, stop := s.limited()
	defer stop()
	if o.onePage() {
		page, err := s.service.List(ctx, request)
		if err != nil {
			return err
		}
		return s.printPage(page, keep)
	}
	found, failed := s.readRegions(ctx, regions, request, o.allRegions)
	if len(failed) < len(regions) {
		if err := s.printList(found, keep, len(regions) > 1); err != nil {
			return err
		}
	}
	s.mentionRecords()
	return batch(s.op, failed, len(regions), "regions", false)
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
	regions := strings.Split(s.settings.Text("region"), ",")
	slices.Sort(regions)
	return slices.Compact(regions), nil
}

// request turns the flags into a request for the first region, and a filter for what the
// service cannot filter. The other regions are checked as well.
func (o listOptions) request(op string, regions []string) (activation.ListRequest, filter, error) {
	var problems activation.Problems
	for _, region := range regions[1:] {
		problems = append(problems, activation.ValidateRegion(region)...)
	}
	r := activation.ListRequest{
		RegionId: regions[0], ActivationId: o.activationId, InstanceName: o.instanceName,
		ResourceGroupId: o.resourceGroupId, NextToken: o.nextToken,
	}
	for _, number := range []struct {
		parameter, text string
		into            *int
	}{{"PageNumber", o.pageNumber, &r.PageNumber}, {"PageSize", o.pageSize, &r.PageSize}, {"MaxResults", o.maxResults, &r.MaxResults}} {
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
	keep := filter{}
	for _, word := range o.statuses {
		status, rule := parseStatus(word)
		if rule != "" {
			problems.Add("Status", word, rule, "")
		}
		keep[status] = true
	}
	return r, keep, invalid(op, append(problems, r.Validate()...))
}

// onePage says whether the service's own paging was asked for.
func (o listOptions) onePage() bool {
	return o.pageNumber+o.pageSize+o.maxResults+o.nextToken != ""
}

// filter holds the statuses to keep; none means all.
type filter map[activation.Status]bool

func statuses() []activation.Status {
	return []activation.Status{activation.Active, activation.Exhausted, activation.Expired, activation.Disabled, activation.Unknown}
}

func parseStatus(word string) (activation.Status, string) {
	var words []string
	for _, status := range statuses() {
		if strings.EqualFold(word, string(status)) {
			return status, ""
		}
		words = append(words, strings.ToLower(string(status)))
	}
	rule := "must be one of " + strings.Join(words, ", ")
	if near := activation.Nearest(strings.ToLower(word), "", words); near != "" {
		rule += "; did you mean " + near + "?"
	}
	return activation.Unknown, rule
}

// of returns the codes to show, each with its state at that time.
func (f filter) of(list []activation.Activation, now time.Time) []listed {
	views := []listed{}
	for _, a := range list {
		if view := listedOf(a, now); len(f) == 0 || f[view.Status] {
			views = append(views, view)
		}
	}
	return views
}

// found is what the regions hold, in the order asked for, and when the service said so.
type found struct {
	codes  []activation.Activation
	answer activation.Answer // the first one, for its clock
}

// readRegions reads every page of every region, 16 regions at a time. A region without the
// service is no failure when the user did not name it.
func (s *session) readRegions(ctx context.Context, regions []string, r activation.ListRequest, all bool) (found, []error) {
	lists, errs := make([]found, len(regions)), make([]error, len(regions))
	var group errgroup.Group
	group.SetLimit(16)
	var once sync.Once
	for i, region := range regions {
		group.Go(func() error {
			lists[i], errs[i] = readRegion(ctx, s.service, region, r)
			if all && unserved(errs[i]) {
				errs[i] = nil
				once.Do(func() { s.say("note: not every region has activation codes; those without are left out") })
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return found{}, []error{err}
	}
	var sum found
	var failed []error
	for i, list := range lists {
		if errs[i] != nil {
			var known *activation.Error
			if errors.As(errs[i], &known) && len(regions) > 1 {
				known.Op += " " + regions[i]
			}
			failed = append(failed, errs[i])
			continue
		}
		sum.codes = append(sum.codes, list.codes...)
		if sum.answer.Date.IsZero() {
			sum.answer = list.answer
		}
	}
	return sum, failed
}

// readRegion reads every page of a region. Where a filter by tags met the service's ceiling,
// the region is read without it and filtered here.
func readRegion(ctx context.Context, service activation.Service, region string, r activation.ListRequest) (found, error) {
	r.RegionId = region
	list, err := readPages(ctx, service, r)
	if len(r.Tags) == 0 || len(list.codes) < activation.TagCeiling {
		return list, err
	}
	tags := r.Tags
	r.Tags = nil
	list, err = readPages(ctx, service, r)
	list.codes = slices.DeleteFunc(list.codes, func(a activation.Activation) bool {
		return slices.ContainsFunc(tags, func(f activation.TagFilter) bool { return !f.Matches(a) })
	})
	return list, err
}

func readPages(ctx context.Context, service activation.Service, r activation.ListRequest) (found, error) {
	var list found
	for page, err := range activation.Pages(ctx, service, r) {
		if err != nil {
			return found{}, err
		}
		list.codes = append(list.codes, page.ActivationList...)
		if list.answer.Date.IsZero() {
			list.answer = page.Answer
		}
	}
	return list, nil
}

// unserved says whether a region does not have the service at all.
func unserved(err error) bool {
	return activation.HasCode(err, "RegionId.ApiNotSupported") || activation.HasCode(err, "InvalidRegionId.NotFound")
}

// printList prints the codes in the format asked for.
func (s *session) printList(list found, keep filter, several bool) error {
	now := s.now(list.answer)
	s.mentionClock(list.answer)
	views := keep.of(list.codes, now)
	switch {
	case s.quiet:
		return s.printIDs(views, several)
	case s.output == "json":
		return ui.JSON(s.IO.Out, views)
	case len(views) == 0:
		s.say("no activation codes found in %s", s.settingsRegion(several))
		return nil
	default:
		return s.printTable(views, now, several)
	}
}

func (s *session) settingsRegion(several bool) string {
	if several {
		return "these regions"
	}
	return s.settings.Text("region")
}

// printIDs prints one ID a line, with its region when there are several.
func (s *session) printIDs(views []listed, several bool) error {
	var b strings.Builder
	for _, v := range views {
		ref := activation.Ref{ActivationId: v.ActivationId}
		if several {
			ref.RegionId = v.RegionId
		}
		b.WriteString(ui.Clean(ref.String()) + "\n")
	}
	_, err := s.IO.Out.Write([]byte(b.String()))
	return err
}

// envelope is one page as the service sent it.
type envelope struct {
	RequestId      string
	TotalCount     int
	PageNumber     int
	PageSize       int
	NextToken      string
	ActivationList []listed
}

// printPage prints one page, and how to go on.
func (s *session) printPage(page activation.Page, keep filter) error {
	if s.output == "json" && !s.quiet {
		return ui.JSON(s.IO.Out, envelope{
			RequestId: page.RequestId, TotalCount: page.TotalCount, PageNumber: page.PageNumber, PageSize: page.PageSize,
			NextToken: page.NextToken, ActivationList: keep.of(page.ActivationList, s.now(page.Answer)),
		})
	}
	if err := s.printList(found{page.ActivationList, page.Answer}, keep, false); err != nil {
		return err
	}
	if page.NextToken != "" {
		s.say("more with: --next-token %s", shellWord(ui.Clean(page.NextToken)))
	} else if page.TotalCount > 0 {
		s.say("page %d of %d codes, %d a page", page.PageNumber, page.TotalCount, page.PageSize)
	}
	return nil
}

// printTable prints the codes as a table; wide has every column.
func (s *session) printTable(views []listed, now time.Time, several bool) error {
	out := s.IO.Out
	wide := s.output == "wide"
	columns := []ui.Column{{Title: "ID"}}
	if several || wide {
		columns = append(columns, ui.Column{Title: "REGION"})
	}
	columns = append(columns, ui.Column{Title: "NAME", Shrinks: true}, ui.Column{Title: "STATUS"}, ui.Column{Title: "USES"}, ui.Column{Title: "EXPIRES"})
	if wide {
		columns = append(columns, ui.Column{Title: "CREATED"}, ui.Column{Title: "ADDRESSES"}, ui.Column{Title: "GROUP"},
			ui.Column{Title: "TAGS", Shrinks: true}, ui.Column{Title: "DESCRIPTION", Shrinks: true})
	}
	rows := make([][]string, len(views))
	for i, v := range views {
		row := []string{ui.Clean(v.ActivationId)}
		if several || wide {
			row = append(row, v.RegionId)
		}
		row = append(row, ui.Clean(v.InstanceName), statusText(out, v.Status), usesText(out, v.core), moment(out, now, v.ExpirationTime))
		if wide {
			row = append(row, moment(out, now, v.CreationTime), ui.Clean(v.IpAddressRange), ui.Clean(v.ResourceGroupId), tagsText(v.Tags), ui.Clean(v.Description))
		}
		rows[i] = row
	}
	return ui.Table(out, columns, rows)
}

// usesText words the uses: plain in a pipe, with a bar for a person.
func usesText(s *ui.Stream, c core) string {
	figures := fmt.Sprintf("%d/%d", c.RegisteredCount, c.InstanceCount)
	if !s.Terminal {
		return figures
	}
	widest := len("/") + 2*len(strconv.Itoa(c.InstanceCount))
	return ui.Bar(c.RegisteredCount, c.InstanceCount, 5) + " " + fmt.Sprintf("%*s", min(widest, 9), figures)
}
