package cli

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/duration"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// This file reads and checks the flags of list. prune has some of them as well.

// query returns the codes that the flags ask to read, and the selection of them that is printed.
func (o listOptions) query(s *invoke.Invocation) (q fleet.Query, selection fleet.Selection, err error) {
	var problems activation.Problems
	selection, problems = o.selection()
	region, id, qualified := strings.Cut(o.activationId, "/")
	if qualified && region != "" && id != "" { // a variable that is not set would select every code
		q.Regions, o.activationId = []string{region}, id
	} else if q.Regions, err = invoke.RegionsOf(s, o.allRegions); err != nil {
		return q, selection, err
	}
	q.Filter, q.Enough, q.Unserved = o.filter(), selection.Enough(), o.allRegions
	q.Filter.ActivationId, q.Filter.NextToken = o.activationId, o.nextToken
	activation.Read(&problems, "PageNumber", o.pageNumber, &q.Filter.PageNumber, activation.ParseCount)
	activation.Read(&problems, "PageSize", o.pageSize, &q.Filter.PageSize, activation.ParseCount)
	activation.Read(&problems, "MaxResults", o.maxResults, &q.Filter.MaxResults, activation.ParseCount)
	return q, selection, cmdline.Invalid(s.Op, append(problems, validQuery(q)...))
}

// selection returns the selection of the codes that are printed.
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
	activation.Read(&problems, "Limit", o.limit, &selection.Most, activation.ParseCount)
	selection.Where = o.conditions(&problems)
	if o.count {
		selection.Order = nil
	}
	return selection, problems
}

// check returns an error if flags contradict each other.
func (o listOptions) check(s *invoke.Invocation, q fleet.Query, selection fleet.Selection) error {
	const allPages = "omit the paging flags: list then reads all pages"
	given := s.Cmd.Flags().Changed
	switch {
	case o.onePage() && len(q.Regions) > 1:
		return cmdline.Usage(s.Op, "paging flags require a single region", allPages)
	case o.onePage() && (given("sort") || given("limit")):
		return cmdline.Usage(s.Op, "--sort and --limit cannot be combined with paging flags", allPages)
	case o.onePage() && o.count:
		return cmdline.Usage(s.Op, "--count cannot be combined with paging flags", allPages)
	case o.watch:
		return cmp.Or(o.checkMatch(s, selection.Statuses), o.checkWatch(s))
	case o.count:
		return cmp.Or(o.checkMatch(s, selection.Statuses), o.checkCount(s))
	}
	return o.checkMatch(s, selection.Statuses)
}

// checkMatch returns an error if no code can match all flags.
func (o listOptions) checkMatch(s *invoke.Invocation, statuses []activation.Status) error {
	has := func(status activation.Status) bool { return len(statuses) == 0 || slices.Contains(statuses, status) }
	reason := func(text string) error {
		return cmdline.Wrong(s.Op, activation.Textf(text, strings.Join(o.statuses, ","))).Advise("omit one of the two flags")
	}
	switch {
	case o.expiresWithin != "" && o.olderThan != "":
		return cmdline.Wrong(s.Op, &message.NotCombined{Flag: "--expires-within", Other: "--older-than"}).Advise("the first selects Active codes, the second Expired and Disabled ones")
	case o.expiresWithin != "" && !has(activation.Active):
		return reason("no code can match: --expires-within selects Active codes, and --status is %s")
	case o.olderThan != "" && !has(activation.Expired) && !has(activation.Disabled):
		return reason("no code can match: --older-than selects Expired and Disabled codes, and --status is %s")
	}
	return nil
}

// checkCount returns an error if a flag asks for an output that is not a number.
func (o listOptions) checkCount(s *invoke.Invocation) error {
	given := s.Cmd.Flags().Changed
	other := func(flag string) error {
		return cmdline.Wrong(s.Op, &message.NotCombined{Flag: "--count", Other: flag}).Advise("--count prints only a number")
	}
	for _, flag := range []string{"jq", "columns", "no-headers"} {
		if given(flag) {
			return other("--" + flag)
		}
	}
	if given("output") && s.Printer.Format != view.FormatTable {
		return other("-o " + s.Printer.Format)
	}
	return nil
}

// checkWatch returns an error if --watch does not support the other flags.
func (o listOptions) checkWatch(s *invoke.Invocation) error {
	switch {
	case o.onePage():
		return cmdline.Usage(s.Op, "--watch cannot be combined with paging flags", "omit the paging flags or --watch")
	case o.count || o.exitCode:
		return cmdline.Usage(s.Op, "--watch cannot be combined with --count or --exit-code", "omit --watch")
	case s.Printer.Quiet:
		return cmdline.Usage(s.Op, "--watch cannot be combined with --quiet", "use --watch -o jsonl, or omit --watch")
	case s.Printer.Document(), slices.Contains([]string{view.FormatCSV, view.FormatName}, s.Printer.Format):
		return cmdline.Wrong(s.Op, activation.Textf("--watch does not support -o %s", s.Printer.Format)).Advise("use --watch -o jsonl: one change per line")
	}
	return nil
}

// onePage reports whether a paging flag was given.
func (o listOptions) onePage() bool {
	return o.pageNumber+o.pageSize+o.maxResults+o.nextToken != ""
}

// conditionOptions are flags of list that the service does not support.
type conditionOptions struct {
	expiresWithin, olderThan string
	unused                   bool
}

func (o *conditionOptions) addConditions(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.expiresWithin, "expires-within", "", "only Active codes that expire within this `time`, such as 30m, 2h or 1d")
	f.BoolVar(&o.unused, "unused", false, "only codes with which no machine has registered")
	complete.Values(cmd, "expires-within", "30m", "1h", "2h")
	addOlderThan(cmd, &o.olderThan)
}

// addOlderThan adds the flag --older-than, which list and prune have.
func addOlderThan(cmd *cobra.Command, olderThan *string) {
	cmd.Flags().StringVar(olderThan, "older-than", "", "only codes that expired at least this `time` ago, such as 90m, 36h or 30d; disabled codes count from their creation")
	complete.Values(cmd, "older-than", "90m", "36h", "30d")
}

// conditions returns the conditions that the flags describe, and adds the problems of their values.
func (o conditionOptions) conditions(p *activation.Problems) (where []fleet.Condition) {
	var within, age time.Duration
	activation.Read(p, "ExpiresWithin", o.expiresWithin, &within, duration.ParsePositive)
	activation.Read(p, "OlderThan", o.olderThan, &age, duration.Parse)
	if o.expiresWithin != "" {
		where = append(where, fleet.ExpiresWithin(within))
	}
	if o.olderThan != "" {
		where = append(where, fleet.OlderThan(age))
	}
	if o.unused {
		where = append(where, fleet.Unused)
	}
	return where
}
