package main

import (
	"os"
	"slices"
	"syscall"
)

// kind is one kind of failure.
type kind struct {
	name   string
	faults string // the faults of the sandbox
	run    func(*world) error
}

// kinds returns all kinds of failures, which are tested in turn.
func kinds() []kind {
	signal := func(s os.Signal, more ...string) func(*world) error {
		return func(w *world) error { return w.run(w.arguments(more...), w.after(s)) }
	}
	spoiled := func(w *world) error { return w.run(w.arguments(), nil) }
	return []kind{
		{"answers spoiled", faults, spoiled},
		{"proxy page", "drop-after=0.1,proxy-page=0.2,redirect=0.2", spoiled},
		{"unknown code", "drop-after=0.1,unknown-code=0.2,processing=0.2", spoiled},
		{"odd 200", "drop-after=0.1,odd-200=0.4", spoiled},
		{"SIGKILL", faults, signal(syscall.SIGKILL)},
		{"SIGTERM", faults, signal(syscall.SIGTERM)},
		{"SIGINT", faults, signal(syscall.SIGINT)},
		{"pipe closed", faults, closedPipe},
		{"disk full", faults, fullDisk},
		{"--save and SIGKILL", faults, saved},
		{"token again", faults, tokenAgain},
		{"three at once", faults, threeAtOnce},
		{"ensure and SIGKILL", faults, ensured},
		{"clock jumps", faults, wrongClock},
		{"read-only state", faults, readOnly},
		{"second recover", faults, recoveredAgain},
	}
}

// named returns the kinds with a name, or all kinds if the name is empty.
func named(kinds []kind, name string) []kind {
	return slices.DeleteFunc(kinds, func(k kind) bool { return name != "" && k.name != name })
}

// faults configures the faults of the sandbox while creates run. forget-token is not one of them, because
// codes can only be recovered while the service remembers client tokens.
const faults = "throttle=0.1,unavailable=0.05,busy=0.03,drop-before=0.05,drop-after=0.15,reset=0.1,html=0.05,empty=0.05"
