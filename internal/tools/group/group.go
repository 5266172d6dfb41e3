// Package group ends the tools when the user interrupts them, and programs with the processes that they have started.
package group

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// UntilSignal calls a function with a context that ends when the user interrupts the tool. Its error is then the signal,
// whatever the function returns.
func UntilSignal(do func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := do(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
