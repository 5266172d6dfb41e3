package pending

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"syscall"
	"time"

	"ecs-activation/internal/disk"
)

// A record's lock is a file beside it, because a file that is locked cannot be written to on
// Windows. Lock files are opened and deleted under the folder's own lock only, which is held for an
// instant: so nobody waits for a lock file that has been deleted.

const lockSuffix = ".lock"

// The times between two attempts to take a lock: a create holds its record for as long as it runs,
// and the lock of the folder for less than a millisecond.
const (
	recordInterval = 20 * time.Millisecond
	folderInterval = time.Millisecond
)

// unlockTime is how long giving a lock back may take. The folder's lock is held for milliseconds.
const unlockTime = 5 * time.Second

var errFolderLocked = errors.New("another process holds the lock of the folder")

// Hold takes a lock on a file that codes go to, so that one process at a time works on it, and waits
// for it until ctx ends: then the error is ctx's cause. waiting is called before it waits.
func (s *Store) Hold(ctx context.Context, file string, waiting func()) (release func() error, err error) {
	if err := s.disk.MkdirAll(s.folder); err != nil {
		return nil, err
	}
	path := s.path("\x00" + file) // no token begins so
	lock, err := s.tryLock(ctx, path)
	if errors.Is(err, ErrRunning) {
		waiting()
		lock, err = s.waitFor(ctx, path)
	}
	if err != nil {
		return nil, s.named(err)
	}
	return func() error {
		ctx, cancel := context.WithTimeoutCause(context.Background(), unlockTime, errFolderLocked)
		defer cancel()
		return s.release(ctx, path, lock)
	}, nil
}

// waitFor takes the lock of a record and waits for it until ctx ends.
func (s *Store) waitFor(ctx context.Context, path string) (io.Closer, error) {
	for {
		lock, err := s.tryLock(ctx, path)
		if !errors.Is(err, ErrRunning) {
			return lock, err
		}
		if err := rest(ctx, recordInterval); err != nil {
			return nil, err
		}
	}
}

// tryLock takes the lock of a record; the error is ErrRunning where another process has it.
func (s *Store) tryLock(ctx context.Context, path string) (lock io.Closer, err error) {
	err = s.inFolder(ctx, func() error {
		lock, err = s.disk.TryLock(path + lockSuffix)
		if errors.Is(err, disk.ErrLocked) {
			return ErrRunning
		}
		return err
	})
	return lock, err
}

// release gives a lock back, and deletes its file where there is no record. Where the folder's lock
// cannot be had the file stays, and a later List deletes it.
func (s *Store) release(ctx context.Context, path string, lock io.Closer) error {
	released := false
	err := s.inFolder(ctx, func() error {
		released = true
		err := lock.Close()
		if _, gone := s.disk.Lstat(path); errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, s.disk.Remove(path+lockSuffix))
		}
		return err
	})
	if !released {
		err = errors.Join(err, lock.Close())
	}
	return err
}

// inFolder does something while no other process opens or deletes lock files.
func (s *Store) inFolder(ctx context.Context, work func() error) error {
	name := filepath.Join(s.folder, lockSuffix)
	folder, err := s.disk.TryLock(name)
	for errors.Is(err, disk.ErrLocked) {
		if err := rest(ctx, folderInterval); err != nil {
			return err
		}
		folder, err = s.disk.TryLock(name)
	}
	if err != nil {
		return fmt.Errorf("the lock of the folder: %w", err)
	}
	return errors.Join(work(), folder.Close())
}

// rest waits between two attempts; the error is that ctx has ended.
func rest(ctx context.Context, interval time.Duration) error {
	timer := time.NewTimer(interval)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Unwritable reports whether an error is that of a folder that can only be read, or of a full disk.
func Unwritable(err error) bool {
	for _, kind := range []error{fs.ErrPermission, syscall.EROFS, syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
