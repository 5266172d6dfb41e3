package cli

import (
	"time"

	"ecs-activation/internal/issuance"
	"ecs-activation/internal/ui"
)

// recordView is a record as programs see it.
type recordView struct {
	ClientToken    string
	State          string
	RegionId       string
	InstanceName   string
	StartedAt      string
	LastAttempt    string
	Attempts       int
	ExpirationTime string // when a code of it is dead at the latest
	Alive          bool
	ActivationId   string
	Identity       string
	Profile        string
	Endpoint       string
	Sandbox        bool
	Save           string
}

func viewOf(r issuance.Record, now time.Time) recordView {
	return recordView{
		ClientToken: r.Request.ClientToken, State: string(r.State), RegionId: r.Request.RegionId, InstanceName: r.Request.InstanceName,
		StartedAt: r.StartedAt.Format(time.RFC3339), LastAttempt: r.LastAttempt.Format(time.RFC3339), Attempts: r.Attempts,
		ExpirationTime: r.Expires().Format(time.RFC3339), Alive: r.Alive(now), ActivationId: r.ActivationId,
		Identity: r.Identity, Profile: r.Profile, Endpoint: r.Endpoint, Sandbox: r.Sandbox, Save: r.Save,
	}
}

func (s *session) printRecords(records []issuance.Record, unread bool) error {
	views := make([]recordView, len(records))
	rows := make([][]string, len(records))
	now := s.Now()
	for i, r := range records {
		views[i] = viewOf(r, now)
		identity := r.Identity
		if r.Sandbox {
			identity = "sandbox"
		}
		rows[i] = []string{r.Request.ClientToken, string(r.State), r.Request.RegionId, ui.Clean(r.Request.InstanceName),
			ui.Relative(now, r.StartedAt), moment(s.IO.Out, now, views[i].ExpirationTime), ui.Clean(identity)}
	}
	switch {
	case ui.ForPrograms(s.output):
		return ui.Many(s.IO.Out, s.output, views)
	case len(records) == 0:
		if !unread {
			s.say("nothing to recover")
		}
		return nil
	}
	return ui.Table(s.IO.Out, []ui.Column{{Title: "TOKEN", Shrinks: true}, {Title: "STATE"}, {Title: "REGION"}, {Title: "NAME", Shrinks: true},
		{Title: "STARTED"}, {Title: "EXPIRES"}, {Title: "IDENTITY", Shrinks: true}}, rows)
}
