package activation

import (
	"fmt"
	"time"
)

// Goal is the condition that a wait ends with: a number of registrations, one more registration than at its start,
// or a status. One of the three is set.
type Goal struct {
	Registered int
	OneMore    bool // From sets Registered
	Status     Status
}

// From returns the goal of a wait that starts with this state of the code.
func (g Goal) From(a Activation) Goal {
	if g.OneMore {
		g.Registered = a.RegisteredCount + 1
	}
	return g
}

// Reached reports whether a code has reached the goal.
func (g Goal) Reached(a Activation, now time.Time) bool {
	if g.Registered > 0 {
		return a.RegisteredCount >= g.Registered
	}
	return a.Status(now) == g.Status
}

// Unreachable is the error for a code that can no longer reach a goal.
type Unreachable struct {
	Goal   Goal
	Status Status
	Uses   int // registrations that the code allows
	Used   int // registrations so far
}

// Error returns the reason.
func (u *Unreachable) Error() string {
	switch {
	case u.Goal.OneMore:
		return fmt.Sprintf("the code is %s, so no more machines can register", u.Status)
	case u.Goal.Registered == 0:
		return fmt.Sprintf("the code is %s and can never become %s", u.Status, u.Goal.Status)
	case u.Goal.Registered > u.Uses:
		return fmt.Sprintf("the code allows %d registrations, and %d were requested", u.Uses, u.Goal.Registered)
	}
	return fmt.Sprintf("the code is %s, and %d of %d machines have registered", u.Status, u.Used, u.Goal.Registered)
}

// Unreachable returns an *Unreachable if a code can no longer reach the goal, and nil if it has reached it or
// still can.
func (g Goal) Unreachable(a Activation, now time.Time) error {
	status := a.Status(now)
	why := &Unreachable{Goal: g, Status: status, Uses: a.InstanceCount, Used: a.RegisteredCount}
	switch {
	case g.Reached(a, now):
		return nil
	case g.Registered > a.InstanceCount:
		return why
	case g.Registered > 0 && (status == Active || status == Unknown && !a.Disabled):
		return nil
	case g.Registered > 0 || !canBecome(status, g.Status):
		return why
	}
	return nil
}

// canBecome reports whether the status of a code can change from one to another. The status changes in one
// direction only: Active, Exhausted, Expired, Disabled. Unknown never changes.
func canBecome(from, to Status) bool {
	steps := map[Status]int{Active: 1, Exhausted: 2, Expired: 3, Disabled: 4}
	return steps[from] > 0 && steps[to] > steps[from]
}
