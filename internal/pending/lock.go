package pending

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// A record's lock is a file beside it, because a file that is locked cannot be written to on
// Windows. Lock files are opened and deleted under the folder's own lock only, which is held
// for an instant: so nobody ever waits for a lock file that has been deleted.

// tryLock takes the lock of a record, or returns ErrRunning.
func (s *Store) tryLock(path string) (lock *flock.Flock, err error) {
	err = s.inFolder(func() error {
		lock = flock.New(path+".lock", flock.SetPermissions(0o600))
		taken, err := lock.TryLock()
		if err == nil && !taken {
			err = ErrRunning
		}
		if err != nil {
			err = errors.Join(err, lock.Close())
		}
		return err
	})
	return lock, err
}

// acquire takes the lock of a token's record and waits for it until ctx ends.
func (s *Store) acquire(ctx context.Context, token string) (*flock.Flock, error) {
	for {
		lock, err := s.tryLock(s.path(token))
		if !errors.Is(err, ErrRunning) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Hold takes a lock on a file that codes go to, so that one process at a time looks after it,
// and waits for it until ctx ends: then the error is ctx's cause. waiting is told before it
// waits.
func (s *Store) Hold(ctx context.Context, file string, waiting func()) (release func() error, err error) {
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return nil, err
	}
	name := "\x00" + file // no token begins so
	lock, err := s.tryLock(s.path(name))
	if errors.Is(err, ErrRunning) {
		waiting()
		lock, err = s.acquire(ctx, name)
	}
	if err != nil {
		return nil, err
	}
	return func() error { return s.release(lock) }, nil
}

// release gives a lock back, and deletes its file where there is no record.
func (s *Store) release(lock *flock.Flock) error {
	return s.inFolder(func() error {
		err := lock.Close()
		record := lock.Path()[:len(lock.Path())-len(".lock")]
		if _, gone := os.Lstat(record); errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, os.Remove(lock.Path()))
		}
		return err
	})
}

// inFolder does something while no other process opens or deletes lock files.
func (s *Store) inFolder(work func() error) error {
	folder := flock.New(filepath.Join(s.folder, ".lock"), flock.SetPermissions(0o600))
	if err := folder.Lock(); err != nil {
		return err
	}
	return errors.Join(work(), folder.Close())
}
