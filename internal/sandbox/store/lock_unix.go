//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// lockFile is held by one process at a time; the others wait. The file stays open between uses, because
// opening it costs more than locking it. One goroutine uses it at a time.
type lockFile struct {
	path    string
	file    *os.File
	info    fs.FileInfo
	waiting *wait // for the lock; nil when no goroutine waits
}

// wait is one goroutine that waits for the lock.
type wait struct {
	acquired chan error // receives the result of flock; closed if no goroutine received the result
	closeErr error      // from closing the file then; read it only after acquired is closed
}

func newLockFile(path string) *lockFile { return &lockFile{path: path} }

// Lock waits for the lock until ctx ends. If somebody has deleted the file meanwhile, its lock protects
// nothing, so the lock counts only if the path still leads to the open file.
func (l *lockFile) Lock(ctx context.Context) error {
	for {
		if err := l.open(); err != nil {
			return err
		}
		locked, err := l.acquire(ctx)
		if err != nil {
			return err
		}
		if !locked {
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

// Unlock releases the lock. If the system refuses that, closing the file releases it.
func (l *lockFile) Unlock() error {
	err := flock(l.file, syscall.LOCK_UN)
	if err != nil {
		err = errors.Join(err, l.close())
	}
	return err
}

// open opens the file, if it is not open. A file whose lock is still waited for may have been deleted since;
// then the waiting goroutine closes it.
func (l *lockFile) open() error {
	if l.waiting != nil {
		if named, err := l.isNamed(); named || err != nil {
			return err
		}
		l.file, l.waiting = nil, nil
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

// acquire takes the lock, or waits for it in a goroutine, because flock cannot be interrupted. If ctx ends
// first, the next call continues to wait for the same goroutine. It returns false without an error if that
// goroutine got the lock while no caller waited, and released it again.
func (l *lockFile) acquire(ctx context.Context) (locked bool, err error) {
	if l.waiting == nil {
		err := flock(l.file, syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err == nil, err
		}
		l.waiting = &wait{acquired: make(chan error)}
		go l.waiting.run(l.file)
	}
	select {
	case err, received := <-l.waiting.acquired:
		if !received { // run has closed the file
			err, l.file = l.waiting.closeErr, nil
		}
		l.waiting = nil
		return received && err == nil, err
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

// run waits for the lock and passes it to the caller. If no caller waits any more, it closes the file, which releases the
// lock.
func (w *wait) run(file *os.File) {
	err := flock(file, syscall.LOCK_EX)
	select {
	case w.acquired <- err:
	default:
		w.closeErr = file.Close()
		close(w.acquired)
	}
}

// isNamed reports whether the path leads to the open file.
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
