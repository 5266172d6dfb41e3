package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// soak runs the trials one after the other, each with a new state folder. In half of them the sandbox
// runs inside the process that is killed, in the other half in a separate process.
func soak(ctx context.Context, binary string, kinds []kind, trials int, seed uint64, verbose bool) (*summary, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	if len(kinds) == 0 {
		return nil, errors.New("unknown kind of failure")
	}
	random := rand.New(rand.NewPCG(seed, 0))
	sum := &summary{kinds: map[string]*counts{}}
	for n := range trials {
		kind := kinds[n%len(kinds)]
		served := n/len(kinds)%2 == 1
		name := kind.name
		if served {
			name += ", served"
		}
		c, err := trial(ctx, binary, kind, served, random)
		if ctx.Err() != nil {
			return nil, ctx.Err() // the trial has no result
		}
		if err != nil {
			return nil, fmt.Errorf("trial %d (%s): %w", n, name, err)
		}
		if verbose || c.lost+c.duplicated > 0 {
			fmt.Printf("trial %d (%s): %+v\n", n, name, c)
		}
		sum.add(name, c)
	}
	return sum, nil
}

// trial runs one kind of failure in a new state folder.
func trial(ctx context.Context, binary string, kind kind, served bool, random *rand.Rand) (c counts, err error) {
	folder, err := os.MkdirTemp("", "soak-")
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	w := &world{ctx: ctx, binary: binary, folder: folder, random: random, env: map[string]string{
		"XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder, "HOME": folder,
		"ECS_ACTIVATION_SANDBOX_QUOTA": "1000",
		"ECS_ACTIVATION_SANDBOX_FAULT": kind.faults,
		"ECS_ACTIVATION_SANDBOX_SEED":  fmt.Sprint(1 + random.Uint32N(1<<31-1)),
	}}
	if served {
		stop, failed := w.serve()
		if failed != nil {
			return c, failed
		}
		defer func() { err = errors.Join(err, stop()) }()
	} else {
		w.env["ECS_ACTIVATION_SANDBOX"] = "1"
	}
	if err := kind.run(w); err != nil {
		return c, err
	}
	return w.finish()
}
