package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"

	"ecs-activation/internal/tools/served"
)

// faults configures the faults of the sandbox while creates run. forget-token is not one of them, because
// codes can only be recovered while the service remembers client tokens.
const faults = "throttle=0.1,unavailable=0.05,busy=0.03,drop-before=0.05,drop-after=0.15,reset=0.1,html=0.05,empty=0.05"

// soak runs the trials one after the other, each with a new state folder. In half of them the sandbox
// runs inside the process that is killed, in the other half in a separate process.
func soak(binary string, kinds []kind, trials int, seed uint64, verbose bool) (*summary, error) {
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
		c, err := trial(binary, kind, served, random)
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
func trial(binary string, kind kind, served bool, random *rand.Rand) (c counts, err error) {
	folder, err := os.MkdirTemp("", "soak-")
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	w := &world{binary: binary, folder: folder, random: random, env: map[string]string{
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

// world is one trial: a sandbox, the creates that were run, and the codes that they delivered.
type world struct {
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
	cmd := exec.Command(w.binary, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	for name, value := range w.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if w.change != nil {
		w.change(cmd)
	}
	return cmd
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
