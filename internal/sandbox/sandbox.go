// Package sandbox is a small simulator of Alibaba Cloud ECS for trials and tests. It serves the operations
// on activation codes over HTTP in both dialects of the API, and the requests of the official agent that
// registers machines. It checks signatures, and keeps its codes and machines in one file that many
// processes share.
//
// It implements the format of requests and answers a second time on purpose. It shares no code with the
// client in this repository, so that each checks the other.
//
// It listens only on loopback, never reads real credentials, and never stores an activation code: a code is
// computed from its ActivationId with the key of the sandbox when it is needed. It is no security boundary,
// and a power cut can lose data.
//
// Package wire decodes requests and encodes answers, package cloud has the rules, package store has the
// file. This package connects them. sandbox.go has the options and the functions for commands that use the
// data file; dump.go, authority.go and state.go belong to it. serve.go listens, and passes requests to api.go
// or agent.go. inject.go and faults.go make requests fail on purpose. respond.go writes answers, inflight.go
// and unknown.go remember requests, connection.go has what the API and the agents have in common.
package sandbox

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"ecs-activation/internal/sandbox/cloud"
	"ecs-activation/internal/sandbox/store"
)

// Options says where the state of a sandbox is and how it behaves. Zero values mean the defaults, except for
// Path, which is required.
type Options struct {
	// Path is the file that holds the state. Beside it the sandbox keeps Path+".lock" and Path+".requests",
	// for ServeTLS Path+".ca.pem", and, while the file is being made, Path+".new". The folder is created with
	// mode 0700, the files with 0600.
	Path string
	// Now is the clock, for signatures and for stored times; nil is time.Now.
	Now func() time.Time
	// Limits names the year whose documented limits apply: "2021", "2024" or "2026", the default.
	Limits string
	// Quota is the number of codes a region may hold; 0 takes the number of the limits.
	Quota int
	// MachineQuota is the number of machines a region may hold; 0 takes the number of the limits.
	MachineQuota int
	// Latency is how long the sandbox waits before it carries out a request. The wait ends early when the
	// client disconnects, and then nothing is carried out.
	Latency time.Duration
	// Faults says how likely each fault is. Faults affect only API requests, never agents, Register, Load and
	// the like.
	Faults Faults
	// Seed decides which requests get which fault; 0 takes a random seed. The choice depends on Seed and on
	// the number of the request since the last reset, over all processes. So a script that begins with a
	// reset and sends one request after the other gets the same faults each time.
	Seed uint64
	// Log receives one line for a fault, for an action that the sandbox does not have, for an answer of 500,
	// and for what net/http reports; nil drops them. Lines may quote the request. Several goroutines may call
	// it at once.
	Log func(format string, args ...any)
}

// Sandbox is one simulated account. Any number of Sandbox values, in any number of processes, may use the
// same file at once. Its methods may be called concurrently. If one waits for another process that uses the
// file, the wait ends with the context, and the error wraps its cause.
type Sandbox struct {
	options Options
	state   *state
	api     *api
	agents  *agents
}

// The types that callers see are those of the packages below.
type (
	// Credentials is the one permanent key pair that a sandbox accepts.
	Credentials = store.Credentials
	// Error is a refusal by a rule of the service: its code and its message.
	Error = cloud.Error
	// Machine is a managed instance with the fields of DescribeManagedInstances, and its region.
	Machine = cloud.Machine
	// Registration is what a machine sends to register.
	Registration = cloud.Registration
)

// StateUnusable is the code of an answer whose message says that the sandbox's file is damaged or cannot be
// used, where it is and what to do.
const StateUnusable = cloud.StateUnusable

// Made reports whether a code is one of a sandbox, this or another one.
func Made(code string) bool { return cloud.Made(code) }

// Status counts what a sandbox holds and has done since it was last reset.
type Status struct {
	// Codes and Machines are over all regions, without deleted codes and deregistered machines.
	Codes    int
	Machines int
	// Requests is the number of HTTP requests that named an Action, over all processes, whatever the answer
	// was.
	Requests int
}

