package batch

import (
	"slices"
	"time"

	"ecs-activation/internal/codefile"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
)

// known is everything that is known about the codes of earlier runs.
type known struct {
	Batch
	entries entries
	listed  map[string]listing // by region
	now     time.Time          // by this machine's clock
	account issuance.Account   // the current one; without an Identity in a dry run

	same       map[string]bool             // identities of earlier runs that are of the current account
	records    map[string]pending.Record   // by client token
	unfinished map[string][]pending.Record // those whose codes can still be used, by the path of the file
}

// listing is what the service listed in a region before the first create.
type listing struct {
	codes issuance.Listed // nil: not known
	date  time.Time       // by the service's clock
}

// plan returns what to do for each row. The error is *OtherIdentity if creates of rows were sent with another account,
// and *Blocked if the files of rows have other unfinished creates. If rows have dead codes, they get new ones if renew
// is set; otherwise the error is a *Dead.
func (k known) plan(renew bool) ([]Step, error) {
	dead, blocked, foreign := &Dead{Total: len(k.Rows)}, &Blocked{}, &OtherIdentity{Total: len(k.Rows), Current: k.account}
	steps := make([]Step, len(k.Rows))
	for i, row := range k.Rows {
		var isDead bool
		if steps[i], isDead = k.step(row); isDead {
			dead.Rows = append(dead.Rows, row)
			steps[i] = k.renewed(steps[i])
		}
		if rule := k.block(steps[i]); rule != nil {
			blocked.Problems = append(blocked.Problems, nameProblem(row, rule))
		}
		if r, found := recordOfOther(k, steps[i]); found && !steps[i].Done {
			foreign.add(row, r)
		}
	}
	switch {
	case len(foreign.Rows) > 0:
		return nil, foreign
	case len(blocked.Problems) > 0:
		return nil, blocked
	case len(dead.Rows) > 0 && !renew:
		return nil, dead
	}
	return steps, nil
}

// recordOfOther returns the record of a create of a row that was sent with another account, if there is one.
func recordOfOther(k known, s Step) (pending.Record, bool) {
	records := append([]pending.Record{k.records[s.Token]}, s.old...)
	i := slices.IndexFunc(records, func(r pending.Record) bool { return isForeign(k, r) })
	if i < 0 {
		return pending.Record{}, false
	}
	return records[i], true
}

// isForeign reports whether a record may have a usable code of another account. Temporary keys change, so another
// identity may be of the same account: the codes that the service lists show that.
func isForeign(k known, r pending.Record) bool {
	return k.account.Identity != "" && r.Identity != k.account.Identity && !k.same[r.Identity] && r.Alive(k.now)
}

// know adds a record of an earlier run, or of another command.
func (k known) know(r pending.Record) {
	if r.Sandbox != k.Sandbox || r.Endpoint != k.Endpoint {
		return
	}
	k.records[r.Request.ClientToken] = r
	usable := r.ActivationId == "" || isForeign(k, r) || k.usable(r.Request.RegionId, r.ActivationId, true)
	if r.Save == "" || !r.Unfinished() || !r.Alive(k.now) || !usable {
		return
	}
	file, err := codefile.RealPath(r.Save)
	if err != nil { // its folder does not exist
		file = r.Save
	}
	k.unfinished[file] = append(k.unfinished[file], r)
}

// block returns the rule that a step breaks if there is an unfinished create of another code for its file, or nil.
func (k known) block(s Step) error {
	if s.Done {
		return nil
	}
	for _, other := range k.unfinished[s.File] {
		token := other.Request.ClientToken
		if token != s.Token && !other.SameRequest(k.create(s.Row, token)) {
			return Unfinished{File: s.File, Token: token, Column: columnName(codefile.FromRequest(other.Request).Differs(s.Request))}
		}
	}
	return nil
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
	if k.usable(row.Request.RegionId, row.held.ActivationId, k.heldAlive(row, entry)) {
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
// file, the step continues that one: it may be of another command, or the list, and so the name of the batch, may
// have changed since then.
func (k known) at(row Row, generation int) Step {
	s := Step{Row: row, Token: k.token(row, generation), generation: generation}
	_, s.Known = k.records[s.Token]
	for _, other := range k.unfinished[row.File] {
		if !s.Known && other.SameRequest(k.create(row, other.Request.ClientToken)) {
			s.Token, s.Known = other.Request.ClientToken, true
		}
	}
	for g := range generation {
		if record, recorded := k.records[k.token(row, g)]; recorded && record.Request.ClientToken != s.Token {
			s.old = append(s.old, record)
		}
	}
	return s
}

// renewed returns the step that makes a new code in place of a dead one.
func (k known) renewed(s Step) Step {
	next := k.at(s.Row, s.generation+1)
	for k.isDead(next) {
		next = k.at(s.Row, next.generation+1)
	}
	next.Replaces = s.Replaces
	return next
}

// isDead reports whether the code of a step is expired, disabled or deleted. Without a record, either no
// create was sent, or a code was delivered and has expired: the ledger distinguishes the two.
func (k known) isDead(s Step) bool {
	record, recorded := k.records[s.Token]
	switch entry := k.entries[s.Key]; {
	case recorded && record.ActivationId != "":
		return !k.usable(s.Request.RegionId, record.ActivationId, record.Alive(k.now))
	case recorded:
		return !record.Alive(k.now)
	default:
		return entry.generation == s.generation && k.isOver(s.Row, entry)
	}
}

// isOver reports whether the lifetime of a code that was created by the first create of a row has passed.
func (k known) isOver(row Row, e entry) bool {
	return !e.first.IsZero() && !k.now.Before(e.first.Add(row.Request.Lifetime()))
}

// usable reports whether a code is neither expired nor disabled nor deleted: as the service listed it, or, if
// that is not known, as this machine assumes.
func (k known) usable(region, activationID string, assumed bool) bool {
	listed := k.listed[region]
	if listed.codes == nil {
		return assumed
	}
	code, found := listed.codes[activationID]
	return found && code.IsAlive(listed.date)
}
