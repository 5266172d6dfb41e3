package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"ecs-activation/internal/tools/group"
)

// result is the result of a mutant.
type result struct {
	mutant
	verdict verdict
	by      string // the test that failed
}

// verdict is the outcome of a mutant.
type verdict string

// The verdicts.
const (
	noticed  verdict = "noticed"
	survived verdict = "survived"
	broken   verdict = "does not compile"
)

// runner runs tests on changed source.
type runner struct {
	root    string
	scratch string
	verbose bool
	limits  map[test]time.Duration // the timeout of each test
}

// run runs the tests on each mutant, several at once, and returns the results in the order of the
// mutants.
func run(ctx context.Context, root string, mutants []mutant, o options) (results []result, err error) {
	r := &runner{verbose: o.verbose, limits: map[test]time.Duration{}}
	if r.root, err = filepath.Abs(root); err != nil {
		return nil, err
	}
	if r.scratch, err = os.MkdirTemp("", "mutate-"); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.scratch)) }()
	if err := r.measure(ctx, mutants); err != nil {
		return nil, err
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	results = make([]result, len(mutants))
	var running sync.WaitGroup
	slots := make(chan bool, max(1, o.jobs))
	for i, m := range mutants {
		slots <- true
		running.Go(func() {
			defer func() { <-slots }()
			got, err := r.try(ctx, m)
			if results[i] = got; err != nil {
				fail(err)
			}
		})
	}
	running.Wait()
	return results, context.Cause(ctx)
}

// measure runs the tests on the unchanged source. They must pass. The timeout of the tests on a mutant is
// four times as long as they took, plus 15 seconds.
func (r *runner) measure(ctx context.Context, mutants []mutant) error {
	for _, m := range mutants {
		for _, t := range m.tests {
			if r.limits[t] > 0 {
				continue
			}
			r.limits[t] = 10 * time.Minute
			begin := time.Now()
			got, err := r.test(ctx, mutant{tests: []test{t}}, nil)
			if err != nil {
				return err
			}
			if got.verdict != survived {
				return fmt.Errorf("the tests of %s do not pass without a change: %s", t.pkg, got.by)
			}
			r.limits[t] = 15*time.Second + 4*time.Since(begin)
		}
	}
	return nil
}

// try runs the tests on one mutant.
func (r *runner) try(ctx context.Context, m mutant) (result, error) {
	if ctx.Err() != nil {
		return result{}, ctx.Err()
	}
	source, err := os.ReadFile(filepath.Join(r.root, m.path))
	if err != nil {
		return result{}, err
	}
	got, err := r.test(ctx, m, m.apply(source))
	if err == nil && r.verbose {
		fmt.Fprintf(os.Stderr, "%-8s %s%s\n", got.verdict, m.id, got.by)
	}
	return got, err
}

// apply returns the source of the mutant.
func (m mutant) apply(source []byte) []byte {
	return append(append(bytes.Clone(source[:m.from]), m.text...), source[m.to:]...)
}

// test runs the tests of a mutant one after the other until one of them fails. changed is the content of
// the mutant's file; nil: the file is unchanged.
func (r *runner) test(ctx context.Context, m mutant, changed []byte) (got result, err error) {
	folder, err := os.MkdirTemp(r.scratch, "")
	if err != nil {
		return got, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	env, err := r.overlay(folder, m.path, changed)
	if err != nil {
		return got, err
	}
	got = result{mutant: m, verdict: survived}
	for _, t := range m.tests {
		program := filepath.Join(folder, strings.ReplaceAll(t.pkg, "/", "-")+".test")
		if compiled, err := r.compile(ctx, program, t.pkg, m, env); err != nil || !compiled {
			got.verdict = broken
			return got, err
		}
		if got.by, err = r.execute(ctx, program, t, env); err != nil || got.by != "" {
			got.verdict = noticed
			return got, err
		}
	}
	return got, nil
}

// changedFile is the name of the changed file, which the errors of the compiler contain.
const changedFile = "changed.go"

// overlay returns the environment in which the go command uses the changed content of a file, even if a
// test calls it.
func (r *runner) overlay(folder, path string, changed []byte) ([]string, error) {
	env := append(os.Environ(), "CGO_ENABLED=0", "TMPDIR="+folder)
	if changed == nil {
		return env, nil
	}
	file, list := filepath.Join(folder, changedFile), filepath.Join(folder, "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(r.root, path): file}})
	if err := errors.Join(err, os.WriteFile(file, changed, 0o600), os.WriteFile(list, text, 0o600)); err != nil {
		return nil, err
	}
	return append(env, "GOFLAGS="+os.Getenv("GOFLAGS")+" -overlay="+list), nil
}

// compile builds the tests of a package, unless they were already built for this mutant. It reports
// whether the mutant compiles.
func (r *runner) compile(ctx context.Context, program, pkg string, m mutant, env []string) (bool, error) {
	if _, err := os.Stat(program); err == nil {
		return true, nil
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-ldflags=-s -w", "-o", program, "./"+pkg)
	cmd.Dir, cmd.Env = r.root, env
	group.Kill(cmd)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil && bytes.Contains(out, []byte(changedFile+":")) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("cannot compile the tests of %s for %q: %w: %s", pkg, m.id, err, out)
	}
	return true, nil
}

// execute runs the tests and returns which of them failed; "" means that all passed.
func (r *runner) execute(ctx context.Context, program string, t test, env []string) (string, error) {
	limited, cancel := context.WithTimeout(ctx, r.limits[t])
	defer cancel()
	cmd := exec.CommandContext(limited, program, "-test.failfast", "-test.count=1", "-test.run="+t.run, "-test.skip="+t.skip)
	cmd.Dir, cmd.Env = filepath.Join(r.root, t.pkg), env
	group.Kill(cmd)
	out, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case limited.Err() != nil:
		return ": timed out", nil
	case errors.As(err, new(*exec.ExitError)):
		return ": " + firstFailure(out), nil
	}
	return "", err
}

// firstFailure returns the name of the first test that failed.
func firstFailure(out []byte) string {
	for line := range strings.Lines(string(out)) {
		if name, found := strings.CutPrefix(strings.TrimSpace(line), "--- FAIL: "); found {
			return name
		}
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return strings.TrimSpace(line)
		}
	}
	return "the test program exited early"
}
