package sandbox

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

// The versions of the two APIs.
const (
	ecsVersion = "2014-05-26"
	stsVersion = "2015-04-01"
)

// operation is one action of an API.
type operation struct {
	version  string
	anywhere bool // takes no RegionId
	changes  bool // needs a transaction that can write
	run      func(*Sandbox, *call, *state) (any, error)
}

func operationOf(action string) (operation, bool) {
	switch action {
	case "CreateActivation":
		return operation{version: ecsVersion, changes: true, run: (*Sandbox).create}, true
	case "DescribeActivations":
		return operation{version: ecsVersion, run: (*Sandbox).describe}, true
	case "DisableActivation":
		return operation{version: ecsVersion, changes: true, run: (*Sandbox).disable}, true
	case "DeleteActivation":
		return operation{version: ecsVersion, changes: true, run: (*Sandbox).delete}, true
	case "DescribeRegions":
		return operation{version: ecsVersion, anywhere: true, run: (*Sandbox).describeRegions}, true
	case "DescribeAccountAttributes":
		return operation{version: ecsVersion, run: (*Sandbox).describeAccount}, true
	case "GetCallerIdentity":
		return operation{version: stsVersion, anywhere: true, run: (*Sandbox).identify}, true
	case "AssumeRole":
		return operation{version: stsVersion, anywhere: true, run: (*Sandbox).assumeRole}, true
	case "DescribeManagedInstances":
		return operation{version: ecsVersion, run: (*Sandbox).describeMachines}, true
	case "DeregisterManagedInstance":
		return operation{version: ecsVersion, changes: true, run: (*Sandbox).deregisterManaged}, true
	}
	return operation{}, false
}

// ServeHTTP answers one request, of the API or of an agent. Every refusal and
// every trouble of the sandbox itself is an answer in the service's form; only
// Options.Faults can make it otherwise, and then it may panic with
// http.ErrAbortHandler, by which net/http closes the connection.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, agentRoot) {
		s.serveAgent(w, r)
		return
	}
	c, err := parse(w, r)
	defer s.lendRoom(c)()
	release := s.hold(c)
	defer release()
	if !wait(r.Context(), s.options.Latency) {
		return
	}
	var op operation
	if err == nil {
		op, err = s.lookUp(c)
	}
	if s.spoilBefore(w, r, c) {
		return
	}
	var answer any
	if err == nil {
		answer, err = s.perform(r.Context(), c, op)
	}
	abortIfGone(r, err)
	status, body := s.compose(c, answer, err)
	release() // now: whoever repeats the create after this answer is not late
	if s.spoilAfter(w, c, status, body) {
		return
	}
	c.send(w, s.options.Now(), status, body)
}

// abortIfGone ends the connection of a client that went away while its call
// waited for the file: nothing was carried out.
func abortIfGone(r *http.Request, err error) {
	if gone := context.Cause(r.Context()); gone != nil && errors.Is(err, gone) {
		panic(http.ErrAbortHandler)
	}
}

// lendRoom gives a call the memory of an earlier one, and takes it back.
func (s *Sandbox) lendRoom(c *call) func() {
	room, _ := s.rooms.Get().(*[]byte)
	if room == nil {
		room = new([]byte)
	}
	c.room = *room
	return func() {
		*room = c.room
		s.rooms.Put(room)
	}
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
func (s *Sandbox) perform(ctx context.Context, c *call, op operation) (any, error) {
	within := s.view
	if op.changes {
		within = s.update
	}
	var answer any
	err := within(ctx, func(st *state) error {
		if err := cmp.Or(s.admit(c, st), s.admitRegion(c, op), c.admitToken(), s.spoilRefusal(c)); err != nil {
			return err
		}
		var err error
		answer, err = op.run(s, c, st)
		return err
	})
	return answer, err
}

// admitRegion judges the RegionId of an operation that needs one.
func (s *Sandbox) admitRegion(c *call, op operation) error {
	if op.anywhere {
		return nil
	}
	region, err := c.needed("RegionId")
	if err != nil {
		return err
	}
	return s.limits.region(region)
}

// lookUp finds the operation, counts the request once it names an Action, and
// draws its fault.
func (s *Sandbox) lookUp(c *call) (operation, error) {
	action, err := c.needed("Action")
	if err != nil {
		return operation{}, err
	}
	number, err := s.store.CountRequest()
	if err != nil {
		return operation{}, err
	}
	op, known := operationOf(action)
	if !known {
		s.unknown.tell(s.options.Log, action)
		return operation{}, actionNotFound()
	}
	version, err := c.needed("Version")
	if err == nil && version != op.version {
		err = refuse(http.StatusBadRequest, "InvalidVersion", "Specified parameter Version is not valid.")
	}
	if err == nil {
		s.draw(c, number)
	}
	return op, err
}

func actionNotFound() *Error {
	return refuse(http.StatusNotFound, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
}
