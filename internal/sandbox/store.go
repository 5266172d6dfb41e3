package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
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
// open only inside one call, behind a blocking lock file.
type store struct {
	path string
	mu   sync.Mutex // the lock file is taken once per process
	lock *flock.Flock
}

func newStore(path string) *store {
	return &store{path: path, lock: flock.New(path + ".lock")}
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
// opened on is cut to nothing, which is safe here because nobody else has it
// open.
func (s *store) reset() error {
	return s.locked(func() error {
		err := s.write(empty)
		if errors.Is(err, errDamaged) {
			err = s.refound()
		}
		if err != nil {
			return err
		}
		return s.forgetRequests()
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
	if err := s.makeFolder(); err != nil {
		return err
	}
	if err := s.lock.Lock(); err != nil {
		return s.unusable(err)
	}
	err := work()
	if unlockErr := s.lock.Unlock(); err == nil && unlockErr != nil {
		err = s.unusable(unlockErr)
	}
	return err
}

func (s *store) makeFolder() error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return s.unusable(err)
	}
	return nil
}

func (s *store) read(read func(*bolt.Tx) error) error {
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return errUnfounded
	}
	return s.open(bolt.Options{ReadOnly: true}, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error {
			if !founded(tx) {
				return errUnfounded
			}
			return read(tx)
		})
	})
}

func (s *store) write(change func(*bolt.Tx) error) error {
	// NoSync: kill -9 loses nothing that was committed, only a power cut can.
	return s.open(bolt.Options{NoSync: true}, func(db *bolt.DB) error {
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

// open lends the database to use. A damaged page makes bbolt panic, and a page
// beyond the end of a cut file is a memory fault; both become errors. So would
// a mistake of ours inside use, which is why the error quotes the panic.
func (s *store) open(options bolt.Options, use func(*bolt.DB) error) (err error) {
	var db *bolt.DB
	var file *os.File
	options.Timeout = 5 * time.Second
	options.NoStatistics = true
	options.OpenFile = func(name string, flag int, mode os.FileMode) (*os.File, error) {
		opened, err := os.OpenFile(name, flag, mode)
		file = opened
		return opened, err
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			err = s.damaged(errors.Join(fmt.Errorf("%w: %v", errDamaged, fault), abandon(db, file)))
		}
	}()
	if db, err = bolt.Open(s.path, 0o600, &options); err != nil {
		return s.cannotOpen(err)
	}
	err = use(db)
	if closeErr := db.Close(); err == nil && closeErr != nil {
		return s.unusable(closeErr)
	}
	if errors.Is(err, errDamaged) {
		return s.damaged(err)
	}
	return err
}

// abandon leaves a database in which bbolt has panicked. One that was open for
// writing cannot be closed, because bbolt may still hold its own mutexes; then
// its memory stays mapped and only the file is given back.
func abandon(db *bolt.DB, file *os.File) error {
	if db != nil && db.IsReadOnly() {
		return db.Close()
	}
	if file == nil {
		return nil
	}
	return errors.Join(unlock(file), file.Close())
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
