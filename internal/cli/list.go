package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// list prints every code there is: it reads all pages by itself, in one region or several, and a
// region that cannot be read completely costs its own rows only. With the service's own paging
// parameters it requests exactly one page. watch.go has --watch.

type listOptions struct {
	filterOptions
	watch                 bool
	activationId          string
	statuses              []string
	sort, limit           string
	pageNumber, pageSize  string
	maxResults, nextToken string
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
	offerEach(cmd, "status", statusNames()...)
	offer(cmd, "sort", orderNames()...)
	return cmd
}

func runList(s *session, o listOptions) error {
	query, selection, err := o.query(s)
	if err != nil {
		return err
	}
	if err := o.check(s, query); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	if o.watch {
		return s.watchList(query, selection)
	}
	ctx, stop := s.limited()
	defer stop()
	switch {
	case o.onePage():
		return o.printOnePage(ctx, s, query, selection)
	case selection.Order == nil && (s.printer.Quiet || s.printer.Format == ui.FormatJSONLines):
		return s.streamList(ctx, query, selection)
	}
	return s.printList(ctx, query, selection)
}

// query turns the flags into what is read and what of it is shown.
func (o listOptions) query(s *session) (q fleet.Query, selection fleet.Selection, err error) {
	var problems activation.Problems
	selection, problems = o.selection()
	region, id, qualified := strings.Cut(o.activationId, "/")
	if qualified && region != "" && id != "" { // a variable that was not set would select every code
		q.Regions, o.activationId = []string{region}, id
	} else if q.Regions, err = s.regions(o.allRegions); err != nil {
		return q, selection, err
	}
	q.Filter, q.Enough, q.Unserved = o.filter(), selection.Enough(), o.allRegions
	q.Filter.ActivationId, q.Filter.NextToken = o.activationId, o.nextToken
	problems = append(problems, counts(
		count{"PageNumber", o.pageNumber, &q.Filter.PageNumber}, count{"PageSize", o.pageSize, &q.Filter.PageSize},
		count{"MaxResults", o.maxResults, &q.Filter.MaxResults})...)
	return q, selection, invalid(s.op, append(problems, validQuery(q)...))
}

// selection turns the flags into which of the codes are shown.
func (o listOptions) selection() (selection fleet.Selection, problems activation.Problems) {
	for _, name := range o.statuses {
		status, err := parseStatus(name)
		if err != nil {
			problems.Add("Status", name, err)
		}
		selection.Statuses = append(selection.Statuses, status)
	}
	if i := slices.Index(orderNames(), strings.ToLower(o.sort)); i >= 0 {
		selection.Order = fleet.Orders()[i].Compare
	} else if o.sort != "" {
		problems.Add("Sort", o.sort, activation.OneOf{Choices: orderNames()})
	}
	return selection, append(problems, counts(count{"Limit", o.limit, &selection.Most})...)
}

// check refuses flags that contradict each other.
func (o listOptions) check(s *session, q fleet.Query) error {
	const allPages = "leave the paging flags out: every page is then read by itself"
	given := s.cmd.Flags().Changed
	switch {
	case o.onePage() && len(q.Regions) > 1:
		return usageError(s.op, "paging flags require a single region", allPages)
	case o.onePage() && (given("sort") || given("limit")):
		return usageError(s.op, "--sort and --limit cannot be combined with paging flags", allPages)
	case o.watch:
		return o.checkWatch(s)
	}
	return nil
}

// onePage reports whether the service's own paging was requested.
func (o listOptions) onePage() bool {
	return o.pageNumber+o.pageSize+o.maxResults+o.nextToken != ""
}

// printOnePage prints one page as the service returns it, and how to request the next one.
func (o listOptions) printOnePage(ctx context.Context, s *session, q fleet.Query, selection fleet.Selection) error {
	if o.pageNumber+o.pageSize != "" && o.maxResults+o.nextToken != "" {
		s.say("note: beside --max-results and --next-token the service ignores --page-number and --page-size")
	}
	page, err := s.service.List(ctx, onlyRegion(q))
	if err != nil {
		return err
	}
	now := s.now(page.Answer)
	codes := view.NewListedAll(selection.Apply(page.ActivationList, now), now)
	if s.printer.Document() {
		return s.printer.Value(view.NewPage(page, codes))
	}
	s.mentionClock(page.Answer)
	switch {
	case len(codes) > 0 || !s.printer.ForPeople():
	case len(page.ActivationList) > 0:
		s.say("no code on this page has the status %s", strings.Join(o.statuses, " or "))
	default:
		s.say("no activation codes found in %s", q.Regions[0])
	}
	if err := s.printer.Codes(codes, now, false); err != nil {
		return err
	}
	if page.NextToken != "" {
		s.say("next page: --next-token %s", message.ShellWord(page.NextToken))
	} else if page.TotalCount > 0 {
		s.say("page %d of %d codes, %d a page", page.PageNumber, page.TotalCount, page.PageSize)
	}
	return nil
}

