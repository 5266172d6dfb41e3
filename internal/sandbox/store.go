package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

var (
	// errDamaged marks content that no version of the sandbox wrote.
	errDamaged = errors.New("damaged")
	// errOld marks a file of an older version, which lacks something.
	errOld = errors.New("of an older version")
)

// stateError says that the file cannot be used, or is damaged, and what to do.
type stateError struct {
	path, remedy string
	err          error
}

func (e *stateError) Error() string {
	return fmt.Sprintf("sandbox state %s: %v: %s", e.path, e.err, e.remedy)
}

func (e *stateError) Unwrap() error { return e.err }

// store is the one way to the file. bbolt holds its file while it is open and
// polls for it every 50 ms, so processes would starve each other: the file is
// used only inside one call, behind a blocking lock file.
type store struct {
	path string
	turn chan struct{} // holds an element while the lock file is in use: once per process
	lock locker

	served *counter

	// What makes reading fast; see handle and marks.
	kept     *handle
	marks    *marks
	modified time.Time // of the file, at the last read
}

// locker is a lock that one process at a time holds. Waiting for it ends with
// the context, whose cause is the error.
type locker interface {
	Lock(context.Context) error
	Unlock() error
}

func newStore(path string) *store {
	s := &store{
		path: path, turn: make(chan struct{}, 1), lock: newLockFile(path + ".lock"), served: &counter{path: path + ".requests"},
		kept: &handle{readOnly: true}, marks: &marks{},
	}
	runtime.AddCleanup(s, func(h *handle) { _ = h.close() }, s.kept) // nobody is left to tell
	return s
}

// view gives read a transaction that cannot change anything.
func (s *store) view(ctx context.Context, read func(*bolt.Tx) error) error {
	return s.locked(ctx, func() error {
		err := s.read(ctx, read)
		if errors.Is(err, errOld) {
			return s.write(ctx, read)
		}
		return err
	})
}

// update gives change a transaction that is kept when it returns nil and
// dropped otherwise.
func (s *store) update(ctx context.Context, change func(*bolt.Tx) error) error {
	return s.locked(ctx, func() error { return s.write(ctx, change) })
}

// reset puts a new file in the place of the old one, which it does not read: so
// no damage is in its way.
func (s *store) reset(ctx context.Context) error {
	return s.locked(ctx, func() error {
		if err := s.create(ctx); err != nil {
			return err
		}
		if err := s.served.forget(); err != nil {
			return s.unusable(err)
		}
		return nil
	})
}

// locked does some work while no other process and no other goroutine uses the
// file. It gives the lock back even after a panic.
func (s *store) locked(ctx context.Context, work func() error) (err error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return s.busy(context.Cause(ctx))
	}
	_, err = inFolder(s.path, func() (any, error) { return nil, s.lock.Lock(ctx) })
	switch {
	case err != nil && errors.Is(err, context.Cause(ctx)):
		return s.busy(err)
	case err != nil:
		return s.unusable(err)
	}
	defer func() {
		if unlockErr := s.lock.Unlock(); err == nil && unlockErr != nil {
			err = s.unusable(unlockErr)
		}
	}()
	return work()
}

// countRequest counts a request and returns its number; see counter.
func (s *store) countRequest() (int, error) {
	number, err := s.served.next()
	if err != nil {
		return 0, s.unusable(err)
	}
	return number, nil
}

func (s *store) requests() (int, error) {
	total, err := s.served.total()
	if err != nil {
		return 0, s.unusable(err)
	}
	return total, nil
}

// inFolder makes the folder of path if open says that there is none.
func inFolder[T any](path string, open func() (T, error)) (T, error) {
	opened, err := open()
	if !errors.Is(err, fs.ErrNotExist) {
		return opened, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return opened, err
	}
	return open()
}

func (s *store) read(ctx context.Context, read func(*bolt.Tx) error) error {
	info, err := s.existing(ctx)
	if err != nil {
		return err
	}
	if err := s.kept.unless(info); err != nil {
		return s.unusable(err)
	}
	s.modified = info.ModTime()
	return s.lend(ctx, s.kept, s.path, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error {
			if err := condition(tx); err != nil {
				return err
			}
			return read(tx)
		})
	})
}

