// Package store keeps the state of a sandbox in one file, which many processes share.
//
// A Store opens the file for the duration of one View or Update, while it holds a lock file. Both hand out a
// Tx, through which the rules read and change rows. bbolt, which manages the file, is visible only inside
// this package.
//
// Where to look: store.go holds the lock while work is done, database.go opens the file and runs transactions,
// tx.go, table.go and rows.go are the content of the file, layout.go is its buckets, marks.go makes reading deep
// pages fast. handle.go is the opened file, pages.go checks it before bbolt opens it. lock*.go is the lock file,
// counter.go the number of requests, errors.go the errors.
package store

import (
	"context"
	"errors"
)

// Store is the file of a sandbox. Its methods may be called concurrently.
//
// bbolt locks its file while it is open and asks for that lock every 50 ms, so processes would starve each
// other. The file is therefore used only inside one call, behind a lock file that blocks.
type Store struct {
	path     string
	turn     chan struct{} // holds an element while the lock file is in use: once per process
	lock     locker
	requests *counter
	database *database
}

// locker is a lock that one process at a time holds. Waiting for it ends with the context, whose cause is the
// error.
type locker interface {
	Lock(context.Context) error
	Unlock() error
}

// New returns the store of a file and opens nothing. The file is made at first use. Beside it the store keeps
// path+".lock" and path+".requests", and path+".new" while the file is being made.
func New(path string) *Store {
	s := &Store{
		path:     path,
		turn:     make(chan struct{}, 1),
		lock:     newLockFile(path + ".lock"),
		requests: &counter{path: path + ".requests"},
		database: newDatabase(path),
	}
	s.database.closeAfter(s)
	return s
}

// View gives read a transaction that cannot change anything.
func (s *Store) View(ctx context.Context, read func(*Tx) error) error {
	return s.locked(ctx, func() error { return s.database.view(ctx, read) })
}

// Update gives change a transaction that is kept when change returns nil and dropped otherwise.
func (s *Store) Update(ctx context.Context, change func(*Tx) error) error {
	return s.locked(ctx, func() error { return s.database.update(ctx, change) })
}

// Reset replaces the file by a new one with a new key and new credentials, and sets the number of requests to
// zero. It does not read the old file, so a damaged file is no obstacle.
func (s *Store) Reset(ctx context.Context) error {
	return s.locked(ctx, func() error {
		if err := s.database.create(ctx); err != nil {
			return err
		}
		if err := s.requests.reset(); err != nil {
			return unusable(s.path, err)
		}
		return nil
	})
}

// CountRequest counts a request and returns its number, from 1 since the last reset. No two requests to one
// Store get the same number; two that reach different processes at the same instant may.
func (s *Store) CountRequest() (int, error) {
	number, err := s.requests.next()
	if err != nil {
		return 0, unusable(s.path, err)
	}
	return number, nil
}

// Requests returns the number of requests counted since the last reset, over all processes.
func (s *Store) Requests() (int, error) {
	total, err := s.requests.total()
	if err != nil {
		return 0, unusable(s.path, err)
	}
	return total, nil
}

// locked runs work while no other process and no other goroutine uses the file. It releases the lock even
// after a panic.
func (s *Store) locked(ctx context.Context, work func() error) (err error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return busy(s.path, context.Cause(ctx))
	}
	_, err = inFolder(s.path, func() (any, error) { return nil, s.lock.Lock(ctx) })
	switch {
	case err != nil && errors.Is(err, context.Cause(ctx)):
		return busy(s.path, err)
	case err != nil:
		return unusable(s.path, err)
	}
	defer func() {
		if unlockErr := s.lock.Unlock(); err == nil && unlockErr != nil {
			err = unusable(s.path, unlockErr)
		}
	}()
	return work()
}
