package fleet

import (
	"time"

	"ecs-activation/internal/activation"
)

// Stated is a code with its status at one moment.
type Stated struct {
	activation.Activation
	Status activation.Status
}

// State returns the codes with their statuses at a time of the service's clock.
func State(codes []activation.Activation, now time.Time) []Stated {
	stated := make([]Stated, len(codes))
	for i, code := range codes {
		stated[i] = Stated{code, code.Status(now)}
	}
	return stated
}

// Difference is the change of a code between two readings.
type Difference string

// The differences.
const (
	Present Difference = "is"      // it was there at the first reading
	New     Difference = "new"     // it is new in the list
	Changed Difference = "changed" // its status or its uses have changed
	Gone    Difference = "gone"    // it is no longer in the list
)

// Compared is a code with its difference.
type Compared struct {
	Difference Difference
	Stated
}

// Compare returns the differences between two lists: first the codes that are gone, in the order of the
// old list, then those that are new or have changed, in the order of the new list. all are the codes that
// exist now: a code that is gone from the list but still exists is returned as it is now.
func Compare(before, after, all []Stated) []Compared {
	was, is, exists := byRef(before), byRef(after), byRef(all)
	var differences []Compared
	for _, old := range before {
		if is[old.Ref()] != nil {
			continue
		}
		if now := exists[old.Ref()]; now != nil {
			old = *now
		}
		differences = append(differences, Compared{Gone, old})
	}
	for _, code := range after {
		old := was[code.Ref()]
		switch {
		case old == nil:
			differences = append(differences, Compared{New, code})
		case old.differs(code):
			differences = append(differences, Compared{Changed, code})
		}
	}
	return differences
}

// differs reports whether uses or status have changed; nothing else of a code can.
func (s Stated) differs(other Stated) bool {
	return s.Status != other.Status || s.Disabled != other.Disabled ||
		s.RegisteredCount != other.RegisteredCount || s.DeregisteredCount != other.DeregisteredCount
}

func byRef(codes []Stated) map[activation.Ref]*Stated {
	m := make(map[activation.Ref]*Stated, len(codes))
	for i := range codes {
		m[codes[i].Ref()] = &codes[i]
	}
	return m
}

// NextExpiry returns when the next of the codes expires after now, or a time far away.
func NextExpiry(codes []activation.Activation, now time.Time) time.Time {
	next := now.AddDate(1, 0, 0)
	for _, code := range codes {
		if expires, _ := code.Expires(); expires.After(now) && expires.Before(next) { // an unknown time is not after now
			next = expires
		}
	}
	return next
}