func (s *store) write(ctx context.Context, change func(*bolt.Tx) error) error {
	if _, err := s.existing(ctx); err != nil {
		return err
	}
	return s.transact(ctx, s.path, func(tx *bolt.Tx) error {
		err := condition(tx)
		if errors.Is(err, errOld) {
			err = indexMachines(tx)
		}
		if err != nil {
			return err
		}
		return change(tx)
	})
}

// transact changes a file in one transaction.
func (s *store) transact(ctx context.Context, path string, change func(*bolt.Tx) error) error {
	return s.lend(ctx, &handle{}, path, func(db *bolt.DB) error {
		var refused error
		err := db.Update(func(tx *bolt.Tx) error {
			refused = change(tx)
			return refused
		})
		if refused == nil && err != nil {
			return s.unusable(err)
		}
		return refused
	})
}

// existing describes the file, and makes it where there is none. An empty one
// is damaged: the file gets its name when it holds a sandbox.
func (s *store) existing(ctx context.Context) (fs.FileInfo, error) {
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := s.create(ctx); err != nil {
			return nil, err
		}
		info, err = os.Stat(s.path)
	}
	switch {
	case err != nil:
		return nil, s.unusable(err)
	case !info.Mode().IsRegular():
		return nil, s.unusable(errors.New("not a regular file"))
	case info.Size() == 0:
		return nil, s.damaged(fmt.Errorf("%w: the file is empty", errDamaged))
	}
	return info, nil
}

// create makes a new sandbox in a file of another name, and renames it when it
// is whole. What a crash has left of an earlier attempt is removed.
func (s *store) create(ctx context.Context) error {
	path := s.path + ".new"
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.unusable(err)
	}
	if err := s.transact(ctx, path, found); err != nil {
		return err
	}
	if err := os.Rename(path, s.path); err != nil {
		return s.unusable(err)
	}
	return nil
}

// lend opens the handle, unless it is open, and lends the database to use. A
// damaged page makes bbolt panic, and a page beyond the end of a cut file is a
// memory fault; both become errors. So would a mistake of ours inside use,
// which is why the error quotes the panic.
func (s *store) lend(ctx context.Context, h *handle, path string, use func(*bolt.DB) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	clean := h.readOnly && h.db == nil
	defer func() {
		if fault := recover(); fault != nil {
			err = s.damaged(errors.Join(fmt.Errorf("%w: %v", errDamaged, fault), h.abandon(clean)))
		}
	}()
	if err := h.open(ctx, path); err != nil {
		return s.cannotOpen(ctx, err)
	}
	err = use(h.db)
	damaged := errors.Is(err, errDamaged)
	if h.readOnly && keeps && !damaged {
		return err
	}
	if closeErr := h.close(); err == nil && closeErr != nil {
		return s.unusable(closeErr)
	}
	if damaged {
		return s.damaged(err)
	}
	return err
}

func (s *store) cannotOpen(ctx context.Context, err error) error {
	var path *fs.PathError
	var number syscall.Errno
	switch {
	case errors.Is(err, bolterrors.ErrTimeout) && ctx.Err() != nil:
		return s.busy(context.Cause(ctx))
	case errors.Is(err, bolterrors.ErrTimeout):
		return s.unusable(errors.New("another program holds the file"))
	case errors.As(err, &path) || errors.As(err, &number):
		return s.unusable(err)
	}
	if !errors.Is(err, errDamaged) {
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	return s.damaged(err)
}

func (s *store) damaged(err error) error {
	return &stateError{path: s.path, err: err, remedy: `empty it with "ecs-activation sandbox reset", or delete the file`}
}

func (s *store) unusable(err error) error {
	return &stateError{path: s.path, err: fmt.Errorf("it cannot be used: %w", err),
		remedy: "make the folder and its files writable for you and leave room on the disk, or delete the file"}
}

// busy says that the file was in use until ctx ended.
func (s *store) busy(cause error) error {
	return fmt.Errorf("sandbox state %s: another process uses it: %w", s.path, cause)
}
