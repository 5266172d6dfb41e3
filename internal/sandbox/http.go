package sandbox

import (
	"context"
	"net/http"
	"time"
)

// apiVersion is the one version of the ECS API.
const apiVersion = "2014-05-26"

// operation is one action of the API.
type operation struct {
	changes bool // needs a transaction that can write
	run     func(*Sandbox, *call, *state) (any, error)
}

func operationOf(action string) (operation, bool) {
	switch action {
	case "CreateActivation":
		return operation{changes: true, run: (*Sandbox).create}, true
	case "DescribeActivations":
		return operation{run: (*Sandbox).describe}, true
	case "DisableActivation":
		return operation{changes: true, run: (*Sandbox).disable}, true
	case "DeleteActivation":
		return operation{changes: true, run: (*Sandbox).delete}, true
	}
	return operation{}, false
}

// ServeHTTP answers one API request. Every refusal and every trouble of the
// sandbox itself is an answer in the service's form.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := parse(w, r)
	if !wait(r.Context(), s.options.Latency) {
		return
	}
	var answer any
	if err == nil {
		answer, err = s.perform(c)
	}
	s.reply(w, c, answer, err)
}

// wait sleeps, and says false when the client went away meanwhile.
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

// perform carries a call out, all of it within one transaction.
func (s *Sandbox) perform(c *call) (any, error) {
	op, err := s.lookUp(c)
	if err != nil {
		return nil, err
	}
	within := s.view
	if op.changes {
		within = s.update
	}
	var answer any
	err = within(func(st *state) error {
		if err := s.admit(c, st); err != nil {
			return err
		}
		var err error
		answer, err = op.run(s, c, st)
		return err
	})
	return answer, err
}

// lookUp finds the operation, and counts the request once it names an Action.
func (s *Sandbox) lookUp(c *call) (operation, error) {
	action, err := c.needed("Action")
	if err != nil {
		return operation{}, err
	}
	if err := s.store.countRequest(); err != nil {
		return operation{}, err
	}
	op, known := operationOf(action)
	if !known {
		s.options.Log("sandbox: action %q is not one it knows", action)
		return operation{}, actionNotFound()
	}
	version, err := c.needed("Version")
	if err == nil && version != apiVersion {
		err = refuse(http.StatusBadRequest, "InvalidVersion", "Specified parameter Version is not valid.")
	}
	return op, err
}

func actionNotFound() *Error {
	return refuse(http.StatusNotFound, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
}
