// Package sandbox is a small pretend Alibaba Cloud ECS for rehearsals and
// tests: it speaks the RPC dialect of the activation-code operations over
// HTTP, and that of the official agent that registers machines, checks
// signatures, and keeps its codes and machines in one file that many processes
// share.
//
// It spells the wire contract a second time on purpose. It shares no code with
// the client in this repository, so that each checks the other.
//
// It refuses to listen on anything but loopback, to read real credentials, and
// to store an activation code: a code is computed from its ActivationId under
// the sandbox's own key whenever it is needed. It is no security boundary and
// it promises nothing about a power cut.
//
// Where to look: a request comes in at serve.go and http.go and is read by
// call.go; signature*.go, nonces.go and sts.go decide who sent it; each action
// of the API is a file (create, change, describe, describe_machines,
// deregister, regions, account, identity); answer.go and errors.go word what
// goes back, in JSON or XML, unless faults.go and spoil.go were asked to spoil
// it. agent*.go is what the agent asks, judge.go the rules of registration.
// rules.go and limits.go are the documented rules as data. state.go, store.go,
// handle.go and lock*.go keep it all; load, dump and advance change it by hand.
package sandbox

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// Options says where a sandbox lives and how it behaves. Zero values mean the
// defaults, except for Path, which is required.
type Options struct {
	// Path is the file that holds the state. Beside it the sandbox keeps
	// Path+".lock" and Path+".requests", for ServeTLS Path+".ca.pem", and, while
	// the file is made, Path+".new". The
	// folder is created with mode 0700, the files with 0600.
	Path string
	// Now is the clock, for signatures and for stored times; nil is time.Now.
	Now func() time.Time
	// Limits names the year whose documented limits apply: "2021", "2024" or
	// "2026", the default.
	Limits string
	// Quota is the number of codes a region may hold; 0 takes the number of
	// the limit set.
	Quota int
	// MachineQuota is the number of machines a region may hold; 0 takes the
	// number of the limit set.
	MachineQuota int
	// Latency is waited before each request is carried out. It ends early
	// when the client goes away, and then nothing is carried out.
	Latency time.Duration
	// Faults says how likely each fault is. Only API requests suffer them,
	// never agents, Register, Load and the like.
	Faults Faults
	// Seed decides which requests suffer which fault; 0 takes one at random.
	// A request's luck is drawn from Seed and its number since the last reset,
	// over all processes: so a script that begins with a reset and sends one
	// request after the other meets the same faults each time.
	Seed uint64
	// Log receives one line for a fault, for an action the sandbox does not
	// know, for an answer of 500, and for what net/http reports; nil drops
	// them. Lines may quote the request. It may be called from several
	// goroutines at once.
	Log func(format string, args ...any)
}

// Sandbox is one pretend account. Any number of Sandbox values, in any number
// of processes, may use the same file at once. Its methods may be called
// concurrently. Where one waits for another process that uses the file, the
// wait ends with the context, and the error wraps its cause.
type Sandbox struct {
	options Options
	limits  limits
	store   *store.Store
	nonces  *nonces
	unknown unknownActions

	slowness time.Duration // what faultSlow waits
	underWay sync.Map      // the keys of the ClientTokens that creates hold
	rooms    sync.Pool     // of *[]byte, for pages
}

// Credentials is the one key pair a sandbox accepts. The field names are those
// of the API.
type Credentials = store.Credentials

// Status counts what a sandbox holds and has done since it was last reset.
type Status struct {
	// Codes and Machines are over all regions; a deleted code is not counted,
	// nor is a machine that was deregistered.
	Codes    int
	Machines int
	// Requests is the number of HTTP requests that named an Action, over all
	// processes, whatever the answer was.
	Requests int
}

// New checks the options and opens nothing; the file is made at first use. An
// error names the value, the rule it breaks, and what to do.
func New(o Options) (*Sandbox, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	set, err := limitsOf(o.Limits)
	if err != nil {
		return nil, err
	}
	if o.Quota > 0 {
		set.quota, set.quotaFree = o.Quota, 0
	}
	if o.MachineQuota > 0 {
		set.machines = o.MachineQuota
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	for o.Seed == 0 {
		o.Seed = rand.Uint64()
	}
	return &Sandbox{options: o, limits: set, store: store.New(o.Path), nonces: newNonces(), slowness: slowTime}, nil
}

func (o Options) check() error {
	if o.Path == "" {
		return fmt.Errorf("sandbox path is empty: name the file that holds the state")
	}
	if o.Quota < 0 {
		return fmt.Errorf("sandbox quota %d is negative: give the number of codes a region may hold, or 0 for the limit set's own", o.Quota)
	}
	if o.MachineQuota < 0 {
		return fmt.Errorf("sandbox machine quota %d is negative: give the number of machines a region may hold, or 0 for the limit set's own", o.MachineQuota)
	}
	if o.Latency < 0 {
		return fmt.Errorf("sandbox latency %s is negative: give 0 or more, such as 50ms", o.Latency)
	}
	return nil
}

// Credentials returns the key pair of this sandbox, made at random on first
// use and kept in its file. Reset makes a new pair; servers that are running
// take it over at their next request.
func (s *Sandbox) Credentials(ctx context.Context) (Credentials, error) {
	var pair Credentials
	err := s.view(ctx, func(st *state) error {
		pair = st.Credentials
		return nil
	})
	return pair, err
}

// Status counts codes, machines and requests.
func (s *Sandbox) Status(ctx context.Context) (Status, error) {
	var status Status
	err := s.view(ctx, func(st *state) (err error) {
		if status.Codes, err = st.Codes().Total(); err == nil {
			status.Machines, err = st.Machines().Total()
		}
		return err
	})
	if err != nil {
		return Status{}, err
	}
	status.Requests, err = s.store.Requests()
	return status, err
}

// Reset forgets every code, machine, token and request, and makes a new key
// and new credentials. A new file takes the place of the old one, under the
// lock, so servers and commands that use it go on, and no damage is in its way.
func (s *Sandbox) Reset(ctx context.Context) error {
	return s.store.Reset(ctx)
}

// view runs read on the state as it is now; read must change nothing.
func (s *Sandbox) view(ctx context.Context, read func(*state) error) error {
	return s.store.View(ctx, withState(s.options.Now(), read))
}

// update runs change on the state, and keeps all of it or, when it fails, none.
func (s *Sandbox) update(ctx context.Context, change func(*state) error) error {
	return s.store.Update(ctx, withState(s.options.Now(), change))
}
