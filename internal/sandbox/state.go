package sandbox

import (
	"time"

	"ecs-activation/internal/sandbox/store"
)

// state is the content of the file during one transaction, and the time.
type state struct {
	*store.Tx
	now time.Time // real time
}

// withState opens the state for use, within a transaction.
func withState(now time.Time, use func(*state) error) func(*store.Tx) error {
	return func(tx *store.Tx) error { return use(&state{Tx: tx, now: now.UTC()}) }
}
