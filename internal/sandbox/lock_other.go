//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd

package sandbox

import "github.com/gofrs/flock"

func newLockFile(path string) *flock.Flock { return flock.New(path) }
