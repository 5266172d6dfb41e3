package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// list prints all codes of one or several regions. It reads all pages. If a region cannot be read
// completely, only its codes are missing in the output. With the paging flags of the service list requests
// exactly one page. listflags.go reads and checks its flags, and watch.go has --watch.

type listOptions struct {
	filterOptions
	conditionOptions
	invoke.ColumnOptions
	watch                 bool
	count, exitCode       bool
	activationId          string
	statuses              []string
	sort, limit           string
	pageNumber, pageSize  string
	maxResults, nextToken string
}

const listHelp = `List activation codes with their status, uses and time left. All pages are read.

The status is computed: Active, Exhausted (no uses left), Expired or Disabled.

Codes are listed region by region, the newest first. --sort sorts the codes of all regions together:
expires (soonest first), created (newest first), used (most first), name, region.

--expires-within selects the Active codes that expire within that time, --unused the codes with which no
machine has registered. --older-than selects the codes that expired at least that long ago, as in prune;
for a disabled code it counts from its creation. All filters are combined.

-q prints the IDs, with their regions if --region or --all-regions was given: every command accepts them so.

--count prints only the number of codes, in no other format. If a region cannot be read, its codes are not
counted: a note on standard error says so. --exit-code exits with 8 if there are codes, and with 0 if there are
none.

-o jsonl, csv and name print each code as soon as it is read, one per line, unless --sort is given. csv has
the columns of wide: times are RFC 3339 in UTC, tags key=value separated by commas, and a cell that begins
with =, +, - or @ gets an apostrophe in front. name prints REGION/ID.

With a paging flag (--page-number, --page-size, --max-results, --next-token) -o json and yaml print the page as
the service returns it: an object, whose ActivationList has the codes.

--columns selects columns by name, for table and csv: id, region, name, status, uses, expires, created,
addresses, group, tags, description, count, registered, remaining. If a terminal is too narrow, columns are left
out in this order: description, tags, group, addresses, created, region (if all codes are of one), uses,
expires, name, status. Long names are cut first.

--watch runs until Ctrl-C (exit 130). If --timeout is given, it ends after that time: exit 0, or the exit code
of the error if the last read failed. The codes are read every 5 seconds, less often when the
service throttles requests. A terminal is redrawn every second. In a pipe list prints a line for each
code that exists, and then for each code that is new, changed (uses, status) or gone (deleted, or no
longer selected by the flags). With -o jsonl each line is a code, and its key Change has this word.`

const listExample = `  ecs-activation list
  ecs-activation list --region cn-hangzhou,cn-beijing --status active
  ecs-activation list --all-regions --tag env=prod -o wide
  ecs-activation list --all-regions --status active --sort expires --limit 10
  ecs-activation list -o json | jq '.[] | select(.RemainingCount > 0)'
  ecs-activation list --columns id,name,remaining --no-headers
  ecs-activation list --all-regions -o csv > codes.csv
  ecs-activation list --jq '.[] | select(.RemainingCount > 0) | .ActivationId'
  ecs-activation list --all-regions -o jsonl | head -n 20
  ecs-activation list --all-regions --expires-within 30m --exit-code -q
  ecs-activation list --all-regions --unused --status active --count
  ecs-activation list --watch --status active --sort expires
  ecs-activation list -q --status expired | ecs-activation delete --yes -`

func newListCmd(p *invoke.Program) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:     "list [flags]",
		Aliases: []string{"ls"},
		Short:   "List codes with status, uses and time left",
		Long:    listHelp,
		Example: listExample,
		Args:    cmdline.Exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.Run(cmd, func(s *invoke.Invocation) error { return runList(s, o) })
		},
	}
	f := cmd.Flags()
	o.addFilters(f)
	f.StringVar(&o.activationId, "activation-id", "", "only the code with this `id`")
	f.StringSliceVar(&o.statuses, "status", nil, "only codes with this `status`: active, exhausted, expired, disabled, unknown")
	f.StringVar(&o.sort, "sort", "", "sort the codes in this `order`: expires, created, used, name, region")
	f.StringVar(&o.limit, "limit", "", "list at most this `number` of codes")
	o.addConditions(cmd)
	f.BoolVar(&o.count, "count", false, "print only the number of codes")
	f.BoolVar(&o.exitCode, "exit-code", false, "exit with 8 if there are codes, with 0 if there are none")
	f.BoolVar(&o.watch, "watch", false, "keep watching for changes until Ctrl-C")
	f.StringVar(&o.pageNumber, "page-number", "", "fetch one page: its `number`, from 1")
	f.StringVar(&o.pageSize, "page-size", "", "fetch one page: its `size`, 1 to 50")
	f.StringVar(&o.maxResults, "max-results", "", "fetch one page: its `size`, 1 to 50; continue with --next-token")
	f.StringVar(&o.nextToken, "next-token", "", "fetch one page: `token` returned with the previous page")
	o.Add(cmd, view.CodeColumns())
	invoke.CodeFormats(cmd)
	p.Lookup().Filters(cmd)
	complete.Flag(cmd, "activation-id", p.Lookup().ID())
	complete.List(cmd, "status", activation.StatusNames()...)
	complete.Values(cmd, "sort", fleet.OrderNames()...)
	cmdline.Main(cmd, "status", "tag", "region", "all-regions", "sort", "watch", "output")
	return cmd
}

