package main

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

type options struct {
	binary      string
	connections int
	lasts       time.Duration
}

// load runs the workers, kills the server under them, and settles what it kept.
func load(o options) (r *report, err error) {
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "load-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	first, err := serve(binary, folder)
	if err != nil {
		return nil, err
	}
	r = &report{acts: map[string]*act{}}
	var killed atomic.Bool
	workers := make([]*worker, o.connections)
	var group sync.WaitGroup
	for i := range workers {
		workers[i] = newWorker(i, first)
		group.Go(func() { workers[i].work(&killed) })
	}
	begin := time.Now()
	time.Sleep(o.lasts)
	r.lasted, r.cpu = time.Since(begin), first.cpu()
	killed.Store(true)
	err = first.kill()
	group.Wait()
	if err != nil {
		return nil, err
	}
	second, err := serve(binary, folder)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, second.kill()) }()
	for _, w := range workers {
		w.client = newClient(second, w.client.acs3)
		w.repeat(new(atomic.Bool)) // tokens are known after the restart as well
		r.add(w)
	}
	return r, r.settle(second, workers)
}
