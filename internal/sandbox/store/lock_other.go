//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd

package store

import (
	"context"
	"time"

	"github.com/gofrs/flock"
)

// lockFile is held by one process at a time; the others ask for it again and again.
type lockFile struct{ *flock.Flock }

func newLockFile(path string) lockFile { return lockFile{flock.New(path)} }

// Lock waits for the lock until ctx ends.
func (l lockFile) Lock(ctx context.Context) error {
	_, err := l.TryLockContext(ctx, 5*time.Millisecond)
	if ctx.Err() != nil && err != nil {
		err = context.Cause(ctx)
	}
	return err
}
