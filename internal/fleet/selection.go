package fleet

import (
	"slices"
	"time"

	"ecs-activation/internal/activation"
)

// Selection has the parts of a list for which the service has no parameters: statuses, conditions, the
// order and the number of codes.
type Selection struct {
	Statuses []activation.Status                  // none: all
	Where    []Condition                          // all of them hold for a code that is selected
	Order    func(a, b activation.Activation) int // nil: as the service returns them
	Most     int                                  // 0: all
}

// Order is an order of codes with its name on the command line.
type Order struct {
	Name    string
	Compare func(a, b activation.Activation) int
}

// Orders returns every order.
func Orders() []Order {
	return []Order{
		{"expires", activation.ByExpiry}, {"created", activation.ByCreation}, {"used", activation.ByUse},
		{"name", activation.ByName}, {"region", activation.ByRegion},
	}
}

// OrderNames returns the names of all orders.
func OrderNames() (names []string) {
	for _, order := range Orders() {
		names = append(names, order.Name)
	}
	return names
}

// Enough returns after how many codes of a region nothing more need be read; 0: everything is
// read.
func (s Selection) Enough() int {
	if s.Order != nil || len(s.Statuses) > 0 || len(s.Where) > 0 {
		return 0
	}
	return s.Most
}

// Apply returns the codes that are selected at a time of the service's clock.
func (s Selection) Apply(codes []activation.Activation, now time.Time) []activation.Activation {
	if s.Order != nil {
		codes = slices.SortedStableFunc(slices.Values(codes), s.Order)
	}
	selected := make([]activation.Activation, 0, len(codes))
	for _, code := range codes {
		if s.Most > 0 && len(selected) == s.Most {
			break
		}
		if s.selects(code, now) {
			selected = append(selected, code)
		}
	}
	return selected
}

// selects reports whether a code has one of the statuses and meets all conditions.
func (s Selection) selects(code activation.Activation, now time.Time) bool {
	if len(s.Statuses) > 0 && !slices.Contains(s.Statuses, code.Status(now)) {
		return false
	}
	for _, holds := range s.Where {
		if !holds(code, now) {
			return false
		}
	}
	return true
}
