package cli

import (
	"context"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

// inspect compares the code with what the record knows. A code that was made after the last
// attempt is not the lost one: the service has forgotten the token.
func (s *session) inspect(ctx context.Context, r pending.Record, view *created) {
	found := lookUp(ctx, s.service, s.op, activation.Ref{RegionId: view.RegionId, ActivationId: view.ActivationId})
	if found.err != nil {
		s.say("note: whether this is the code that was lost could not be checked: %s", ui.Clean(causeOf(found.err)))
		return
	}
	view.know(found.code, s.Now())
	if view.Status != activation.Active {
		s.say("note: the code is %s", view.Status)
	}
	made, err := time.Parse(time.RFC3339, found.code.CreationTime)
	lost := r.ActivationId
	if lost == view.ActivationId || lost == "" && (err != nil || !made.After(r.LastAttempt.Add(time.Second))) {
		return
	}
	s.say("warning: this is a NEW code (made %s); the service has forgotten the first request, whose code may exist", ui.Clean(found.code.CreationTime))
	s.hunt(ctx, r, view.ActivationId)
}

// hunt lists the codes that the lost create may have made, with the lines to disable them.
func (s *session) hunt(ctx context.Context, r pending.Record, except string) {
	candidates, err := s.candidates(ctx, r, except)
	if err != nil {
		s.say("note: the region could not be searched for it: %s", ui.Clean(causeOf(err)))
		return
	}
	if len(candidates) == 0 {
		s.say("no other code in %s has its name, tags and time", r.Request.RegionId)
	}
	for _, c := range candidates {
		s.say("it may be %s, made %s; to stop it:  %s", ui.Clean(c.ActivationId), ui.Clean(c.CreationTime), s.commandLine("disable "+ui.Clean(c.Ref().String())))
	}
}

// candidates are the codes with the name and tags of a create that were made while it ran.
func (s *session) candidates(ctx context.Context, r pending.Record, except string) ([]activation.Activation, error) {
	const slack = 2 * time.Minute // clocks differ, and a request can be carried out late
	request := activation.ListRequest{RegionId: r.Request.RegionId, InstanceName: r.Request.InstanceName}
	for _, t := range r.Request.Tags {
		request.Tags = append(request.Tags, activation.TagFilter{Key: t.TagKey, Value: &t.TagValue})
	}
	var list []activation.Activation
	for page, err := range activation.Pages(ctx, s.service, request) {
		if err != nil {
			return nil, err
		}
		for _, code := range page.ActivationList {
			made, err := time.Parse(time.RFC3339, code.CreationTime)
			during := err == nil && made.After(r.StartedAt.Add(-slack)) && made.Before(r.LastAttempt.Add(slack))
			if during && code.InstanceName == r.Request.InstanceName && code.ActivationId != except {
				list = append(list, code)
			}
		}
	}
	return list, nil
}
