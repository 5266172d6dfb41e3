package issuance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"ecs-activation/internal/activation"
)

// model is a model of the service as its documentation describes it: the same token and the same
// parameters return the same code, until the service forgets the token. The walk chooses the response
// to each request.
type model struct {
	choose func(string, int) int
	crash  func(point string) // kills the process
	local  func() time.Time   // this machine's clock
	now    time.Time
	codes  []*modelCode
	run    int // the number of the process that sends requests

	replaceCode string // the text of each code, if not empty
	noDate      bool   // answers have no time
	noTimes     bool   // codes have no CreationTime
	lists       int    // how often List was called
	creates     int    // how often Create was called
}

// modelCode is a code that the service created.
type modelCode struct {
	activation.Activation
	code      string
	token     string
	run       int  // the number of the process that created it
	forgotten bool // the service no longer remembers the token
	again     bool // it is not the first code of its token
	deleted   bool
}

// tick moves the service's clock, so that some events share a second and others do not.
func (m *model) tick() { m.now = m.now.Add(300 * time.Millisecond) }

func (m *model) answer() activation.Answer {
	if m.noDate {
		return activation.Answer{RequestId: "R", ReceivedAt: m.local()}
	}
	return activation.Answer{RequestId: "R", Date: m.now.Truncate(time.Second), ReceivedAt: m.local()}
}

// byToken returns the code of a token, or nil if the service knows none.
func (m *model) byToken(token string) *modelCode {
	for _, c := range m.codes {
		if c.token == token && !c.forgotten {
			return c
		}
	}
	return nil
}

// made returns all codes that were created with a token.
func (m *model) made(token string) (codes []*modelCode) {
	for _, c := range m.codes {
		if c.token == token {
			codes = append(codes, c)
		}
	}
	return codes
}

// forget makes the service forget all tokens.
func (m *model) forget() {
	for _, c := range m.codes {
		c.forgotten = true
	}
}

// make executes a create.
func (m *model) make(r activation.CreateRequest) *modelCode {
	if c := m.byToken(r.ClientToken); c != nil {
		return c
	}
	n := len(m.codes) + 1
	c := &modelCode{
		Activation: activation.Activation{
			ActivationId: fmt.Sprintf("CODE-%d", n), RegionId: r.RegionId, InstanceName: r.InstanceName,
			InstanceCount: r.InstanceCount, TimeToLiveInHours: int64(r.TimeToLiveInHours),
			CreationTime: m.now.Truncate(time.Second).Format(time.RFC3339),
		},
		code: fmt.Sprintf("a-code-%d", n), token: r.ClientToken, run: m.run, again: len(m.made(r.ClientToken)) > 0,
	}
	m.codes = append(m.codes, c)
	return c
}

// The responses of the service to a create.
const (
	createAnswers       = iota
	createAnswerLost    // it creates the code; the response is lost, comes from a proxy, or has an unknown error code
	createRequestLost   // the request is lost before it reaches the service
	createRepeated      // it creates the code, the response is lost, and the request is repeated
	createRefuses       // a known refusal
	createNotSent       // the request was never sent
	createInterrupted   // the command is interrupted after the service created the code
	createCrashesBefore // the process is killed before the service creates the code
	createCrashesAfter  // the process is killed after the service created the code
	createWays
	createQuota       // the quota is used up; the walk does not use this one, nor the next one
	createUnknownCode // an error code that does not say whether the service created the code
)

// Create implements activation.Service.
func (m *model) Create(_ context.Context, r activation.CreateRequest, again func(time.Time)) (activation.Created, error) {
	m.tick()
	m.creates++
	failed := func(kind activation.Kind, code string, nothingDone bool) error {
		return &activation.Error{Kind: kind, Op: "create", Code: code, Err: errors.New("chosen"), NothingDone: nothingDone}
	}
	switch m.choose("create", createWays) {
	case createAnswerLost:
		m.make(r)
		return activation.Created{}, failed(activation.KindUnavailable, "", false)
	case createRequestLost:
		return activation.Created{}, failed(activation.KindUnavailable, "", false)
	case createRepeated:
		m.make(r)
		m.tick()
		again(m.now)
		m.tick()
	case createRefuses:
		return activation.Created{}, failed(activation.KindIdentity, "Forbidden", true)
	case createQuota:
		return activation.Created{}, failed(activation.KindConflict, "ActivationCount.ExceedLimit", true)
	case createUnknownCode:
		return activation.Created{}, failed(activation.KindUnavailable, "InternalError", false)
	case createNotSent:
		return activation.Created{}, failed(activation.KindUnavailable, "", true)
	case createInterrupted:
		m.make(r)
		return activation.Created{}, failed(activation.KindInterrupted, "", false)
	case createCrashesBefore:
		m.crash("create")
	case createCrashesAfter:
		m.make(r)
		m.crash("create")
	}
	c := m.make(r)
	m.tick()
	return activation.Created{Answer: m.answer(), ActivationId: c.ActivationId, ActivationCode: cmp.Or(m.replaceCode, c.code)}, nil
}

// List implements activation.Service.
func (m *model) List(_ context.Context, r activation.ListRequest) (activation.Page, error) {
	m.tick()
	m.lists++
	page := activation.Page{Answer: m.answer()}
	switch m.choose("list", 4) {
	case 1: // no permission
		return page, &activation.Error{Kind: activation.KindIdentity, Op: "list", Code: "Forbidden", Err: errors.New("chosen"), NothingDone: true}
	case 2:
		return activation.Page{}, &activation.Error{Kind: activation.KindUnavailable, Op: "list", Err: errors.New("chosen")}
	case 3:
		m.crash("list")
	}
	for _, c := range m.codes {
		if !c.deleted && (r.ActivationId == "" || r.ActivationId == c.ActivationId) && (r.InstanceName == "" || r.InstanceName == c.InstanceName) {
			listed := c.Activation
			if m.noTimes {
				listed.CreationTime = "?"
			}
			page.ActivationList = append(page.ActivationList, listed)
		}
	}
	return page, nil
}

// Disable implements activation.Service.
func (m *model) Disable(_ context.Context, ref activation.Ref) (activation.Changed, error) {
	return m.change("disable", ref, func(c *modelCode) { c.Disabled = true })
}

// Delete implements activation.Service.
func (m *model) Delete(_ context.Context, ref activation.Ref) (activation.Changed, error) {
	return m.change("delete", ref, func(c *modelCode) { c.deleted = true })
}

func (m *model) change(op string, ref activation.Ref, do func(*modelCode)) (activation.Changed, error) {
	m.tick()
	switch m.choose(op, 3) {
	case 1:
		return activation.Changed{}, &activation.Error{Kind: activation.KindUnavailable, Op: op, ID: ref, Err: errors.New("chosen")}
	case 2:
		m.crash(op)
	}
	for _, c := range m.codes {
		if c.ActivationId == ref.ActivationId && !c.deleted {
			if op == "delete" && c.RegisteredCount > 0 {
				return activation.Changed{}, &activation.Error{Kind: activation.KindConflict, Op: op, ID: ref, Code: "ActivationId.InUse"}
			}
			do(c)
			return activation.Changed{Answer: m.answer(), Activation: c.Activation}, nil
		}
	}
	return activation.Changed{}, &activation.Error{Kind: activation.KindNotFound, Op: op, ID: ref, Code: "ActivationId.NotFound"}
}

// Machines implements activation.Service.
func (m *model) Machines(context.Context, activation.MachinesRequest) (activation.MachinePage, error) {
	return activation.MachinePage{}, nil
}
