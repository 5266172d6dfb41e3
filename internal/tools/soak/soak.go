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

// faults are what the sandbox does to requests while creates are at work. forget-token is not
// among them: a service that forgets its tokens breaks the ground the promise stands on.
const faults = "throttle=0.1,unavailable=0.05,busy=0.03,drop-before=0.05,drop-after=0.15,reset=0.1,html=0.05,empty=0.05"

// soak runs the trials one after the other, each with a state folder of its own: half of them
// against the sandbox inside the process that is killed, half against one that lives on.
func soak(binary string, kinds []kind, trials int, seed uint64, verbose bool) (*summary, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	if len(kinds) == 0 {
		return nil, errors.New("no kind of accident has this name")
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

// trial runs one kind of accident in a state folder of its own.
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
		stop, err := w.serve()
		if err != nil {
			return c, err
		}
		defer func() { err = errors.Join(err, stop()) }()
	} else {
		w.env["ECS_ACTIVATION_SANDBOX"] = "1"
	}
	if err := kind.run(w); err != nil {
		return c, err
	}
	return w.settle()
}

// world is one trial: a sandbox, the creates that were run in it, and what they handed over.
type world struct {
	binary, folder string
	env            map[string]string
	random         *rand.Rand
	creates        int
	delivered      []code          // by the creates
	recovered      []code          // by recover
	change         func(*exec.Cmd) // changes a command before it runs; nil does not
}

// command is a run of the program in this world.
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

// serve starts a sandbox that outlives the creates, and points them at it.
func (w *world) serve() (stop func() error, err error) {
	sandbox, err := served.Start(w.command("sandbox", "serve"))
	if err != nil {
		return nil, err
	}
	maps.Copy(w.env, sandbox.Exports)
	return sandbox.Kill, nil
}

// ended drops the error of a process that was killed on purpose or that failed on its own: the
// codes decide, not the exit status. Only wrong usage is a mistake of ours.
func ended(err error) error {
	const usage = 2
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() != usage {
		return nil
	}
	return err
}
