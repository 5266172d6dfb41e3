package pending

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"syscall"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
)

// The lock of a record is a separate file, because a locked file cannot be written to on Windows.
// Lock files are opened and deleted only while the lock of the folder is held, for less than a
// millisecond. So no process waits for a lock file that has been deleted.

const lockSuffix = ".lock"

// The intervals between two attempts to take a lock. A create holds the lock of its record while it
// runs, and the lock of the folder for less than a millisecond.
const (
	recordInterval = 20 * time.Millisecond
	folderInterval = time.Millisecond
)

// unlockTimeout limits how long it takes to unlock a record.
const unlockTimeout = 5 * time.Second

var errFolderLocked = errors.New("another process holds the lock of the folder")

// LockFile locks a file for codes, so that only one process at a time works on it. It waits for the
// lock until ctx ends; the error is then the cause of ctx. LockFile calls waiting before it waits.
func (s *Store) LockFile(ctx context.Context, file string, waiting func()) (unlock func() error, err error) {
	if err := s.disk.MkdirAll(s.folder); err != nil {
		return nil, err
	}
	path := s.path("\x00" + file) // no token starts with this byte
	lock, err := s.locks.try(ctx, path)
	if errors.Is(err, ErrRunning) {
		waiting()
		lock, err = s.locks.wait(ctx, path)
	}
	if err != nil {
		return nil, hideFileName(s.folder, err)
	}
	return func() error {
		ctx, cancel := context.WithTimeoutCause(context.Background(), unlockTimeout, errFolderLocked)
		defer cancel()
		return s.locks.release(ctx, path, lock)
	}, nil
}

// locks locks the records in a folder.
type locks struct {
	disk   disk.FS
	folder string
}

// wait locks a record. It waits until ctx ends; the error is then the cause of ctx.
func (l locks) wait(ctx context.Context, path string) (io.Closer, error) {
	for {
		lock, err := l.try(ctx, path)
		if !errors.Is(err, ErrRunning) {
			return lock, err
		}
		if err := sleep(ctx, recordInterval); err != nil {
			return nil, err
		}
	}
}

// try locks a record without waiting. The error is ErrRunning if another process holds the lock.
func (l locks) try(ctx context.Context, path string) (lock io.Closer, err error) {
	err = l.withFolder(ctx, func() error {
		lock, err = l.disk.TryLock(path + lockSuffix)
		if errors.Is(err, disk.ErrLocked) {
			return ErrRunning
		}
		return err
	})
	return lock, err
}

// release unlocks a record, and deletes the lock file if the record does not exist. If the lock of the
// folder cannot be taken, the lock file stays, and a later List deletes it.
func (l locks) release(ctx context.Context, path string, lock io.Closer) error {
	unlocked := false
	err := l.withFolder(ctx, func() error {
		unlocked = true
		err := lock.Close()
		if _, missing := l.disk.Lstat(path); errors.Is(missing, fs.ErrNotExist) {
			err = errors.Join(err, l.disk.Remove(path+lockSuffix))
		}
		return err
	})
	if !unlocked {
		err = errors.Join(err, lock.Close())
	}
	return err
}

// withFolder calls work while it holds the lock of the folder, so that no other process opens or
// deletes lock files.
func (l locks) withFolder(ctx context.Context, work func() error) error {
	name := filepath.Join(l.folder, lockSuffix)
	folder, err := l.disk.TryLock(name)
	for errors.Is(err, disk.ErrLocked) {
		if err := sleep(ctx, folderInterval); err != nil {
			return err
		}
		folder, err = l.disk.TryLock(name)
	}
	if err != nil {
		return activation.Textf("cannot lock the folder: %w", err)
	}
	return errors.Join(work(), folder.Close())
}

// removeUnused deletes a lock file that has no record. A process that was killed before it wrote
// the record leaves such a file behind.
func (l locks) removeUnused(ctx context.Context, name string) []error {
	path := filepath.Join(l.folder, name)
	if _, err := l.disk.Lstat(path); err == nil {
		return nil // the record exists, or this is the lock of the folder
	}
	lock, err := l.try(ctx, path)
	if err == nil {
		err = l.release(ctx, path, lock)
	}
	if err == nil || errors.Is(err, ErrRunning) || Unwritable(err) {
		return nil
	}
	return []error{activation.Textf("cannot delete the lock %s: %w", path+lockSuffix, err)}
}

// sleep waits for an interval. If ctx ends before that, it returns the cause of ctx.
func sleep(ctx context.Context, interval time.Duration) error {
	timer := time.NewTimer(interval)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Unwritable reports whether an error means that the folder is read-only or the disk is full.
func Unwritable(err error) bool {
	for _, kind := range []error{fs.ErrPermission, syscall.EROFS, syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
