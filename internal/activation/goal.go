package activation

import (
	"fmt"
	"time"
)

// Goal is what a code can be waited for: a number of registrations, or a status. One of the two is
// set.
type Goal struct {
	Registered int
	Status     Status
}

// Reached reports whether a code has reached the goal.
func (g Goal) Reached(a Activation, now time.Time) bool {
	if g.Registered > 0 {
		return a.RegisteredCount >= g.Registered
	}
	return a.Status(now) == g.Status
}

// Unreachable says that a code can never reach a goal.
type Unreachable struct {
	Goal   Goal
	Status Status
	Uses   int // registrations that the code allows
	Used   int // registrations so far
}

// Error says why.
func (u *Unreachable) Error() string {
	switch {
	case u.Goal.Registered == 0:
		return fmt.Sprintf("the code is %s and can never become %s", u.Status, u.Goal.Status)
	case u.Goal.Registered > u.Uses:
		return fmt.Sprintf("the code allows %d registrations, and %d were requested", u.Uses, u.Goal.Registered)
	}
	return fmt.Sprintf("the code is %s, and %d of %d machines have registered", u.Status, u.Used, u.Goal.Registered)
}

// Unreachable returns why a code that has not reached the goal never will; nil: it still can.
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

// canBecome reports whether a code of one status can come to have another. Time, machines and people
// change it in one direction only; a status that cannot be computed stays so.
func canBecome(from, to Status) bool {
	steps := map[Status]int{Active: 1, Exhausted: 2, Expired: 3, Disabled: 4}
	return steps[from] > 0 && steps[to] > steps[from]
}
