package activation

import "time"

// Outlook is what a code can still do, as long as nobody disables it.
type Outlook struct {
	Uses  int
	Left  time.Duration
	First End
}

// End is what a code can end by.
type End string

// The ends of a code.
const (
	EndsByTime End = "time"
	EndsByUses End = "uses" // if machines go on to register at the pace of those that have
)

// Outlook looks ahead from a moment of the service's clock. A code that registers no more
// machines has none.
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
