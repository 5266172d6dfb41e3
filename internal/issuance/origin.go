package issuance

import (
	"context"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/pending"
)

// This file tells a code that an earlier run made from one that a replay made because the service
// had forgotten the token. Only times of the service's own clock are compared: just before a replay
// the service is asked which codes there are, and a code that it made later is a new one.

// look asks the service for its time, which is zero where it is not known, and for the codes that the
// create may have made. What it cannot learn of those is reported when the code is there (NotChecked).
func (j *job) look(ctx context.Context) (now time.Time, err error) {
	request := j.candidates()
	request.MaxResults = activation.MaxPage
	page, err := j.Service.List(ctx, request)
	if err != nil {
		return page.Date, err
	}
	j.moment.Date = page.Date
	for _, code := range page.ActivationList {
		j.moment.Held = append(j.moment.Held, code.ActivationId)
	}
	return page.Date, nil
}

// identify compares the code with what earlier runs left, and notes the answer in the record. What
// the service knows about the code is added to it.
func (j *job) identify(ctx context.Context, code *codefile.Code) {
	answered := pending.Change{Event: pending.Answered, ActivationId: code.ActivationId}
	if !j.entry.Known || j.before.ActivationId == code.ActivationId && !j.before.New && !j.inFull {
		j.note(j.entry.Happened(answered))
		return
	}
	found := fleet.LookUp(ctx, j.Service, "look up", code.Ref())
	if found.Err == nil {
		code.Update(found.Code, serviceTime(found.Answer, j.Now))
		if code.Status != activation.Active {
			j.Note(DeadCode{code.Status})
		}
	}
	var checked bool
	if j.isNew, checked = j.compare(found); !checked {
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
	j.note(j.entry.Happened(answered))
}

// compare reports whether a code is another one than an earlier run may have made, and whether that
// could be checked.
func (j *job) compare(found fleet.Result) (isNew, checked bool) {
	id, moment := found.Ref.ActivationId, j.before.Replay
	if moment.Date.IsZero() {
		moment = j.moment
	}
	switch {
	case j.before.ActivationId == id:
		return j.before.New, true
	case j.before.ActivationId != "":
		return true, true
	}
	made, known := found.Code.Created()
	if !known || moment.Date.IsZero() { // not known: the code could not be looked up, or has no time
		return false, false
	}
	return moment.Precedes(id, made), true
}

// slack is added on both sides of the time in which a lost code was made: clocks differ, and a
// request can be carried out late.
const slack = 2 * time.Minute

// hunt reports the codes that the earlier runs may have made, but for one.
func (j *job) hunt(ctx context.Context, except string) {
	var found []activation.Activation
	var ahead time.Duration // of the service's clock
	for page, err := range fleet.Whole(ctx, j.Service, j.candidates()) {
		if err != nil {
			j.Note(NotSearched{j.before.Request.RegionId, err})
			return
		}
		if !page.Date.IsZero() {
			ahead = page.Date.Sub(page.Heard)
		}
		for _, code := range page.ActivationList {
			if code.ActivationId != except && j.mayBe(code, ahead) {
				found = append(found, code)
			}
		}
	}
	j.Note(Candidates{j.before.Request.RegionId, found})
}

// candidates asks for the codes with the name and the tags of the create.
func (j *job) candidates() activation.ListRequest {
	r := activation.ListRequest{RegionId: j.before.Request.RegionId, InstanceName: j.before.Request.InstanceName}
	for _, t := range j.before.Request.Tags {
		r.Tags = append(r.Tags, activation.TagFilter{Key: t.TagKey, Value: &t.TagValue})
	}
	return r
}

// mayBe reports whether earlier runs may have made a code, with this machine's clock as it was then
// or, if it was as wrong as it is now, corrected.
func (j *job) mayBe(code activation.Activation, ahead time.Duration) bool {
	made, _ := code.Created() // without a time it was not made then
	if code.InstanceName != j.before.Request.InstanceName {
		return false
	}
	during := func(made time.Time) bool {
		return made.After(j.before.StartedAt.Add(-slack)) && made.Before(j.before.LastAttempt.Add(slack))
	}
	return during(made) || during(made.Add(-ahead))
}

// serviceTime is the service's time of an answer, or this machine's where the answer has none.
func serviceTime(answer activation.Answer, now func() time.Time) time.Time {
	if answer.Date.IsZero() {
		return now()
	}
	return answer.Date
}
