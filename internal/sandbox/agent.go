package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"ecs-activation/internal/sandbox/store"
)

// The service has a second face, to which the official agent speaks: TLS at
// hosts of its own, JSON, and signatures by the machine's own key. Here both
// faces are one server. What the agent sends and expects was observed with
// version 2.2.3.578 and read in the public source of 2.2.4 to 2.x.x.1065
// (2026-06).

// agentRoot begins the path of every call of the agent.
const agentRoot = "/luban/"

// The refusals that the agent acts upon. After instance_deregistered, which it
// looks for in errMsg, it forgets its registration and stops; so only a machine
// that was registered here is told so.
const (
	errFingerprint  = "fingerprint_duplicate"
	errDeregistered = "instance_deregistered"
)

// agentAnswer is the body of nearly every answer. Code must be an integer: to
// the agent anything else is a success.
type agentAnswer struct {
	Code       int    `json:"code"`
	InstanceId string `json:"instanceId,omitempty"`
	ErrCode    string `json:"errCode,omitempty"`
	ErrMsg     string `json:"errMsg,omitempty"`
}

type heartBeatAnswer struct {
	NextInterval int  `json:"nextInterval"` // milliseconds
	NewTasks     bool `json:"newTasks"`
}

// serveAgent answers one call of an agent.
func (s *Sandbox) serveAgent(w http.ResponseWriter, r *http.Request) {
	if !wait(r.Context(), s.options.Latency) {
		return
	}
	if r.URL.Path == "/luban/api/connection_detect" {
		sendAgent(w, http.StatusOK, "text/plain", []byte("ok")) // exactly this
		return
	}
	answer, err := s.agentCall(w, r)
	abortIfGone(r, err)
	status := http.StatusOK
	if err != nil {
		refused := asError(err)
		if refused.ownTrouble() {
			s.options.Log("sandbox: %s", refused.Message)
		}
		status, answer = refused.Status, agentAnswer{Code: refused.Status, ErrCode: refused.Code, ErrMsg: refused.Message}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		s.options.Log("sandbox: the answer cannot be written: %v", err)
		status = http.StatusInternalServerError
	}
	sendAgent(w, status, "application/json;charset=utf-8", body)
}

// agentCall carries a call out. What the sandbox knows nothing of, such as
// metrics and lists of tasks, succeeds and says nothing; but a machine that
// signs is always checked, so that it learns of its end. Other calls about the
// instance itself are refused: the newer agents can change their fingerprint,
// and would go on with one that the sandbox has not seen.
func (s *Sandbox) agentCall(w http.ResponseWriter, r *http.Request) (any, error) {
	done := agentAnswer{Code: http.StatusOK}
	switch r.Method + " " + r.URL.Path {
	case "POST /luban/api/instance/register":
		id, err := s.registerAgent(w, r)
		return agentAnswer{Code: http.StatusOK, InstanceId: id}, err
	case "POST /luban/api/instance/deregister":
		return done, s.update(r.Context(), func(st *state) error { return st.bySigner(r, st.deregister) })
	case "GET /luban/api/heart-beat":
		return heartBeatAnswer{NextInterval: 60000}, s.update(r.Context(), func(st *state) error { return st.bySigner(r, st.see) })
	}
	if r.Header.Get(instanceHeader) != "" {
		unchanged := func(store.Location, machine) error { return nil }
		if err := s.view(r.Context(), func(st *state) error { return st.bySigner(r, unchanged) }); err != nil {
			return nil, err
		}
	}
	if strings.HasPrefix(r.URL.Path, "/luban/api/instance/") {
		s.options.Log("sandbox: an agent asks for %.80q, which it does not know", r.URL.Path)
		return nil, refuse(http.StatusNotFound, "api_unknown", "The sandbox does not know this call.")
	}
	return done, nil
}

// bySigner does something with the machine that has signed the call.
func (st *state) bySigner(r *http.Request, do func(store.Location, machine) error) error {
	at, m, err := st.signer(r)
	if err != nil {
		return err
	}
	return do(at, m)
}

// see notes a heart-beat.
func (st *state) see(at store.Location, m machine) error {
	m.LastSeen = st.clock()
	return st.Machines().Replace(at, m)
}

func sendAgent(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // as in send
}
