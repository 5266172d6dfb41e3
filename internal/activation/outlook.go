package activation

import "time"

// Outlook is a forecast for a code: how many machines can still register, for how long, and how it will end
// if it is not disabled.
type Outlook struct {
	Uses  int
	Left  time.Duration
	First End
}

// End is the reason why a code will stop registering machines.
type End string

// The ends of a code.
const (
	EndsByTime End = "time"
	EndsByUses End = "uses" // if machines continue to register at the same rate
)

// Outlook returns the forecast at a time of the service's clock. It is zero for a code with which machines
// cannot register.
func (a Activation) Outlook(now time.Time) Outlook {
	if a.Status(now) != Active {
		return Outlook{}
	}
	created, _ := a.Created()
	expires, _ := a.Expires()
	o := Outlook{Uses: a.RemainingCount(), Left: expires.Sub(now), First: EndsByTime}
	took, used := now.Sub(created).Seconds(), float64(a.RegisteredCount)
	if used > 0 && took/used*float64(o.Uses) < o.Left.Seconds() {
		o.First = EndsByUses
	}
	return o
}