func runList(s *invoke.Invocation, o listOptions) error {
	o.allRegions = invoke.AllRegions(s, o.allRegions)
	query, selection, err := o.query(s)
	if err != nil {
		return err
	}
	if err := o.check(s, query, selection); err != nil {
		return err
	}
	if err := o.Apply(s, view.CodeColumns()); err != nil {
		return err
	}
	invoke.MentionTags(s, o.tags)
	conn, err := invoke.Connect(s)
	if err != nil {
		return err
	}
	l := lister{s, conn, query, selection}
	if o.watch {
		return l.watch()
	}
	ctx, stop := s.WithTimeout()
	defer stop()
	codes := 0
	switch {
	case o.onePage():
		codes, err = l.onePage(ctx, o)
	case o.count:
		codes, err = l.count(ctx)
	default:
		codes, err = l.list(ctx)
	}
	s.Program.Matched = o.exitCode && codes > 0
	return err
}

// lister is one run of list.
type lister struct {
	s         *invoke.Invocation
	conn      *invoke.Connection
	query     fleet.Query
	selection fleet.Selection
}

// onePage prints one page as the service returns it, and how to request the next one. It returns how many
// codes were printed.
func (l lister) onePage(ctx context.Context, o listOptions) (printed int, err error) {
	if o.pageNumber+o.pageSize != "" && o.maxResults+o.nextToken != "" {
		l.s.Notef("note: with --max-results or --next-token the service ignores --page-number and --page-size")
	}
	page, err := l.conn.List(ctx, onlyRegion(l.query))
	if err != nil {
		return 0, err
	}
	now, printer := l.s.TimeOf(page.Answer), l.s.Printer
	codes := view.NewListedAll(l.selection.Apply(page.ActivationList, now), now)
	if printer.Document() {
		return len(codes), printer.Value(view.NewPage(page, codes))
	}
	invoke.MentionClock(l.s, page.Answer)
	switch {
	case len(codes) > 0 || !printer.ForPeople():
	case len(page.ActivationList) > 0 && len(l.selection.Where) > 0:
		l.s.Notef("no code on this page matches the filters")
	case len(page.ActivationList) > 0:
		l.s.Notef("no code on this page has the status %s", strings.Join(o.statuses, l.s.Program.Language.Find(" or ")))
	default:
		l.s.Notef("no activation codes found in %s", l.query.Regions[0])
	}
	if err := view.PrintCodes(printer, codes, now, printer.Quiet && l.namesRegion()); err != nil {
		return 0, err
	}
	if page.NextToken != "" {
		l.s.Notef("next page: --next-token %s", message.ShellWord(page.NextToken))
	} else if page.TotalCount > 0 {
		l.s.Notef("page %d of %d codes, %d per page", page.PageNumber, page.TotalCount, page.PageSize)
	}
	return len(codes), nil
}

// namesRegion reports whether a flag names the region, so that a command to which the IDs are piped does not
// know it.
func (l lister) namesRegion() bool {
	return invoke.Given(l.s, "region") || strings.Contains(l.s.Cmd.Flag("activation-id").Value.String(), "/")
}

// list prints all codes, and the notes about them. It returns how many were printed.
func (l lister) list(ctx context.Context) (printed int, err error) {
	see, seen := readProgress(l.s, l.query)
	defer seen()
	list := view.List{
		Printer: l.s.Printer, Query: l.query, Selection: l.selection, Qualified: l.namesRegion(), Now: l.s.TimeOf, See: see,
		First: func(answer activation.Answer) { invoke.MentionClock(l.s, answer) },
	}
	sum, codes, err := list.Print(l.conn.Reader.Read(ctx, l.query))
	if err != nil {
		return 0, err
	}
	seen()
	switch {
	case sum.None() || codes > 0 || !l.s.Printer.ForPeople():
	case len(sum.Failed()) > 0:
		l.s.Notef("no activation codes found in the regions that could be read")
	default:
		l.s.Notef("no activation codes found in %s", view.PlaceOf(l.s.Program.Language, l.query.Regions))
	}
	mentionIgnored(l.s, sum.Ignored)
	issue.MentionRecords(l.s)
	return codes, message.Partial(l.s.Op, sum.Failed(), len(l.query.Regions), "regions", false)
}

// count prints the number of codes, without those of regions that cannot be read, and returns it.
func (l lister) count(ctx context.Context) (int, error) {
	see, seen := readProgress(l.s, l.query)
	defer seen()
	sum, codes := l.selection.Count(l.query, l.conn.Reader.Read(ctx, l.query), l.s.TimeOf, see)
	seen()
	failed, regions := sum.Failed(), len(l.query.Regions)
	err := message.Partial(l.s.Op, failed, regions, "regions", false)
	if sum.None() {
		return 0, err
	}
	invoke.MentionClock(l.s, sum.Answer)
	mentionIgnored(l.s, sum.Ignored)
	if len(failed) > 0 {
		l.s.Notef("note: the number is incomplete: %d of %d regions could not be read", len(failed), regions)
	}
	if err := l.s.Printer.Line(strconv.Itoa(codes)); err != nil {
		return 0, err
	}
	return codes, err
}
