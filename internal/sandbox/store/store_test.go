package store

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func statePath(t *testing.T) string { return filepath.Join(t.TempDir(), "state", "sandbox.db") }

func newStore(t *testing.T) *Store { return New(statePath(t)) }

func nothing(*Tx) error { return nil }

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func TestTheWaitForAnotherProcessEndsWithTheContext(t *testing.T) {
	path := statePath(t)
	holder, s := New(path), New(path)
	held, release := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		noError(t, holder.View(t.Context(), func(*Tx) error { close(held); <-release; return nil }))
	})
	<-held
	ended := errors.New("ended")
	for _, waiter := range []*Store{s, s, holder, s} { // holder waits for its own turn
		ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, ended)
		if err := waiter.View(ctx, nothing); !errors.Is(err, ended) || !strings.Contains(err.Error(), path) {
			t.Errorf("%v", err)
		}
		cancel()
	}
	waiting := make(chan error, 1)
	go func() { waiting <- s.View(t.Context(), nothing) }()
	close(release)
	group.Wait()
	if err := <-waiting; err != nil {
		t.Errorf("the lock is free, and: %v", err)
	}
	// No wait that was given up holds the lock now.
	if err := New(path).View(t.Context(), nothing); err != nil {
		t.Error(err)
	}
}

func TestAWaitThatWasGivenUpKeepsNobodyOut(t *testing.T) {
	path := statePath(t)
	holder, s := New(path), New(path)
	noError(t, holder.View(t.Context(), func(*Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if err := s.View(ctx, nothing); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		return nil
	}))
	for range 3 {
		for _, next := range []*Store{New(path), s, holder} {
			if err := next.View(t.Context(), nothing); err != nil {
				t.Error(err)
			}
		}
	}
}

// stuck is a lock that cannot be given back.
type stuck struct{ locker }

func (s stuck) Unlock() error { return errors.Join(s.locker.Unlock(), errors.New("the disk is gone")) }

func TestALockThatCannotBeGivenBackIsAnError(t *testing.T) {
	s := newStore(t)
	s.lock = stuck{s.lock}
	for range 2 {
		if err := s.Update(t.Context(), nothing); err == nil || !strings.Contains(err.Error(), "the disk is gone") || !strings.Contains(err.Error(), s.path) {
			t.Errorf("%v", err)
		}
	}
}

func TestAPanicGivesTheLockBack(t *testing.T) {
	s := newStore(t)
	func() {
		defer func() { _ = recover() }()
		noError(t, s.locked(t.Context(), func() error { panic("a mistake") }))
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for _, next := range []*Store{s, New(s.path)} {
		if err := next.View(ctx, nothing); err != nil {
			t.Error(err)
		}
	}
}
