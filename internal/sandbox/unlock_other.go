//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd

package sandbox

import "os"

// keeps: elsewhere an open handle would keep others from writing.
const keeps = false

// nonblock has no meaning here: there are no named pipes in folders.
const nonblock = 0

// unlock has nothing to do here: closing the file gives back its locks.
func unlock(*os.File) error { return nil }
