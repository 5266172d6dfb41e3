package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

var (
	// errDamaged marks content that no version of the sandbox wrote.
	errDamaged = errors.New("damaged")
	// errUnfounded marks a file that holds no sandbox yet.
	errUnfounded = errors.New("holds no sandbox yet")
)

// store is the one way to the file. bbolt holds its file while it is open and
// polls for it every 50 ms, so processes would starve each other: the file is
// used only inside one call, behind a blocking lock file.
type store struct {
	path string
	mu   sync.Mutex // the lock file is taken once per process
	lock locker

	served *counter

	// What makes reading fast; see handle and marks.
	kept     *handle
	marks    *marks
	modified time.Time // of the file, at the last read
}

// locker is a lock that one process at a time holds.
type locker interface {
	Lock() error
	Unlock() error
}

func newStore(path string) *store {
	s := &store{
		path: path, lock: newLockFile(path + ".lock"), served: &counter{path: path + ".requests"},
		kept: &handle{readOnly: true}, marks: &marks{},
	}
	runtime.AddCleanup(s, func(h *handle) { _ = h.close() }, s.kept) // nobody is left to tell
	return s
}

// view gives read a transaction that cannot change anything, except on first
// use, when the sandbox has to be founded.
func (s *store) view(read func(*bolt.Tx) error) error {
	return s.locked(func() error {
		err := s.read(read)
		if errors.Is(err, errUnfounded) {
			return s.write(read)
		}
		return err
	})
}

// update gives change a transaction that is kept when it returns nil and
// dropped otherwise.
func (s *store) update(change func(*bolt.Tx) error) error {
	return s.locked(func() error { return s.write(change) })
}

// reset empties the file in a transaction. A file that no transaction can be
// opened on is cut to nothing, which is safe because nobody else uses it
// meanwhile.
func (s *store) reset() error {
	return s.locked(func() error {
		err := s.write(empty)
		if errors.Is(err, errDamaged) {
			err = s.refound()
		}
		if err != nil {
			return err
		}
		if err := s.served.forget(); err != nil {
			return s.unusable(err)
		}
		return nil
	})
}

func (s *store) refound() error {
	if err := os.Truncate(s.path, 0); err != nil {
		return s.unusable(err)
	}
	return s.write(func(*bolt.Tx) error { return nil })
}

func (s *store) locked(work func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := inFolder(s.path, func() (any, error) { return nil, s.lock.Lock() })
	if err != nil {
		return s.unusable(err)
	}
	err = work()
	if unlockErr := s.lock.Unlock(); err == nil && unlockErr != nil {
		err = s.unusable(unlockErr)
	}
	return err
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

func (s *store) read(read func(*bolt.Tx) error) error {
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return errUnfounded
	}
	if err != nil {
		return s.unusable(err)
	}
	if err := s.kept.unless(info); err != nil {
		return s.unusable(err)
	}
	s.modified = info.ModTime()
	return s.lend(s.kept, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error {
			if !founded(tx) {
				return errUnfounded
			}
			return read(tx)
		})
	})
}

func (s *store) write(change func(*bolt.Tx) error) error {
	return s.lend(&handle{}, func(db *bolt.DB) error {
		var refused error
		err := db.Update(func(tx *bolt.Tx) error {
			if refused = found(tx); refused == nil {
				refused = change(tx)
			}
			return refused
		})
		if refused == nil && err != nil {
			return s.unusable(err)
		}
		return refused
	})
}

// lend opens the handle, unless it is open, and lends the database to use. A
// damaged page makes bbolt panic, and a page beyond the end of a cut file is a
// memory fault; both become errors. So would a mistake of ours inside use,
// which is why the error quotes the panic.
func (s *store) lend(h *handle, use func(*bolt.DB) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	clean := h.readOnly && h.db == nil
	defer func() {
		if fault := recover(); fault != nil {
			err = s.damaged(errors.Join(fmt.Errorf("%w: %v", errDamaged, fault), h.abandon(clean)))
		}
	}()
	if err := h.open(s.path); err != nil {
		return s.cannotOpen(err)
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

func (s *store) cannotOpen(err error) error {
	var path *fs.PathError
	var number syscall.Errno
	if errors.Is(err, bolterrors.ErrTimeout) {
		return s.unusable(errors.New("another program holds the file"))
	}
	if errors.As(err, &path) || errors.As(err, &number) {
		return s.unusable(err)
	}
	return s.damaged(fmt.Errorf("%w: %w", errDamaged, err))
}

func (s *store) damaged(err error) error {
	return fmt.Errorf(`sandbox state %s: %w: empty it with "ecs-activation sandbox reset", or delete the file`, s.path, err)
}

func (s *store) unusable(err error) error {
	return fmt.Errorf(`sandbox state %s cannot be used: %w: make the folder and its files writable for you and leave room on the disk, or delete the file`, s.path, err)
}
