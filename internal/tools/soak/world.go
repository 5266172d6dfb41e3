package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"

	"ecs-activation/internal/tools/served"
)

// world is one trial: a sandbox, the creates that were run, and the codes that they delivered.
type world struct {
	ctx            context.Context // kills the programs of the trial when it is done
	binary, folder string
	env            map[string]string
	random         *rand.Rand
	creates        int
	delivered      []code          // the codes that creates delivered
	recovered      []code          // the codes that recover delivered
	change         func(*exec.Cmd) // changes a command before it runs; nil: no change
}

// command returns a command that runs the program in this world.
func (w *world) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(w.ctx, w.binary, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	for name, value := range w.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if w.change != nil {
		w.change(cmd)
	}
	return cmd
}

// read runs a command that must succeed, and returns its output. An error has what the command printed to standard error.
func (w *world) read(args ...string) ([]byte, error) {
	out, err := w.command(args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, exit.Stderr)
	}
	return out, err
}

// serve starts a sandbox in a separate process, and configures later commands to use it.
func (w *world) serve() (stop func() error, err error) {
	sandbox, err := served.Start(w.command("sandbox", "serve"))
	if err != nil {
		return nil, err
	}
	maps.Copy(w.env, sandbox.Exports)
	return sandbox.Kill, nil
}

// ignoreExit ignores the error of a process that was killed or has failed, because the result of a trial
// depends on the codes and not on exit codes. It returns the error of a usage error, which is a bug in
// this command.
func ignoreExit(err error) error {
	const usage = 2
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() != usage {
		return nil
	}
	return err
}
