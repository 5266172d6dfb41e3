package batch

import (
	"time"

	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
)

// known is everything that is known about the codes of earlier runs.
type known struct {
	Batch
	entries entries
	listed  map[string]listing // by region
	now     time.Time          // by this machine's clock

	records    map[string]pending.Record // of batches, by client token
	unfinished map[string]pending.Record // by the path of the file
}

// listing is what the service listed in a region before the first create.
type listing struct {
	codes issuance.Listed // nil: not known
	date  time.Time       // by the service's clock
}

// plan returns what to do for each row. If rows have dead codes, they get new ones if renew is set;
// otherwise the error is a *Dead.
func (k known) plan(renew bool) ([]Step, error) {
	dead := &Dead{Total: len(k.Rows)}
	steps := make([]Step, len(k.Rows))
	for i, row := range k.Rows {
		var isDead bool
		if steps[i], isDead = k.step(row); isDead {
			dead.Rows = append(dead.Rows, row)
			steps[i] = k.renewed(steps[i])
		}
	}
	if len(dead.Rows) > 0 && !renew {
		return nil, dead
	}
	return steps, nil
}

// know adds a record of an earlier run.
func (k known) know(r pending.Record) {
	if r.Batch == "" {
		return
	}
	k.records[r.Request.ClientToken] = r
	if r.Save != "" && r.Unfinished() && r.Alive(k.now) {
		k.unfinished[r.Save] = r
	}
}

// create returns the create of a row as a record describes it.
func (k known) create(row Row, token string) pending.Create {
	return pending.Create{Request: withToken(row.Request, token), Sandbox: k.Sandbox, Endpoint: k.Endpoint}
}

// step returns what to do for a row, and whether its code is dead.
func (k known) step(row Row) (s Step, dead bool) {
	entry, sent := k.entries[row.Key]
	s = k.at(row, entry.generation)
	if row.held.ActivationId == "" {
		return s, k.isDead(s)
	}
	if k.usable(row, row.held.ActivationId, k.heldAlive(row, entry)) {
		s.Done = !k.isInterrupted(s)
		return s, false
	}
	s.Replaces = row.held.ActivationId
	renewing := sent && entry.generation > 0 && k.records[s.Token].ActivationId != s.Replaces
	return s, !renewing || k.isDead(s)
}

// isInterrupted reports whether an earlier run was killed after it had written the file of a row, before it could
// remove its temporary file and complete its record. Then the create is repeated, which does both.
func (k known) isInterrupted(s Step) bool {
	record, recorded := k.records[s.Token]
	return recorded && record.State != pending.Delivered && (record.ActivationId == s.held.ActivationId || record.ActivationId == "")
}

// heldAlive reports whether the code in the file of a row can be used, as far as this machine knows.
func (k known) heldAlive(row Row, e entry) bool {
	if row.held.ExpirationTime == "" {
		return !k.isOver(row, e)
	}
	return !row.heldDead
}

// at returns the step of a row with a generation. If there is an unfinished create of the same code for the same
// file, the step continues that one: the list, and so the name of the batch, may have changed since then.
func (k known) at(row Row, generation int) Step {
	token := k.token(row, generation)
	_, recorded := k.records[token]
	if other, found := k.unfinished[row.File]; found && !recorded && other.SameRequest(k.create(row, other.Request.ClientToken)) {
		token, recorded = other.Request.ClientToken, true
	}
	return Step{Row: row, Token: token, Known: recorded, generation: generation}
}

// renewed returns the step that makes a new code in place of a dead one.
func (k known) renewed(s Step) Step {
	next := s
	for {
		if record, recorded := k.records[next.Token]; recorded {
			s.old = append(s.old, record)
		}
		next = k.at(s.Row, next.generation+1)
		if !k.isDead(next) {
			break
		}
	}
	next.Replaces, next.old = s.Replaces, s.old
	return next
}

// isDead reports whether the code of a step is expired, disabled or deleted. Without a record, either no
// create was sent, or a code was delivered and has expired: the ledger distinguishes the two.
func (k known) isDead(s Step) bool {
	record, recorded := k.records[s.Token]
	switch entry := k.entries[s.Key]; {
	case recorded && record.ActivationId != "":
		return !k.usable(s.Row, record.ActivationId, record.Alive(k.now))
	case recorded:
		return !record.Alive(k.now)
	default:
		return entry.generation == s.generation && k.isOver(s.Row, entry)
	}
}

// isOver reports whether the lifetime of a code that was created by the first create of a row has passed.
func (k known) isOver(row Row, e entry) bool {
	lifetime := k.create(row, "").Lifetime()
	return !e.first.IsZero() && !k.now.Before(e.first.Add(lifetime))
}

// usable reports whether a code is neither expired nor disabled nor deleted: as the service listed it, or, if
// that is not known, as this machine assumes.
func (k known) usable(row Row, activationID string, assumed bool) bool {
	listed := k.listed[row.Request.RegionId]
	if listed.codes == nil {
		return assumed
	}
	code, found := listed.codes[activationID]
	return found && code.IsAlive(listed.date)
}
