package issuance

import (
	"slices"
	"strings"
	"time"

	"ecs-activation/internal/pending"
)

// Record is a create that is not finished, or whose code can be delivered again.
type Record = pending.Record

// Of returns the records of the sandbox, or those of the real service, and the others.
func Of(records []Record, sandbox bool) (these, others []Record) {
	for _, r := range records {
		if r.Sandbox == sandbox {
			these = append(these, r)
		} else {
			others = append(others, r)
		}
	}
	return these, others
}

// Unfinished counts the records whose code may be waiting for delivery.
func Unfinished(records []Record) (n int) {
	for _, r := range records {
		if r.Unfinished() {
			n++
		}
	}
	return n
}

// Making returns the record of the create that made a code.
func Making(records []Record, activationID string) (Record, bool) {
	i := slices.IndexFunc(records, func(r Record) bool { return r.ActivationId == activationID })
	if i < 0 {
		return Record{}, false
	}
	return records[i], true
}

// Recoverable counts the records whose code was not delivered and can still be used, by this
// machine's clock.
func Recoverable(records []Record, now time.Time) (n int) {
	for _, r := range records {
		if r.Unfinished() && r.Alive(now) {
			n++
		}
	}
	return n
}

// Last returns the newest record that no other process works on.
func Last(records []Record) (Record, error) {
	for _, r := range slices.Backward(records) {
		if r.State != pending.Running {
			return r, nil
		}
	}
	return Record{}, &NoRecord{}
}

// Find returns the record of a token, or of the only token that begins so.
func Find(records []Record, token string) (Record, error) {
	begins := strings.TrimSuffix(token, "…") // as a narrow terminal shows it
	var matches []Record
	for _, r := range records {
		if r.Request.ClientToken == begins {
			return r, nil
		}
		if len(begins) >= 4 && strings.HasPrefix(r.Request.ClientToken, begins) {
			matches = append(matches, r)
		}
	}
	if len(matches) == 1 {
		return matches[0], nil
	}
	return Record{}, &NoRecord{Token: token}
}
