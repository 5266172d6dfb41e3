//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package sandbox

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// lockFile is held by one process at a time; the others wait. The file stays
// open from one time to the next, which saves more than the lock itself costs.
// It is used by one goroutine at a time.
type lockFile struct {
	path   string
	file   *os.File
	info   fs.FileInfo
	coming chan error // brings the lock that is waited for; nil: none is
}

func newLockFile(path string) *lockFile { return &lockFile{path: path} }

// Lock waits for the lock, until ctx ends. A file that somebody has deleted
// meanwhile locks nobody out, so the lock counts only on the file that has the
// name now.
func (l *lockFile) Lock(ctx context.Context) error {
	for {
		if err := l.open(); err != nil {
			return err
		}
		taken, err := l.take(ctx)
		if err != nil {
			return err
		}
		if !taken {
			continue
		}
		named, err := l.isNamed()
		if named {
			return nil
		}
		if err = errors.Join(err, l.close()); err != nil {
			return err
		}
	}
}

// Unlock gives the lock back. Where the system refuses that, closing the file
// does it.
func (l *lockFile) Unlock() error {
	err := flock(l.file, syscall.LOCK_UN)
	if err != nil {
		err = errors.Join(err, l.close())
	}
	return err
}

// open opens the file, unless it is open. A file that a lock is still waited for
// may have been deleted since.
func (l *lockFile) open() error {
	if l.coming != nil {
		if named, err := l.isNamed(); named || err != nil {
			return err
		}
		l.file, l.coming = nil, nil
	}
	if l.file != nil {
		return nil
	}
	file, err := os.OpenFile(l.path, os.O_RDONLY|os.O_CREATE|nonblock, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	l.file, l.info = file, info
	return nil
}

// take takes the lock, or waits for it in a goroutine, because flock cannot be
// interrupted. When ctx ends first, the next call goes on waiting for the same
// one. It is not taken where the goroutine got it while nobody waited.
func (l *lockFile) take(ctx context.Context) (taken bool, err error) {
	if l.coming == nil {
		err := flock(l.file, syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err == nil, err
		}
		l.coming = make(chan error)
		go bring(l.file, l.coming)
	}
	select {
	case err, taken = <-l.coming:
		l.coming = nil
		if !taken {
			l.file = nil // bring has closed it
		}
		return taken && err == nil, err
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

// bring waits for the lock and hands it over. Where nobody waits for it any
// more, it closes the file, which gives the lock back, and then to.
func bring(file *os.File, to chan<- error) {
	err := flock(file, syscall.LOCK_EX)
	select {
	case to <- err:
	default:
		_ = file.Close() // nobody is left to tell
		close(to)
	}
}

// isNamed says whether the open file is the one that has the name.
func (l *lockFile) isNamed() (bool, error) {
	named, err := os.Stat(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(named, l.info), err
}

func (l *lockFile) close() error {
	file := l.file
	l.file = nil
	return file.Close()
}

func flock(file *os.File, how int) error {
	for {
		err := syscall.Flock(int(file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
