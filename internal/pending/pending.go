// Package pending keeps the records of creates that are not finished. The service shows a code
// once, but it answers a repeated create that has the same client token with the same code: so
// whoever has the token and the parameters can get a lost code again.
//
// A record is a file, the journal of one create: what was asked for and by whom, synced before the
// request leaves, and a line for everything that happened since. life.go has the table of what can
// happen and what follows. No record holds a secret: neither an activation code nor a credential.
package pending

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"time"

	"ecs-activation/internal/activation"
)

// Create is what was asked for, by whom, and where the code goes: all that is needed to ask again.
type Create struct {
	Request activation.CreateRequest // with its ClientToken

	Sandbox  bool
	Profile  string // as it was named; empty: it was not
	Endpoint string // as it was set; empty: the region's own
	Identity string // AccessKey ID or role, never a secret
	Source   string // where the identity was found

	Target
	StartedAt time.Time // by this machine's clock
}

// Target is where a code goes.
type Target struct {
	Save     string // absolute path of the file for the code; empty: standard output
	Replaces string `json:",omitempty"` // the ActivationId that the file may hold and then loses; empty: the file must be new

	// Earlier are the codes that the file held before and that may still be alive, with their
	// regions. They are written into it.
	Earlier []activation.Ref `json:",omitempty"`
}

// SameRequest reports whether another create would ask the service for the same thing.
func (c Create) SameRequest(other Create) bool {
	return reflect.DeepEqual(c.Request, other.Request) && c.Sandbox == other.Sandbox && c.Endpoint == other.Endpoint
}

// Lifetime is how long a code of this create can be used.
func (c Create) Lifetime() time.Duration {
	return time.Duration(c.Request.TimeToLiveInHours) * time.Hour
}

// Record is a create with everything that happened since.
type Record struct {
	Create
	State       State
	Attempts    int
	LastAttempt time.Time // by this machine's clock

	ActivationId string // of the code that the service returned
	New          bool   // that code is not the one that the first run may have made
	Replay       Moment // before the first replay; a code made later is a new one
}

// Moment is what the service held just before a create was sent once more.
type Moment struct {
	Date time.Time `json:",omitzero"`  // by the service's clock, in whole seconds; zero: not known
	Held []string  `json:",omitempty"` // the ActivationIds of the newest codes
}

// Precedes reports whether a code was made after the moment: the create at hand made it, and not one
// before.
func (m Moment) Precedes(activationID string, made time.Time) bool {
	return !made.Before(m.Date) && !slices.Contains(m.Held, activationID)
}

// Expires is when a code of this create is dead at the latest, by this machine's clock.
func (r Record) Expires() time.Time { return r.LastAttempt.Add(r.Lifetime()) }

// Alive reports whether the code can still be of use, by this machine's clock.
func (r Record) Alive(now time.Time) bool { return now.Before(r.Expires()) }

// AliveAt reports whether the code can still be of use: by this machine's clock, which may be wrong
// today, or by the service's (zero: not known), because it may have been wrong when the record was
// written. A live code must not be given up for a wrong clock.
func (r Record) AliveAt(now, service time.Time) bool {
	return r.Alive(now) || !service.IsZero() && r.Alive(service)
}

// over reports whether the record goes because its code has expired, by this machine's clock.
func (r Record) over(now time.Time) bool {
	_, duty, _ := next(r.State, Expired)
	return duty == Remove && !r.Alive(now)
}

// Unfinished reports whether a code may be waiting for delivery.
func (r Record) Unfinished() bool { return r.State == Uncertain || r.State == Made }

// Change is something that happened, as a line of the journal.
type Change struct {
	Event        Event
	At           time.Time     // by this machine's clock; zero: now
	ActivationId string        `json:",omitempty"`
	Replay       Moment        `json:",omitzero"`  // of an attempt that replays an earlier run
	By           time.Duration `json:",omitempty"` // of aged
}

// aged is the event of a sandbox whose clock was advanced: everything lies further back by that much.
const aged Event = "aged"

// parse reads a journal. Without a whole first line nothing was sent: the journal is errEmpty when not
// even that was begun, which is all that a killed process or a power cut leaves, and errTorn otherwise. Of the others, those that
// cannot be read (cut short by a full disk or a power cut) are passed over.
func parse(journal []byte) (Record, error) {
	lines := wholeLines(journal)
	switch {
	case len(journal) == 0:
		return Record{}, errEmpty
	case len(lines) == 0:
		return Record{}, errTorn
	}
	var r Record
	if err := json.Unmarshal(lines[0], &r.Create); err != nil || r.Request.ClientToken == "" {
		return Record{}, errors.New("its first line is damaged")
	}
	r.State, r.Attempts, r.LastAttempt = Uncertain, 1, r.StartedAt
	for _, line := range lines[1:] {
		var c Change
		if json.Unmarshal(line, &c) == nil {
			r.apply(c)
		}
	}
	return r, nil
}

// apply takes a line of the journal into the record.
func (r *Record) apply(c Change) {
	before := r.State
	r.State, _, _ = next(r.State, c.Event) // what cannot happen changes nothing
	switch c.Event {
	case Sending:
		if before == Recorded {
			return // the record itself stands for the first attempt
		}
		r.Attempts++
		r.LastAttempt = c.At
		if r.Replay.Date.IsZero() {
			r.Replay = c.Replay
		}
	case Answered, AnsweredNew:
		r.ActivationId, r.New = c.ActivationId, r.New || c.Event == AnsweredNew
	case aged:
		r.StartedAt, r.LastAttempt = r.StartedAt.Add(-c.By), r.LastAttempt.Add(-c.By)
		if !r.Replay.Date.IsZero() {
			r.Replay.Date = r.Replay.Date.Add(-c.By)
		}
	}
}
