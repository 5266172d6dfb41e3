//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package sandbox

import (
	"os"
	"syscall"
)

// unlock gives back the lock bbolt holds on its file. Closing the descriptor is
// not enough while the file is mapped: the mapping keeps the lock alive.
func unlock(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
}