// printList prints the codes when all of them are known. Rows of a table are kept as text, which takes
// less memory than the codes; a document and what is sorted need the codes.
func (s *session) printList(ctx context.Context, q fleet.Query, selection fleet.Selection) error {
	see, seen := s.reads(q)
	if s.printer.ForPrograms() || selection.Order != nil || selection.Most > 0 {
		list := s.reader.List(ctx, q, see)
		seen()
		now := s.now(list.Answer)
		codes := view.NewListedAll(selection.Apply(list.Codes, now), now)
		return s.endList(&list.Summary, q, len(codes), func() error { return s.printer.Codes(codes, now, len(q.Regions) > 1) })
	}
	var table *view.CodeTable
	sum := fleet.NewSummary(q)
	for part := range s.reader.Read(ctx, q) {
		see(part)
		sum.Add(part)
		now := s.now(sum.Answer)
		if table == nil && len(part.Page.ActivationList) > 0 {
			table = s.codeTable(q, now)
		}
		if table == nil {
			continue
		}
		rows := table.Region(part.RegionId)
		rows.Add(view.NewListedAll(selection.Apply(part.Page.ActivationList, now), now)...)
		if part.Err != nil {
			rows.Drop()
		}
	}
	seen()
	if table == nil {
		return s.endList(sum, q, 0, func() error { return nil })
	}
	return s.endList(sum, q, table.Len(), table.End)
}

// codeTable returns a table with the regions of a query in their order.
func (s *session) codeTable(q fleet.Query, now time.Time) *view.CodeTable {
	table := s.printer.CodeTable(now, len(q.Regions) > 1)
	for _, region := range q.Regions {
		table.Region(region)
	}
	return table
}

// endList prints the codes, unless no region could be read, and what else there is to say.
func (s *session) endList(sum *fleet.Summary, q fleet.Query, codes int, print func() error) error {
	if !sum.None() {
		s.mentionClock(sum.Answer)
		s.mentionIgnored(sum.Ignored)
		if codes == 0 && s.printer.ForPeople() {
			s.mentionNone(sum, q.Regions)
		}
		if err := print(); err != nil {
			return err
		}
	}
	s.mentionRecords()
	return message.Partial(s.op, sum.Failed(), len(q.Regions), "regions", false)
}

// streamList prints the codes page by page, in the service's order, region by region: the first code
// is printed before the last page is requested. A region that fails costs the codes that it still
// owed.
func (s *session) streamList(ctx context.Context, q fleet.Query, selection fleet.Selection) error {
	sum := fleet.NewSummary(q)
	see, seen := s.reads(q)
	defer seen()
	for part := range s.reader.Read(ctx, q) {
		see(part)
		first := sum.Answer == (activation.Answer{})
		sum.Add(part)
		if first {
			s.mentionClock(sum.Answer)
		}
		now := s.now(sum.Answer)
		codes := selection.Apply(part.Page.ActivationList, now)
		if err := s.printer.Codes(view.NewListedAll(codes, now), now, len(q.Regions) > 1); err != nil {
			return err
		}
		if selection.Most > 0 {
			if selection.Most -= len(codes); selection.Most == 0 {
				break
			}
		}
	}
	s.mentionIgnored(sum.Ignored)
	s.mentionRecords()
	return message.Partial(s.op, sum.Failed(), len(q.Regions), "regions", false)
}

// mentionNone prints that no codes were found.
func (s *session) mentionNone(sum *fleet.Summary, regions []string) {
	if len(sum.Failed()) > 0 {
		s.say("no activation codes found in the regions that could be read")
		return
	}
	s.say("no activation codes found in %s", placeOf(regions))
}

// placeOf names where codes were looked for.
func placeOf(regions []string) string {
	if len(regions) > 1 {
		return "these regions"
	}
	return regions[0]
}
