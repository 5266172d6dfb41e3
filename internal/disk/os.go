package disk

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/gofrs/flock"
)

// OS is the real file system. Symbolic links in the folders of a path are followed.
type OS struct{}

var _ FS = OS{}

// ReadFile reads a regular file with at most the given number of bytes. Unlike OS.Read it follows
// symbolic links, because it is for files that users write, such as settings. It does not wait for
// the writer of a named pipe.
func ReadFile(path string, most int64) ([]byte, error) { return read(path, most, 0, os.Stat) }

// OthersCanRead reports whether other users of this machine have permissions on a regular file. Windows has no such
// mode.
func OthersCanRead(path string) bool {
	info, err := os.Stat(path)
	return err == nil && runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0
}

// Read implements FS.
func (OS) Read(path string, most int64) ([]byte, error) { return read(path, most, noFollow, os.Lstat) }

// read reads a regular file with at most the given number of bytes.
func read(path string, most int64, flag int, stat statFunc) ([]byte, error) {
	f, err := openRegular(path, os.O_RDONLY|flag, stat)
	if err != nil {
		return nil, err
	}
	content, err := readAll(f, most)
	return content, errors.Join(err, f.Close())
}

// readAll reads at most the given number of bytes. A file with a larger size is not read at all.
func readAll(f *os.File, most int64) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	oneMore := min(most, math.MaxInt64-1) + 1
	var content []byte
	if info.Size() <= most {
		content, err = io.ReadAll(io.LimitReader(f, oneMore))
	}
	if info.Size() > most || int64(len(content)) > most {
		return nil, &fs.PathError{Op: "read", Path: f.Name(), Err: detailed{ErrTooLarge, "%s: more than %d bytes", most}}
	}
	return content, err
}

// statFunc is os.Lstat, or os.Stat to follow symbolic links.
type statFunc func(path string) (fs.FileInfo, error)

// openRegular opens an existing regular file.
func openRegular(path string, flag int, stat statFunc) (*os.File, error) {
	f, err := open(path, flag, stat)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = notRegular("open", path, info.Mode())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// open opens a path without blocking. If that fails because the path is not a regular file, the error
// is ErrNotRegular. On systems without O_NOFOLLOW, stat detects symbolic links.
func open(path string, flag int, stat statFunc) (*os.File, error) {
	if noFollow == 0 {
		if info, err := stat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return nil, notRegular("open", path, info.Mode())
		}
	}
	f, err := os.OpenFile(path, flag|nonBlock, 0)
	if err == nil {
		return f, nil
	}
	if info, failed := stat(path); failed == nil && !info.Mode().IsRegular() {
		return nil, notRegular("open", path, info.Mode())
	}
	return nil, err
}

// notRegular returns the error for a path that is not a regular file. It names the kind of the file.
func notRegular(op, path string, mode fs.FileMode) error {
	kind := errors.New("a device")
	switch {
	case mode.IsDir():
		kind = errors.New("a folder")
	case mode&fs.ModeSymlink != 0:
		kind = errors.New("a symbolic link")
	case mode&fs.ModeNamedPipe != 0:
		kind = errors.New("a named pipe")
	case mode&fs.ModeSocket != 0:
		kind = errors.New("a socket")
	}
	return &fs.PathError{Op: op, Path: path, Err: detailed{ErrNotRegular, "%s but %s", kind}}
}

// Create implements FS.
func (OS) Create(path string) (File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Append implements FS.
func (OS) Append(path string) (File, error) {
	f, err := openRegular(path, os.O_WRONLY|os.O_APPEND|noFollow, os.Lstat)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// MkdirAll implements FS.
func (o OS) MkdirAll(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		return &fs.PathError{Op: "mkdir", Path: path, Err: syscall.ENOTDIR}
	}
	parent := filepath.Dir(filepath.Clean(path))
	if !errors.Is(err, fs.ErrNotExist) || parent == path { // a missing drive on Windows has no parent
		return err
	}
	if err := o.MkdirAll(parent); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o700); err != nil && !isFolder(path) { // another process may have created it
		return err
	}
	return o.SyncFolder(parent)
}

// isFolder reports whether a path is a folder.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// ReadDir implements FS.
func (OS) ReadDir(path string) ([]fs.DirEntry, error) { return os.ReadDir(path) }

// Lstat implements FS.
func (OS) Lstat(path string) (fs.FileInfo, error) { return os.Lstat(path) }

// Chmod implements FS.
func (OS) Chmod(path string, mode fs.FileMode) error {
	f, err := open(path, os.O_RDONLY|noFollow, os.Lstat)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(mode), f.Close())
}

// Link implements FS.
func (OS) Link(from, to string) error { return os.Link(from, to) }

// RenameNew implements FS.
func (OS) RenameNew(from, to string) error {
	if err := renameNew(from, to); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}

// Rename implements FS.
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove implements FS.
func (OS) Remove(path string) error { return os.Remove(path) }

// SyncFolder implements FS. It does nothing on systems that cannot sync folders.
func (OS) SyncFolder(path string) error { return syncFolder(path) }

// TryLock implements FS.
func (OS) TryLock(path string) (io.Closer, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, notRegular("lock", path, info.Mode())
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY|os.O_CREATE|noFollow|nonBlock), flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	if err == nil && !locked {
		err = &fs.PathError{Op: "lock", Path: path, Err: ErrLocked}
	}
	if err == nil {
		err = checkLockRegular(lock)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// checkLockRegular checks that the locked file is a regular file, because the path may have changed
// since it was checked before opening.
func checkLockRegular(lock *flock.Flock) error {
	info, err := lock.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = notRegular("lock", lock.Path(), info.Mode())
	}
	return err
}
