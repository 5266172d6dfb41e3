package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
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
		Args:       cmdline.Exactly(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd, func(s *invocation) error { return runList(s, o) })
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
	a.lookup().Filters(cmd)
	complete.Flag(cmd, "activation-id", a.lookup().ID())
	complete.List(cmd, "status", activation.StatusNames()...)
	complete.Values(cmd, "sort", fleet.OrderNames()...)
	return cmd
}

func runList(s *invocation, o listOptions) error {
	query, selection, err := o.query(s)
	if err != nil {
		return err
	}
	if err := o.check(s, query); err != nil {
		return err
	}
	conn, err := connect(s)
	if err != nil {
		return err
	}
	l := lister{s, conn, query, selection}
	if o.watch {
		return l.watch()
	}
	ctx, stop := s.limited()
	defer stop()
	if o.onePage() {
		return l.onePage(ctx, o)
	}
	return l.list(ctx)
}

// lister is one run of list.
type lister struct {
	s         *invocation
	conn      *connection
	query     fleet.Query
	selection fleet.Selection
}

// query turns the flags into what is read and what of it is shown.
func (o listOptions) query(s *invocation) (q fleet.Query, selection fleet.Selection, err error) {
	var problems activation.Problems
	selection, problems = o.selection()
	region, id, qualified := strings.Cut(o.activationId, "/")
	if qualified && region != "" && id != "" { // a variable that was not set would select every code
		q.Regions, o.activationId = []string{region}, id
	} else if q.Regions, err = regionsOf(s, o.allRegions); err != nil {
		return q, selection, err
	}
	q.Filter, q.Enough, q.Unserved = o.filter(), selection.Enough(), o.allRegions
	q.Filter.ActivationId, q.Filter.NextToken = o.activationId, o.nextToken
	problems.Read("PageNumber", o.pageNumber, &q.Filter.PageNumber, activation.ParseCount)
	problems.Read("PageSize", o.pageSize, &q.Filter.PageSize, activation.ParseCount)
	problems.Read("MaxResults", o.maxResults, &q.Filter.MaxResults, activation.ParseCount)
	return q, selection, cmdline.Invalid(s.op, append(problems, validQuery(q)...))
}

// selection turns the flags into which of the codes are shown.
func (o listOptions) selection() (selection fleet.Selection, problems activation.Problems) {
	for _, name := range o.statuses {
		status, err := activation.ParseStatus(name)
		if err != nil {
			problems.Add("Status", name, err)
		}
		selection.Statuses = append(selection.Statuses, status)
	}
	if i := slices.Index(fleet.OrderNames(), strings.ToLower(o.sort)); i >= 0 {
		selection.Order = fleet.Orders()[i].Compare
	} else if o.sort != "" {
		problems.Add("Sort", o.sort, activation.OneOf{Choices: fleet.OrderNames()})
	}
	problems.Read("Limit", o.limit, &selection.Most, activation.ParseCount)
	return selection, problems
}

// check refuses flags that contradict each other.
func (o listOptions) check(s *invocation, q fleet.Query) error {
	const allPages = "leave the paging flags out: every page is then read by itself"
	given := s.cmd.Flags().Changed
	switch {
	case o.onePage() && len(q.Regions) > 1:
		return cmdline.Usage(s.op, "paging flags require a single region", allPages)
	case o.onePage() && (given("sort") || given("limit")):
		return cmdline.Usage(s.op, "--sort and --limit cannot be combined with paging flags", allPages)
	case o.watch:
		return o.checkWatch(s)
	}
	return nil
}

// checkWatch refuses to watch what has no form that can go on.
func (o listOptions) checkWatch(s *invocation) error {
	switch {
	case o.onePage():
		return cmdline.Usage(s.op, "--watch cannot be combined with paging flags", "leave the paging flags or --watch out")
	case s.printer.Quiet:
		return cmdline.Usage(s.op, "--watch prints changes, and --quiet prints bare IDs", "use --watch -o jsonl, or leave --watch out")
	case s.printer.Document():
		return cmdline.Usage(s.op, "--watch does not support -o "+s.printer.Format, "use --watch -o jsonl: one change a line")
	}
	return nil
}

// onePage reports whether the service's own paging was requested.
func (o listOptions) onePage() bool {
	return o.pageNumber+o.pageSize+o.maxResults+o.nextToken != ""
}

// onePage prints one page as the service returns it, and how to request the next one.
func (l lister) onePage(ctx context.Context, o listOptions) error {
	if o.pageNumber+o.pageSize != "" && o.maxResults+o.nextToken != "" {
		l.s.say("note: beside --max-results and --next-token the service ignores --page-number and --page-size")
	}
	page, err := l.conn.List(ctx, onlyRegion(l.query))
	if err != nil {
		return err
	}
	now, printer := l.s.now(page.Answer), l.s.printer
	codes := view.NewListedAll(l.selection.Apply(page.ActivationList, now), now)
	if printer.Document() {
		return printer.Value(view.NewPage(page, codes))
	}
	mentionClock(l.s, page.Answer)
	switch {
	case len(codes) > 0 || !printer.ForPeople():
	case len(page.ActivationList) > 0:
		l.s.say("no code on this page has the status %s", strings.Join(o.statuses, " or "))
	default:
		l.s.say("no activation codes found in %s", l.query.Regions[0])
	}
	if err := view.PrintCodes(printer, codes, now, false); err != nil {
		return err
	}
	if page.NextToken != "" {
		l.s.say("next page: --next-token %s", message.ShellWord(page.NextToken))
	} else if page.TotalCount > 0 {
		l.s.say("page %d of %d codes, %d a page", page.PageNumber, page.TotalCount, page.PageSize)
	}
	return nil
}

// list prints all codes, and the notes about them.
func (l lister) list(ctx context.Context) error {
	see, seen := readProgress(l.s, l.query)
	defer seen()
	list := view.List{
		Printer: l.s.printer, Query: l.query, Selection: l.selection, Now: l.s.now, See: see,
		First: func(answer activation.Answer) { mentionClock(l.s, answer) },
	}
	sum, codes, err := list.Print(l.conn.reader.Read(ctx, l.query))
	if err != nil {
		return err
	}
	seen()
	switch {
	case sum.None() || codes > 0 || !l.s.printer.ForPeople():
	case len(sum.Failed()) > 0:
		l.s.say("no activation codes found in the regions that could be read")
	default:
		l.s.say("no activation codes found in %s", view.PlaceOf(l.query.Regions))
	}
	mentionIgnored(l.s, sum.Ignored)
	mentionRecords(l.s)
	return message.Partial(l.s.op, sum.Failed(), len(l.query.Regions), "regions", false)
}
