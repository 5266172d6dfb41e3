package activation

import (
	"fmt"
	"strconv"
	"time"

	"ecs-activation/internal/duration"
)

// Need is the minimum number of uses and the minimum time that a code must have left.
type Need struct {
	Uses int
	Left time.Duration
}

// NotActive is the error for a code that is not Active.
type NotActive struct{ Status Status }

func (n NotActive) Error() string { return fmt.Sprintf("the status is %s", n.Status) }

// TooFewUses is the error for a code that does not have enough uses left.
type TooFewUses struct{ Left, Total, Needed int }

func (t TooFewUses) Error() string {
	return fmt.Sprintf("%d of %d uses are left, and %d are needed", t.Left, t.Total, t.Needed)
}

// TooLittleTime is the error for a code that expires too soon.
type TooLittleTime struct{ Left, Needed time.Duration }

func (t TooLittleTime) Error() string {
	return fmt.Sprintf("it expires in %s, and %s is needed", duration.Text(t.Left), duration.Text(t.Needed))
}

// Unmet returns why a code does not meet the need at a time of the service's clock: NotActive, TooFewUses or
// TooLittleTime. It returns nil if the code meets the need.
func (n Need) Unmet(a Activation, now time.Time) error {
	expires, _ := a.Expires()
	left := expires.Sub(now)
	switch status := a.Status(now); {
	case status != Active:
		return NotActive{status}
	case a.RemainingCount() < n.Uses:
		return TooFewUses{a.RemainingCount(), a.InstanceCount, n.Uses}
	case left < n.Left:
		return TooLittleTime{left, n.Left}
	}
	return nil
}

// Validate returns the parts of the need that even a new code would not meet. With such a need each run would
// create another code. It does not check parts for which the request has no value.
func (n Need) Validate(r CreateRequest) (problems Problems) {
	if r.InstanceCount > 0 && n.Uses > r.InstanceCount {
		problems.Add("MinUses", strconv.Itoa(n.Uses), UsesWithin{r.InstanceCount})
	}
	if r.TimeToLiveInHours > 0 && n.Left >= r.Lifetime() {
		problems.Add("MinLeft", duration.Text(n.Left), LeftWithin{r.TimeToLiveInHours})
	}
	return problems
}
