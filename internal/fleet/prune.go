package fleet

import (
	"errors"
	"time"

	"ecs-activation/internal/activation"
)

// PrunePlan says which codes of a listing a prune deletes and which it keeps.
type PrunePlan struct {
	Delete []Result                // dead and never used
	Keep   []activation.Activation // dead, but used: the service keeps those
}

// errNoServiceTime says that no answer had the service's time, so expired codes cannot be
// recognized.
var errNoServiceTime = errors.New("the service sent no time, so expired codes cannot be recognized")

// PlanPrune returns the plan for the codes that have been dead for at least that long. Its error is
// errNoServiceTime, because a wrong clock of this machine could call a living code dead, or a
// *FilterIgnored.
func PlanPrune(l Listing, age time.Duration) (PrunePlan, error) {
	if err := l.Ignored.Err(); err != nil {
		return PrunePlan{}, err
	}
	if len(l.Codes) > 0 && l.Answer.Date.IsZero() {
		return PrunePlan{}, errNoServiceTime
	}
	unused, used := Dead(l.Codes, l.Answer.Date, age)
	plan := PrunePlan{Keep: used, Delete: make([]Result, len(unused))}
	for i, code := range unused {
		plan.Delete[i] = Result{Ref: code.Ref(), Code: code, Answer: l.Answer}
	}
	return plan, nil
}

// Dead returns the codes that have been dead for at least that long at a time of the service's
// clock: those that were never used, which can be deleted, and the used ones, which the service
// keeps.
func Dead(codes []activation.Activation, now time.Time, age time.Duration) (unused, used []activation.Activation) {
	for _, code := range (Selection{Where: []Condition{OlderThan(age)}}).Apply(codes, now) {
		if Unused(code, now) {
			unused = append(unused, code)
		} else {
			used = append(used, code)
		}
	}
	return unused, used
}
