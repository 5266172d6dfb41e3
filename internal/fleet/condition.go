package fleet

import (
	"iter"
	"time"

	"ecs-activation/internal/activation"
)

// Condition reports whether a code meets a condition at a time of the service's clock.
type Condition func(code activation.Activation, now time.Time) bool

// ExpiresWithin is the condition of an Active code that expires within a length of time.
func ExpiresWithin(d time.Duration) Condition {
	return func(code activation.Activation, now time.Time) bool {
		expires, _ := code.Expires()
		return code.Status(now) == activation.Active && !expires.After(now.Add(d))
	}
}

// OlderThan is the condition of a code that has been Expired or Disabled for at least a length of time. For a
// disabled code the time since its creation counts, because the service does not return when it was disabled.
func OlderThan(age time.Duration) Condition {
	return func(code activation.Activation, now time.Time) bool {
		since, dead := code.DeadSince(now)
		return dead && !since.After(now.Add(-age))
	}
}

// Unused is the condition of a code with which no machine has registered.
func Unused(code activation.Activation, _ time.Time) bool { return code.RegisteredCount == 0 }

// Count returns how many codes of a reading are selected, without those of regions that failed, and the
// summary of the reading. now returns the time of the service at the first answer; see is called with every part.
func (s Selection) Count(q Query, parts iter.Seq[Part], now func(activation.Answer) time.Time, see func(Part)) (sum *Summary, selected int) {
	sum = NewSummary(q)
	all := Selection{Statuses: s.Statuses, Where: s.Where}
	counts := map[string]int{}
	for part := range parts {
		see(part)
		sum.Add(part)
		counts[part.RegionId] += len(all.Apply(part.Page.ActivationList, now(sum.Answer)))
	}
	for region, n := range counts {
		if sum.failed[region] == nil {
			selected += n
		}
	}
	if s.Most > 0 {
		selected = min(selected, s.Most)
	}
	return sum, selected
}
