package sandbox

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ecs-activation/internal/sandbox/cloud"
	"ecs-activation/internal/sandbox/wire"
)

// call is one request of the API while it is carried out.
type call struct {
	*wire.Request
	fault       fault
	proxyStatus int  // of the page that faultHTML sends
	duplicate   bool // another create with its ClientToken is in flight
}

// ServeHTTP answers one request, of the API or of an agent. Every refusal and every problem of the sandbox itself is an
// answer in the service's form. Only Options.Faults can change that, and then it may panic with http.ErrAbortHandler,
// which makes net/http close the connection.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, agentRoot) {
		s.serveAgent(w, r)
		return
	}
	request, err := wire.Parse(w, r)
	c := &call{Request: request}
	defer s.borrowBuffer(c)()
	release := s.inFlight.hold(c)
	defer release()
	if !wait(r.Context(), s.options.Latency) {
		return
	}
	var action wire.Action
	if err == nil {
		action, err = s.lookUp(c)
	}
	if s.injectBefore(w, r, c) {
		return
	}
	var answer any
	if err == nil {
		answer, err = s.perform(r.Context(), c, action)
	}
	abortIfGone(r, err)
	status, body := s.compose(c, answer, err)
	release() // before the answer is sent: a client that repeats the create after it is not a duplicate
	if s.injectAfter(w, c, status, body) {
		return
	}
	s.send(w, c, status, body)
}

// lookUp finds the action, counts the request if it names one, and picks its fault.
func (s *Sandbox) lookUp(c *call) (wire.Action, error) {
	name, err := c.Parameters.Need("Action")
	if err != nil {
		return wire.Action{}, err
	}
	number, err := s.store.CountRequest()
	if err != nil {
		return wire.Action{}, err
	}
	action, known := wire.FindAction(name)
	if !known {
		s.unknown.report(s.options.Log, name)
		return wire.Action{}, wire.ActionNotFound()
	}
	if err := c.CheckVersion(action); err != nil {
		return action, err
	}
	s.pickFault(c, number)
	return action, nil
}

// perform carries out a call within one transaction. The checks are in the order in which the service makes them.
func (s *Sandbox) perform(ctx context.Context, c *call, action wire.Action) (any, error) {
	within := s.view
	if action.Changes {
		within = s.update
	}
	var answer any
	err := within(ctx, func(a *cloud.Account) error {
		err := s.verifier.Verify(c.Request, a)
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

// compose returns status and body of the answer to a call.
func (s *Sandbox) compose(c *call, answer any, err error) (int, []byte) {
	if err == nil {
		var body []byte
		if body, err = c.Encode(answer); err == nil {
			return http.StatusOK, body
		}
	}
	refused := cloud.AsError(err)
	if refused.Code == cloud.InternalError { // only the client receives what is wrong with the file
		s.options.Log("sandbox: %s", refused.Message)
	}
	body, err := c.EncodeError(refused)
	if err != nil {
		s.options.Log("sandbox: cannot write the answer: %v", err)
		return http.StatusInternalServerError, nil
	}
	return wire.Status(refused), body
}

// send writes the answer.
func (s *Sandbox) send(w http.ResponseWriter, c *call, status int, body []byte) {
	s.sendHead(w, c, status, len(body))
	// A failed write means that the client has disconnected. Nothing is left to do, and net/http drops the connection.
	_, _ = w.Write(body)
}

// sendHead writes the headers of an answer of size bytes. Date is the sandbox's clock, because clients use it as the
// current time.
func (s *Sandbox) sendHead(w http.ResponseWriter, c *call, status, size int) {
	header := w.Header()
	header.Set("Content-Type", c.ContentType())
	header.Set("Content-Length", strconv.Itoa(size))
	header.Set("Date", s.options.Now().UTC().Format(http.TimeFormat))
	header.Set("x-acs-request-id", c.RequestId)
	w.WriteHeader(status)
}

// borrowBuffer gives a call the memory of an earlier one, and returns a function that takes it back.
func (s *Sandbox) borrowBuffer(c *call) func() {
	buffer, _ := s.buffers.Get().(*[]byte)
	if buffer == nil {
		buffer = new([]byte)
	}
	c.Buffer = *buffer
	return func() {
		*buffer = c.Buffer
		s.buffers.Put(buffer)
	}
}

// abortIfGone closes the connection of a client that disconnected while its call waited for the file: nothing was
// carried out.
func abortIfGone(r *http.Request, err error) {
	if gone := context.Cause(r.Context()); gone != nil && errors.Is(err, gone) {
		panic(http.ErrAbortHandler)
	}
}

// wait sleeps, and returns false if the client disconnected meanwhile.
func wait(ctx context.Context, latency time.Duration) bool {
	if latency == 0 {
		return true
	}
	timer := time.NewTimer(latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
