package activation

import (
	"fmt"
	"time"
)

// Need is what a code must still be good for: that many machines, for that long.
type Need struct {
	Uses int
	Left time.Duration
}

// Unmet says why a code will not do at a moment of the service's clock, or "".
func (n Need) Unmet(a Activation, now time.Time) string {
	expires, _ := a.Expires()
	left := expires.Sub(now)
	switch status := a.Status(now); {
	case status != Active:
		return fmt.Sprintf("it is %s", status)
	case a.RemainingCount() < n.Uses:
		return fmt.Sprintf("%d of %d uses are left, and %d are needed", a.RemainingCount(), a.InstanceCount, n.Uses)
	case left < n.Left:
		return fmt.Sprintf("it lives for %s, and %s is needed", left, n.Left)
	}
	return ""
}

// Validate says what of the need not even a new code would meet: each time another one would
// be made. It does not judge numbers that the request does not have.
func (n Need) Validate(r CreateRequest) (problems Problems) {
	if r.InstanceCount > 0 && n.Uses > r.InstanceCount {
		problems.Add("MinUses", fmt.Sprint(n.Uses), fmt.Sprintf("must be at most --instance-count, here %d", r.InstanceCount), "")
	}
	if r.TimeToLiveInHours > 0 && n.Left >= time.Duration(r.TimeToLiveInHours)*time.Hour {
		problems.Add("MinLeft", n.Left.String(), fmt.Sprintf("must be less than --ttl, here %dh", r.TimeToLiveInHours), "")
	}
	return problems
}
