//go:build unix

package disk

import (
	"errors"
	"os"
	"syscall"
)

// Flags for opening files: do not follow a symbolic link, and do not wait for the other end of a named pipe.
const (
	noFollow = syscall.O_NOFOLLOW
	nonBlock = syscall.O_NONBLOCK
)

// syncFolder syncs the names in a folder. Some file systems do not support that and return EINVAL or
// ENOTSUP.
func syncFolder(path string) error {
	folder, err := os.OpenFile(path, os.O_RDONLY|syscall.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	err = folder.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, folder.Close())
}
