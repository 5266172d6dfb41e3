package cli

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/duration"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
)

// This file has the flags that select codes by their age and uses, and list --count.

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