// New checks the options and opens nothing; the file is made at first use. An error names the value, the rule
// it breaks, and what to do.
func New(o Options) (*Sandbox, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	limits, err := cloud.LimitsOf(o.Limits, o.Quota, o.MachineQuota)
	if err != nil {
		return nil, err
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
	state := &state{store: store.New(o.Path), limits: limits, now: o.Now}
	return &Sandbox{options: o, state: state, api: newAPI(o, state), agents: &agents{state: state, latency: o.Latency, log: o.Log}}, nil
}

func (o Options) check() error {
	if o.Path == "" {
		return fmt.Errorf("sandbox path is empty: name the file that holds the state")
	}
	if o.Quota < 0 {
		return fmt.Errorf("sandbox quota %d is negative: give the number of codes a region may hold, or 0 for the number of the limits", o.Quota)
	}
	if o.MachineQuota < 0 {
		return fmt.Errorf("sandbox machine quota %d is negative: give the number of machines a region may hold, or 0 for the number of the limits", o.MachineQuota)
	}
	if o.Latency < 0 {
		return fmt.Errorf("sandbox latency %s is negative: give 0 or more, such as 50ms", o.Latency)
	}
	return nil
}

// Credentials returns the key pair of this sandbox, made at random on first use and kept in its file. Reset
// makes a new pair; servers that are running use it from their next request on.
func (s *Sandbox) Credentials(ctx context.Context) (Credentials, error) {
	var pair Credentials
	err := s.state.view(ctx, func(a *cloud.Account) error {
		pair = a.Credentials()
		return nil
	})
	return pair, err
}

// Register simulates a machine that registers. A refusal is an *Error. The codes that begin with
// ActivationCode. are inventions of the sandbox, because the service publishes none: Mismatch,
// RegionMismatch, Disabled, Expired, Exhausted, AddressForbidden.
func (s *Sandbox) Register(ctx context.Context, r Registration) (Machine, error) {
	return s.state.register(ctx, r)
}

// Advance moves every stored time (of codes, tokens and machines) into the past by d, so that lifetimes pass
// without waiting. Signatures stay on real time. d must be whole seconds, because stored times are, and not
// negative.
func (s *Sandbox) Advance(ctx context.Context, d time.Duration) error {
	if err := cloud.CheckAdvance(d); err != nil {
		return err
	}
	return s.state.update(ctx, func(a *cloud.Account) error { return a.Advance(d) })
}

// Load adds codes from a JSON array in the API's field names plus RegionId, and returns how many. It accepts
// what Dump wrote. It fills in what is missing: RegionId cn-hangzhou, a new ActivationId, CreationTime now,
// InstanceCount 10, TimeToLiveInHours 4. The quota and the ranges of the limits do not apply. An error names
// the element, counted from 1, and its field; then nothing is loaded. The input is read before the state is
// opened.
func (s *Sandbox) Load(ctx context.Context, r io.Reader) (int, error) {
	codes, err := cloud.ReadCodes(r, s.options.Now())
	if err != nil {
		return 0, err
	}
	if err := s.state.update(ctx, func(a *cloud.Account) error { return a.Load(codes) }); err != nil {
		return 0, err
	}
	return len(codes), nil
}

// Status counts codes, machines and requests.
func (s *Sandbox) Status(ctx context.Context) (Status, error) {
	var status Status
	err := s.state.view(ctx, func(a *cloud.Account) (err error) {
		status.Codes, status.Machines, err = a.Totals()
		return err
	})
	if err != nil {
		return Status{}, err
	}
	status.Requests, err = s.state.store.Requests()
	return status, err
}

// Reset deletes every code, machine, token and request, and makes a new key and new credentials. A new file
// replaces the old one under the lock, so servers and commands that use it continue, and a damaged file is no
// obstacle.
func (s *Sandbox) Reset(ctx context.Context) error { return s.state.store.Reset(ctx) }
