package issuance

import (
	"slices"
	"strings"
	"time"

	"ecs-activation/internal/pending"
)

// Record is the record of a create that is unfinished, or whose code can be delivered again.
type Record = pending.Record

// SplitBySandbox returns the records of the sandbox and the others, or, if sandbox is false, the
// records of the real service and the others.
func SplitBySandbox(records []Record, sandbox bool) (these, others []Record) {
	for _, r := range records {
		if r.Sandbox == sandbox {
			these = append(these, r)
		} else {
			others = append(others, r)
		}
	}
	return these, others
}

// CountUnfinished returns the number of records whose code may exist and was not delivered.
func CountUnfinished(records []Record) (n int) {
	for _, r := range records {
		if r.Unfinished() {
			n++
		}
	}
	return n
}

// FindByActivationId returns the record of the create that created a code.
func FindByActivationId(records []Record, activationID string) (Record, bool) {
	i := slices.IndexFunc(records, func(r Record) bool { return r.ActivationId == activationID })
	if i < 0 {
		return Record{}, false
	}
	return records[i], true
}

// CountRecoverable returns the number of records whose code was not delivered and can still be used,
// by this machine's clock.
func CountRecoverable(records []Record, now time.Time) (n int) {
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

// FindByToken returns the record of a token. The token may be abbreviated to its first four or more
// characters if that is unambiguous.
func FindByToken(records []Record, token string) (Record, error) {
	prefix := strings.TrimSuffix(token, "…") // narrow terminals show the token with an ellipsis
	var matches []Record
	for _, r := range records {
		if r.Request.ClientToken == prefix {
			return r, nil
		}
		if len(prefix) >= 4 && strings.HasPrefix(r.Request.ClientToken, prefix) {
			matches = append(matches, r)
		}
	}
	if len(matches) == 1 {
		return matches[0], nil
	}
	return Record{}, &NoRecord{Token: token}
}
