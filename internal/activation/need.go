package activation

import (
	"fmt"
	"strconv"
	"time"
)

// Need is what a code must still be good for: that many machines, for that long.
type Need struct {
	Uses int
	Left time.Duration
}

// NotActive is why a code will not do that registers no more machines.
type NotActive struct{ Status Status }

func (n NotActive) Error() string { return fmt.Sprintf("the status is %s", n.Status) }

// TooFewUses is why a code will not do that has not enough uses left.
type TooFewUses struct{ Left, Total, Needed int }

func (t TooFewUses) Error() string {
	return fmt.Sprintf("%d of %d uses are left, and %d are needed", t.Left, t.Total, t.Needed)
}

// TooLittleTime is why a code will not do that expires too soon.
type TooLittleTime struct{ Left, Needed time.Duration }

func (t TooLittleTime) Error() string {
	return fmt.Sprintf("it expires in %s, and %s is needed", t.Left, t.Needed)
}

// Unmet returns why a code will not do at a moment of the service's clock: NotActive, TooFewUses or
// TooLittleTime; nil: it will.
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

// Validate returns what of the need not even a new code would meet, so that each run would make
// another one. It does not judge numbers that the request does not have.
func (n Need) Validate(r CreateRequest) (problems Problems) {
	if r.InstanceCount > 0 && n.Uses > r.InstanceCount {
		problems.Add("MinUses", strconv.Itoa(n.Uses), UsesWithin{r.InstanceCount})
	}
	if r.TimeToLiveInHours > 0 && n.Left >= time.Duration(r.TimeToLiveInHours)*time.Hour {
		problems.Add("MinLeft", n.Left.String(), LeftWithin{r.TimeToLiveInHours})
	}
	return problems
}
