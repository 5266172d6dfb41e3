//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package sandbox

import (
	"os"
	"runtime"
	"syscall"
)

// keeps says whether a handle for reading may stay open between calls. OpenBSD
// does not show in a mapping what was written to the file, and on Android
// bbolt's lock is one that unlock does not give back.
const keeps = runtime.GOOS != "openbsd" && runtime.GOOS != "android"

// nonblock opens a named pipe without waiting for its other end.
const nonblock = syscall.O_NONBLOCK

// unlock gives back the lock bbolt holds on its file. Closing the descriptor is
// not enough while the file is mapped: the mapping keeps the lock alive.
func unlock(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
}
