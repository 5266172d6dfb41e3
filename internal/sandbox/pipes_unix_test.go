//go:build unix

package sandbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A named pipe in the place of any file of the sandbox is an error or is replaced; no command waits for its other
// end.
func TestNamedPipesKeepNobodyWaiting(t *testing.T) {
	for _, ending := range []string{"", ".new", ".lock", ".requests", ".ca.pem"} {
		t.Run("sandbox.db"+ending, func(t *testing.T) {
			path := newPath(t)
			noError(t, errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), syscall.Mkfifo(path+ending, 0o600)))
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			done := make(chan error, 1)
			go func() {
				s := newSandbox(t, Options{Path: path})
				_, err := s.Authority(ctx)
				_, counted := s.state.store.CountRequest()
				done <- errors.Join(err, counted)
			}()
			select {
			case err := <-done:
				if (err != nil) != (ending == "" || ending == ".requests") {
					t.Errorf("%v", err)
				}
			case <-ctx.Done():
				t.Error("it waits")
			}
		})
	}
}
