//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package store

import (
	"os"
	"runtime"
	"syscall"
)

// keepsOpen says whether a handle for reading may stay open between calls. On OpenBSD a mapping does not show
// what was written to the file, and on Android bbolt uses a kind of lock that unlock does not release.
const keepsOpen = runtime.GOOS != "openbsd" && runtime.GOOS != "android"

// nonblock opens a named pipe without waiting for its other end.
const nonblock = syscall.O_NONBLOCK

// unlock releases the lock that bbolt holds on its file. Closing the descriptor is not enough while the file
// is mapped, because the mapping keeps the lock.
func unlock(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
}
