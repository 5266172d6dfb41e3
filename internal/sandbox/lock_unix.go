//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package sandbox

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// lockFile is held by one process at a time; the others wait. The file stays
// open from one time to the next, which saves more than the lock itself costs.
type lockFile struct {
	path string
	file *os.File
	info fs.FileInfo
}

func newLockFile(path string) *lockFile { return &lockFile{path: path} }

// Lock waits for the lock. A file that somebody has deleted meanwhile locks
// nobody out, so the lock counts only on the file that has the name now.
func (l *lockFile) Lock() error {
	for {
		if err := l.open(); err != nil {
			return err
		}
		if err := l.flock(syscall.LOCK_EX); err != nil {
			return err
		}
		named, err := os.Stat(l.path)
		if err == nil && os.SameFile(named, l.info) {
			return nil
		}
		if closeErr := l.close(); closeErr != nil || err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(err, closeErr)
		}
	}
}

// Unlock gives the lock back.
func (l *lockFile) Unlock() error { return l.flock(syscall.LOCK_UN) }

func (l *lockFile) open() error {
	if l.file != nil {
		return nil
	}
	file, err := os.OpenFile(l.path, os.O_RDONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	l.file = file
	l.info, err = file.Stat()
	return err
}

func (l *lockFile) close() error {
	file := l.file
	l.file = nil
	return file.Close()
}

func (l *lockFile) flock(how int) error {
	for {
		err := syscall.Flock(int(l.file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
