package activation

import (
	"fmt"
	"time"
)

// Goal is what a code can be waited for: that many machines have registered with it, or it
// has a status. One of the two is set.
type Goal struct {
	Registered int
	Status     Status
}

// Reached says whether the code is there.
func (g Goal) Reached(a Activation, now time.Time) bool {
	if g.Registered > 0 {
		return a.RegisteredCount >= g.Registered
	}
	return a.Status(now) == g.Status
}

// Lost says why a code that is not there can never get there, or "".
func (g Goal) Lost(a Activation, now time.Time) string {
	status := a.Status(now)
	switch {
	case g.Reached(a, now):
		return ""
	case g.Registered > a.InstanceCount:
		return fmt.Sprintf("%d machines can never register: it has %d uses", g.Registered, a.InstanceCount)
	case g.Registered > 0 && (status == Active || status == Unknown && !a.Disabled):
		return ""
	case g.Registered > 0:
		return fmt.Sprintf("it is %s, and %d of %d machines have registered", status, a.RegisteredCount, g.Registered)
	case !leadsTo(status, g.Status):
		return fmt.Sprintf("it is %s, and never becomes %s", status, g.Status)
	}
	return ""
}

// leadsTo says whether a code of one status can come to have another. Time, machines and
// people move it in one direction only; what cannot be read stays so.
func leadsTo(from, to Status) bool {
	steps := map[Status]int{Active: 1, Exhausted: 2, Expired: 3, Disabled: 4}
	return steps[from] > 0 && steps[to] > steps[from]
}
