package issuance

import (
	"context"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/pending"
)

// A replay returns either the code that an earlier run created, or a new code, if the service has
// forgotten the client token. This file distinguishes the two. Just before the first replay it lists the
// codes: a code that was created later is a new one. Only times of the service's clock are compared.

// checkAccount returns an error if the record may have been made with another account: with another identity, and the
// service does not list its code for the current one. Temporary keys change, so another identity may be of the same
// account.
func checkAccount(ctx context.Context, j *job) error {
	if j.Identity == j.before.Identity {
		return nil
	}
	if id := j.before.ActivationId; id != "" {
		found := fleet.LookUp(ctx, j.Service, "look up", activation.Ref{RegionId: j.before.Request.RegionId, ActivationId: id})
		switch kind := activation.KindOf(found.Err); {
		case found.Err == nil, kind == activation.KindUnavailable, kind == activation.KindInterrupted:
			return found.Err
		}
	}
	return otherIdentity(j)
}

// otherIdentity returns the error of a record that was made with another identity.
func otherIdentity(j *job) error {
	return &OtherIdentity{Record: j.before, Identity: j.Identity, Source: j.Source}
}

// isComparable reports whether the record has what a code is compared with: the first code, or the first snapshot.
func isComparable(r Record) bool { return r.ActivationId != "" || !r.Replay.Date.IsZero() }

// takeSnapshot lists the codes that the create may have created, and returns the time of the service
// (zero: not known). If the list fails, recordAnswer reports NotChecked later.
func (j *job) takeSnapshot(ctx context.Context) (now time.Time, err error) {
	request := candidateRequest(j.before)
	request.MaxResults = activation.MaxPage
	page, err := j.Service.List(ctx, request)
	if err != nil {
		return page.Date, err
	}
	j.snapshot.Date = page.Date
	for _, code := range page.ActivationList {
		j.snapshot.Held = append(j.snapshot.Held, code.ActivationId)
	}
	return page.Date, nil
}

// recordAnswer checks whether the code is a new one, and writes the answer to the record. It adds the
// properties that the service returns for the code.
func (j *job) recordAnswer(ctx context.Context, code *codefile.Code) {
	answered := pending.Change{Event: pending.Answered, ActivationId: code.ActivationId}
	if !j.entry.Known || j.before.ActivationId == code.ActivationId && !j.before.New && !j.alwaysLookUp {
		j.note(j.entry.Apply(answered))
		return
	}
	found := fleet.LookUp(ctx, j.Service, "look up", code.Ref())
	switch {
	case found.Err == nil:
		code.Update(found.Code, found.Answer.Time(j.Now))
		if code.Status != activation.Active {
			j.unusable = true
			j.Note(InactiveCode{code.Status})
		}
	case fleet.Missing(found.Err) && j.before.ActivationId == code.ActivationId:
		j.unusable = true
		j.Note(DeletedCode{})
	}
	var checked bool
	if j.isNew, checked = isNewCode(j.before, j.snapshot, found); !checked {
		j.Note(NotChecked{found.Err})
	}
	if j.isNew {
		answered.Event = pending.AnsweredNew
		note := NewCode{Ref: code.Ref(), CreationTime: found.Code.CreationTime}
		if j.before.ActivationId != code.ActivationId {
			note.Earlier = j.before.ActivationId
		}
		j.Note(note)
	}
	j.note(j.entry.Apply(answered))
}

// isNewCode reports whether the code is not the one that an earlier run may have created, and whether
// that could be checked.
func isNewCode(before Record, taken pending.Snapshot, found fleet.Result) (isNew, checked bool) {
	id, snapshot := found.Ref.ActivationId, before.Replay
	if snapshot.Date.IsZero() {
		snapshot = taken
	}
	switch {
	case before.ActivationId == id:
		return before.New, true
	case before.ActivationId != "":
		return true, true
	}
	made, known := found.Code.Created()
	if !known || snapshot.Date.IsZero() { // not known: the lookup failed, or the code has no creation time
		return false, false
	}
	return snapshot.Precedes(id, made), true
}

// clockTolerance extends the time range in which a lost code may have been created at both ends,
// because clocks differ and a request can be executed late.
const clockTolerance = 2 * time.Minute

// reportCandidates reports the codes that earlier runs may have created, without the given one.
func (j *job) reportCandidates(ctx context.Context, except string) {
	var found []activation.Activation
	var ahead time.Duration // how far the service's clock is ahead of this machine's
	for page, err := range fleet.NewReader(j.Service).Whole(ctx, candidateRequest(j.before)) {
		if err != nil {
			j.Note(NotSearched{j.before.Request.RegionId, err})
			return
		}
		if !page.Date.IsZero() {
			ahead = page.Date.Sub(page.ReceivedAt)
		}
		for _, code := range page.ActivationList {
			if code.ActivationId != except && isCandidate(j.before, code, ahead) {
				found = append(found, code)
			}
		}
	}
	j.Note(Candidates{j.before.Request.RegionId, found})
}

// candidateRequest returns a request for the codes with the name and the tags of the create.
func candidateRequest(before Record) activation.ListRequest {
	r := activation.ListRequest{RegionId: before.Request.RegionId, InstanceName: before.Request.InstanceName}
	for _, t := range before.Request.Tags {
		r.Tags = append(r.Tags, activation.TagFilter{Key: t.TagKey, Value: &t.TagValue})
	}
	return r
}

// isCandidate reports whether earlier runs may have created a code. It compares the creation time
// with the times of the record twice: once unchanged, and once corrected by the current error of this
// machine's clock, which may have been the same then.
func isCandidate(before Record, code activation.Activation, ahead time.Duration) bool {
	made, _ := code.Created() // the zero time is outside the range
	if code.InstanceName != before.Request.InstanceName {
		return false
	}
	during := func(made time.Time) bool {
		return made.After(before.StartedAt.Add(-clockTolerance)) && made.Before(before.LastAttempt.Add(clockTolerance))
	}
	return during(made) || during(made.Add(-ahead))
}
