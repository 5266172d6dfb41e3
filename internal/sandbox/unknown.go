package sandbox

import "sync"

// unknownActions says once for each action that the sandbox does not know that it was
// called. The names come from whoever calls, so they are quoted, cut, and counted.
type unknownActions struct {
	mu   sync.Mutex
	told map[string]bool
}

const (
	actionNameMax     = 64 // bytes told of a name; no action of the service has more
	unknownActionsMax = 100
)

func (u *unknownActions) tell(log func(format string, args ...any), action string) {
	action = action[:min(len(action), actionNameMax)]
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.told[action] || len(u.told) == unknownActionsMax {
		return
	}
	if u.told == nil {
		u.told = map[string]bool{}
	}
	u.told[action] = true
	log("sandbox: action %q is not one it knows", action)
	if len(u.told) == unknownActionsMax {
		log("sandbox: these were %d such actions; no more are named", unknownActionsMax)
	}
}
