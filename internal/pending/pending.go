// Package pending remembers creates that have not been delivered yet. The service shows a
// code once, but answers a repeated create with the same client token with the same code: so
// whoever remembers the token and the parameters can get a lost code again.
//
// A record is a journal of one create: what was asked and by whom, synced before the request
// leaves, and a line for everything that happened since. It refuses to hold a secret: neither
// an activation code nor a credential is ever in it.
package pending

import (
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"ecs-activation/internal/activation"
)

// Create is what was asked, by whom, and where the code was to go. It is all that is needed
// to ask again.
type Create struct {
	Request activation.CreateRequest // with its ClientToken

	Sandbox  bool
	Profile  string // as it was named; empty: it was not
	Endpoint string // as it was set; empty: the region's own
	Identity string // AccessKey ID or role, never a secret
	Source   string // where the identity was found, for messages

	Target
	StartedAt time.Time // by this machine's clock
}

// Target is where a code is to go.
type Target struct {
	Save     string // absolute path of the file for the code; empty: standard output
	Replaces string `json:",omitempty"` // the ActivationId that the file may hold and then loses; empty: the file must be new

	// Earlier are the codes that the file held before and that may still be alive, with their
	// regions. They are written into it.
	Earlier []activation.Ref `json:",omitempty"`
}

// SameRequest says whether another create would ask the service for the same thing.
func (c Create) SameRequest(other Create) bool {
	return reflect.DeepEqual(c.Request, other.Request) && c.Sandbox == other.Sandbox && c.Endpoint == other.Endpoint
}

// State is how far a create got.
type State string

// The states of a record.
const (
	Running     State = "running"     // its process is at work
	Uncertain   State = "uncertain"   // sent, without an answer
	Undelivered State = "undelivered" // answered, but the code was not handed over
	Delivered   State = "delivered"   // kept until the code expires, for recover --last
)

// Record is a create with everything that happened since.
type Record struct {
	Create
	State        State
	Attempts     int
	LastAttempt  time.Time
	ActivationId string // once the service answered
}

// Expires is when a code of this create is dead at the latest.
func (r Record) Expires() time.Time {
	return r.LastAttempt.Add(time.Duration(r.Request.TimeToLiveInHours) * time.Hour)
}

// Alive says whether the code may still be of use.
func (r Record) Alive(now time.Time) bool { return now.Before(r.Expires()) }

// event is a line of the journal after the first one.
type event struct {
	Event        string // attempt, made, delivered
	At           time.Time
	ActivationId string `json:",omitempty"`
}

// parse reads a journal. Without a whole first line nothing was sent. Of the others, those that
// cannot be read (cut short by a full disk or a power cut) are passed over: the first line is
// all that is needed to ask again.
func parse(journal []byte) (Record, error) {
	lines := wholeLines(journal)
	if len(lines) == 0 {
		return Record{}, errTorn
	}
	var r Record
	if err := json.Unmarshal(lines[0], &r.Create); err != nil || r.Request.ClientToken == "" {
		return Record{}, errors.New("its first line is damaged")
	}
	r.State, r.Attempts, r.LastAttempt = Uncertain, 1, r.StartedAt
	for _, line := range lines[1:] {
		var e event
		if json.Unmarshal(line, &e) == nil {
			r.apply(e)
		}
	}
	return r, nil
}

func (r *Record) apply(e event) {
	switch e.Event {
	case "attempt":
		r.Attempts++
		r.LastAttempt = e.At
	case "made":
		r.State, r.ActivationId = Undelivered, e.ActivationId
	case "delivered":
		r.State = Delivered
	}
}
