package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// options has the command-line options.
type options struct {
	binary      string
	connections int
	lasts       time.Duration
}

// load runs the workers, kills the server, restarts it, and checks its codes.
func load(ctx context.Context, o options) (r *report, err error) {
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "load-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	first, err := serve(ctx, binary, folder)
	if err != nil {
		return nil, err
	}
	r = &report{acts: map[string]*act{}}
	workers, err := r.runWorkers(ctx, first, o)
	if err != nil {
		return nil, err
	}
	second, err := serve(ctx, binary, folder)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, second.Kill()) }()
	for _, w := range workers {
		w.client = newClient(second, w.client.acs3)
		w.repeat(new(atomic.Bool)) // the server knows the tokens after the restart
		r.add(w)
	}
	return r, r.compare(second, workers)
}

// runWorkers runs the workers for the configured time, and then kills the server while they run.
func (r *report) runWorkers(ctx context.Context, s *server, o options) ([]*worker, error) {
	var killed atomic.Bool
	var group sync.WaitGroup
	workers := make([]*worker, o.connections)
	for i := range workers {
		workers[i] = newWorker(i, s)
		group.Go(func() { workers[i].work(&killed) })
	}
	begin := time.Now()
	select {
	case <-ctx.Done():
	case <-time.After(o.lasts):
	}
	r.lasted, r.cpu = time.Since(begin), s.cpu()
	killed.Store(true)
	err := s.Kill()
	group.Wait()
	return workers, err
}
