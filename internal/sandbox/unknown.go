package sandbox

import "sync"

// unknownActions reports each action that the sandbox does not have once. The names come from clients, so
// they are quoted, shortened, and limited in number.
type unknownActions struct {
	mu       sync.Mutex
	reported map[string]bool
}

const (
	actionNameMax     = 64 // bytes reported of a name; no action of the service has more
	unknownActionsMax = 100
)

func (u *unknownActions) report(log func(format string, args ...any), action string) {
	action = action[:min(len(action), actionNameMax)]
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.reported[action] || len(u.reported) == unknownActionsMax {
		return
	}
	if u.reported == nil {
		u.reported = map[string]bool{}
	}
	u.reported[action] = true
	log("sandbox: unknown action %q", action)
	if len(u.reported) == unknownActionsMax {
		log("sandbox: %d unknown actions were reported; no more are named", unknownActionsMax)
	}
}
