package sandbox

import (
	"context"
	"net/http"
	"sync"
	"time"

	"ecs-activation/internal/sandbox/cloud"
	"ecs-activation/internal/sandbox/wire"
)

// api answers requests of the API.
type api struct {
	state    *state
	latency  time.Duration
	log      func(format string, args ...any)
	verifier *wire.Verifier
	respond  *responder
	injector *injector
	inFlight inFlight
	unknown  unknownActions
	buffers  sync.Pool // of *[]byte, for pages
}

func newAPI(o Options, s *state) *api {
	respond := &responder{now: o.Now, log: o.Log}
	return &api{
		state: s, latency: o.Latency, log: o.Log, verifier: wire.NewVerifier(), respond: respond,
		injector: &injector{faults: o.Faults, seed: o.Seed, slowness: slowTime, log: o.Log, respond: respond},
	}
}

// serve answers one request.
func (p *api) serve(w http.ResponseWriter, r *http.Request) {
	request, err := wire.Parse(w, r)
	c := &call{Request: request}
	defer p.borrowBuffer(c)()
	release := p.inFlight.hold(c)
	defer release()
	if !wait(r.Context(), p.latency) {
		return
	}
	var action wire.Action
	if err == nil {
		action, err = p.lookUp(c)
	}
	if p.injector.before(w, r, c) {
		return
	}
	var answer any
	if err == nil {
		answer, err = p.perform(r.Context(), c, action)
	}
	abortIfGone(r, err)
	status, body := p.respond.compose(c, answer, err)
	release() // before the answer is sent: a client that repeats the create after it is not a duplicate
	if p.injector.after(w, c, status, body) {
		return
	}
	p.respond.send(w, c, status, body)
}

// lookUp finds the action, counts the request if it names one, and picks its fault.
func (p *api) lookUp(c *call) (wire.Action, error) {
	name, err := c.Need("Action")
	if err != nil {
		return wire.Action{}, err
	}
	number, err := p.state.store.CountRequest()
	if err != nil {
		return wire.Action{}, err
	}
	action, known := wire.FindAction(name)
	if !known {
		p.unknown.report(p.log, name)
		return wire.Action{}, wire.ActionNotFound()
	}
	if err := c.CheckVersion(action); err != nil {
		return action, err
	}
	p.injector.pickFault(c, number)
	return action, nil
}

// perform carries out a call within one transaction. The checks are in the order in which the service makes
// them.
func (p *api) perform(ctx context.Context, c *call, action wire.Action) (any, error) {
	within := p.state.view
	if action.Changes {
		within = p.state.update
	}
	var answer any
	err := within(ctx, func(a *cloud.Account) error {
		err := p.verifier.Verify(c.Request, a)
		if err == nil && !action.NoRegion {
			err = a.CheckRegion(c.RegionId())
		}
		if err == nil && c.duplicate {
			err = cloud.TokenProcessing()
		}
		if err == nil {
			err = injectRefusal(c)
		}
		if err != nil {
			return err
		}
		answer, err = action.Run(c.Request, a)
		return err
	})
	return answer, err
}

// borrowBuffer gives a call the memory of an earlier one, and returns a function that takes it back.
func (p *api) borrowBuffer(c *call) func() {
	buffer, _ := p.buffers.Get().(*[]byte)
	if buffer == nil {
		buffer = new([]byte)
	}
	c.Buffer = *buffer
	return func() {
		*buffer = c.Buffer
		p.buffers.Put(buffer)
	}
}
