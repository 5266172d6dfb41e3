// Package pending keeps a record of each create request that is not finished. The service returns
// an activation code only once, but it answers a repeated request that has the same client token
// with the same code. A lost code can therefore be retrieved with the token and the parameters.
//
// A record is a file, the journal of one create. Its first line holds the request and the identity
// that sent it, and is synced before the request is sent. Each later event adds a line. life.go
// defines the states and events. A record contains no secret: no activation code, no credential.
package pending

import (
	"reflect"
	"slices"
	"time"

	"ecs-activation/internal/activation"
)

// Create describes one create: the request, the identity that sends it, and where the code goes. It
// holds everything that is needed to send the request again.
type Create struct {
	Request activation.CreateRequest // with its ClientToken

	Sandbox  bool
	Profile  string // the configured profile; empty: none was configured
	Endpoint string // the configured endpoint; empty: the default of the region
	Identity string // AccessKey ID or role, never a secret
	Source   string // where the identity was found

	Batch string `json:",omitempty"` // the name of the batch that the create belongs to

	Target
	StartedAt time.Time // by this machine's clock
}

// Target is the destination of a code.
type Target struct {
	Save     string // absolute path of the file for the code; empty: standard output
	Replaces string `json:",omitempty"` // the ActivationId in the file that may be overwritten; empty: the file must not exist

	// Earlier lists the codes that the file held before and that may still be usable, with their
	// regions. They are written to the file.
	Earlier []activation.Ref `json:",omitempty"`

	// Form is the format of the script that the file contains, and the flags for the machine in it, as
	// arguments of a command. Empty: the file is JSON.
	Form []string `json:",omitempty"`
}

// SameRequest reports whether another create sends the same request to the same endpoint.
func (c Create) SameRequest(other Create) bool {
	return reflect.DeepEqual(c.Request, other.Request) && c.Sandbox == other.Sandbox && c.Endpoint == other.Endpoint
}

// Record is a create with the result of all events in its journal.
type Record struct {
	Create
	State       State
	Attempts    int
	LastAttempt time.Time // by this machine's clock

	ActivationId string    // of the code that the service returned
	made         time.Time // the last attempt that can have created this code, by this machine's clock
	answered     bool      // the last attempt returned this code
	New          bool      // the code is not the one that the first run may have created
	Replay       Snapshot  // taken before the first replay; a code created later is a new one
}

// Snapshot is what the service listed just before a create was sent again.
type Snapshot struct {
	Date time.Time `json:",omitzero"`  // by the service's clock, in whole seconds; zero: not known
	Held []string  `json:",omitempty"` // the ActivationIds of the newest codes
}

// Precedes reports whether a code was created after the snapshot, which means that this replay
// created it and not an earlier run.
func (s Snapshot) Precedes(activationID string, created time.Time) bool {
	return !created.Before(s.Date) && !slices.Contains(s.Held, activationID)
}

// Expires returns the latest time at which a code of this create expires, by this machine's clock. An attempt
// without an answer may have created a code. An attempt that returned the known code did not.
func (r Record) Expires() time.Time {
	if r.answered {
		return r.made.Add(r.Request.Lifetime())
	}
	return r.LastAttempt.Add(r.Request.Lifetime())
}

// Alive reports whether the code can still be used, by this machine's clock.
func (r Record) Alive(now time.Time) bool { return now.Before(r.Expires()) }

// AliveAt reports whether the code can still be used by either of two clocks: this machine's, which
// may be wrong now, or the service's (zero: not known), because this machine's clock may have been
// wrong when the record was written. A wrong clock must not make us discard a usable code.
func (r Record) AliveAt(now, service time.Time) bool {
	return r.Alive(now) || !service.IsZero() && r.Alive(service)
}

// isObsolete reports whether the record must be deleted because its code was delivered and has
// expired, by this machine's clock.
func (r Record) isObsolete(now time.Time) bool {
	_, duty, _ := next(r.State, Expired)
	return duty == Remove && !r.Alive(now)
}

// Unfinished reports whether the create may have a code that was not delivered.
func (r Record) Unfinished() bool { return r.State == Uncertain || r.State == Made }
