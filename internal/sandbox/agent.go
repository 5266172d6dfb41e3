package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"ecs-activation/internal/sandbox/cloud"
	"ecs-activation/internal/sandbox/wire"
)

// agentRoot is the beginning of the path of every call of the official agent. For the service it has hosts of
// its own; here one server answers the API and the agent.
const agentRoot = "/luban/"

// The calls that the sandbox carries out.
const (
	agentRegister   = "POST /luban/api/instance/register"
	agentDeregister = "POST /luban/api/instance/deregister"
	agentHeartBeat  = "GET /luban/api/heart-beat"
)

// agents answers the calls of official agents.
type agents struct {
	state   *state
	latency time.Duration
	log     func(format string, args ...any)
}

// serve answers one call.
func (a *agents) serve(w http.ResponseWriter, r *http.Request) {
	if !wait(r.Context(), a.latency) {
		return
	}
	if r.URL.Path == "/luban/api/connection_detect" {
		sendPlain(w, http.StatusOK, "text/plain", []byte("ok")) // exactly this
		return
	}
	answer, err := a.call(w, r)
	abortIfGone(r, err)
	status := http.StatusOK
	if err != nil {
		refused := cloud.AsError(err)
		if refused.IsInternal() {
			a.log("sandbox: %s", refused.Message)
		}
		status, answer = wire.AgentRefusal(refused, agentCallOf(r) == agentRegister)
	}
	body, err := json.Marshal(answer)
	if err != nil {
		a.log("sandbox: cannot write the answer: %v", err)
		status = http.StatusInternalServerError
	}
	sendPlain(w, status, "application/json;charset=utf-8", body)
}

func agentCallOf(r *http.Request) string { return r.Method + " " + r.URL.Path }

// call carries out a call. Calls that the sandbox does not have, such as metrics and lists of tasks, succeed
// and return nothing. But it always checks a machine that signs, so that a deregistered machine gets an error.
// It refuses other calls about the instance itself: newer agents can change their fingerprint, and would
// continue with one that the sandbox does not know.
func (a *agents) call(w http.ResponseWriter, r *http.Request) (any, error) {
	done := wire.AgentAnswer{Code: http.StatusOK}
	switch agentCallOf(r) {
	case agentRegister:
		registration, err := wire.ReadRegistration(w, r)
		if err != nil {
			return nil, err
		}
		m, err := a.state.register(r.Context(), registration)
		return wire.AgentAnswer{Code: http.StatusOK, InstanceId: m.InstanceId}, err
	case agentDeregister:
		return done, a.state.update(r.Context(), asAgent(r, (*cloud.Account).Deregister))
	case agentHeartBeat:
		return wire.HeartBeatAnswer{NextInterval: 60000}, a.state.update(r.Context(), asAgent(r, (*cloud.Account).HeartBeat))
	}
	if wire.IsAgentSigned(r) {
		unchanged := func(*cloud.Account, cloud.Agent) error { return nil }
		if err := a.state.view(r.Context(), asAgent(r, unchanged)); err != nil {
			return nil, err
		}
	}
	if strings.HasPrefix(r.URL.Path, "/luban/api/instance/") {
		a.log("sandbox: an agent calls %.80q, which the sandbox does not have", r.URL.Path)
		return nil, cloud.Refuse("api_unknown", "The sandbox does not know this call.")
	}
	return done, nil
}

// asAgent returns a transaction that passes the machine that has signed the call to do.
func asAgent(r *http.Request, do func(*cloud.Account, cloud.Agent) error) func(*cloud.Account) error {
	return func(a *cloud.Account) error {
		agent, err := wire.VerifyAgent(r, a)
		if err != nil {
			return err
		}
		return do(a, agent)
	}
}
