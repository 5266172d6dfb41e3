package sandbox

import (
	"context"
	"time"

	"ecs-activation/internal/sandbox/cloud"
	"ecs-activation/internal/sandbox/store"
)

// state gives access to the account in the file.
type state struct {
	store  *store.Store
	limits cloud.Limits
	now    func() time.Time
}

// register makes a machine. It checks what needs no state before it opens the file.
func (s *state) register(ctx context.Context, r Registration) (Machine, error) {
	r, err := s.limits.Prepare(r)
	if err != nil {
		return Machine{}, err
	}
	var registered Machine
	err = s.update(ctx, func(a *cloud.Account) error {
		var err error
		registered, err = a.Register(r)
		return err
	})
	return registered, err
}

// view runs read on the account as it is now; read must change nothing.
func (s *state) view(ctx context.Context, read func(*cloud.Account) error) error {
	return s.store.View(ctx, func(tx *store.Tx) error { return read(cloud.Open(tx, s.limits, s.now())) })
}

// update runs change on the account, and keeps all of its changes or, if it fails, none.
func (s *state) update(ctx context.Context, change func(*cloud.Account) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error { return change(cloud.Open(tx, s.limits, s.now())) })
}
