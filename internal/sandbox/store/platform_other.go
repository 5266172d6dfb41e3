//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd

package store

import "os"

// keepsOpen is false because an open handle would prevent other processes from writing.
const keepsOpen = false

// nonblock has no meaning here: folders hold no named pipes.
const nonblock = 0

// unlock does nothing: closing the file releases its locks.
func unlock(*os.File) error { return nil }
