package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"syscall"
	"time"
)

// kind is one kind of accident.
type kind struct {
	name   string
	faults string // what the sandbox does to requests
	run    func(*world) error
}

// kinds are the accidents, tried in turn.
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
		{"pipe closed", faults, (*world).closedPipe},
		{"disk full", faults, (*world).fullDisk},
		{"--save and SIGKILL", faults, (*world).saved},
		{"token again", faults, (*world).tokenAgain},
		{"three at once", faults, (*world).threeAtOnce},
		{"ensure and SIGKILL", faults, (*world).ensured},
		{"clock jumps", faults, (*world).wrongClock},
		{"read-only state", faults, (*world).readOnly},
		{"second recover", faults, (*world).recoveredAgain},
	}
}

// named returns the kinds with a name, or all for none.
func named(kinds []kind, name string) []kind {
	return slices.DeleteFunc(kinds, func(k kind) bool { return name != "" && k.name != name })
}

// longest is how long a create is left alone before its signal: about twice what one takes
// when nothing is spoiled, so that signals meet every step of it.
const longest = 40 * time.Millisecond

// after sends a signal at a random moment.
func (w *world) after(signal os.Signal) func(*os.Process) error {
	wait := time.Duration(w.random.Int64N(int64(longest)))
	return func(p *os.Process) error {
		time.Sleep(wait)
		if err := p.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		return nil
	}
}

// arguments are those of a create with a name of its own, by which its codes are counted.
func (w *world) arguments(more ...string) []string {
	w.creates++
	return append([]string{"create", "-o", "json", "--timeout", "20s", "--instance-name", fmt.Sprintf("soak-%d", w.creates)}, more...)
}

// run runs one create, with an accident, and takes what it handed over.
func (w *world) run(args []string, accident func(*os.Process) error) error {
	out, err := w.output(args, accident)
	w.delivered = append(w.delivered, codesIn(out)...)
	return err
}

// output runs the program, with an accident, and returns what it printed.
func (w *world) output(args []string, accident func(*os.Process) error) ([]byte, error) {
	var out bytes.Buffer
	cmd := w.command(args...)
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var hurt error
	if accident != nil {
		hurt = accident(cmd.Process)
	}
	err := errors.Join(hurt, ended(cmd.Wait()))
	return out.Bytes(), err
}

// into runs one create whose output goes to a file.
func (w *world) into(out *os.File) error {
	cmd := w.command(w.arguments()...)
	cmd.Stdout = out
	return errors.Join(ended(cmd.Run()), out.Close())
}

// closedPipe gives a create an output that nobody reads.
func (w *world) closedPipe() error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	return errors.Join(read.Close(), w.into(write))
}

// fullDisk gives a create an output that takes nothing.
func (w *world) fullDisk() error {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return w.closedPipe() // not on this system
	}
	if err != nil {
		return err
	}
	return w.into(full)
}

// saved kills a create that writes a file.
func (w *world) saved() error {
	return w.run(w.arguments("--save", w.file("code.json")), w.after(syscall.SIGKILL))
}

// tokenAgain kills a create with a token of its own, and runs the same command again.
func (w *world) tokenAgain() error {
	args := w.arguments("--client-token", fmt.Sprintf("job-%d", w.random.Uint64()))
	if err := w.run(args, w.after(syscall.SIGKILL)); err != nil {
		return err
	}
	return w.run(args, nil)
}

// threeAtOnce runs three creates side by side and kills one.
func (w *world) threeAtOnce() error {
	var group sync.WaitGroup
	var failed [3]error
	var outs [3]bytes.Buffer
	for i := range failed {
		cmd := w.command(w.arguments()...)
		cmd.Stdout = &outs[i]
		accident := w.after(syscall.SIGKILL)
		group.Go(func() {
			if failed[i] = cmd.Start(); failed[i] != nil {
				return
			}
			if i == 0 {
				failed[i] = accident(cmd.Process)
			}
			failed[i] = errors.Join(failed[i], ended(cmd.Wait()))
		})
	}
	group.Wait()
	for i := range outs {
		w.delivered = append(w.delivered, codesIn(outs[i].Bytes())...)
	}
	return errors.Join(failed[:]...)
}

// ensured kills a run that puts a code into a file, lets one come to its end, and kills runs
// that put another in its place.
func (w *world) ensured() error {
	first, second := w.ensures(), w.ensures()
	if err := w.run(first, w.after(syscall.SIGKILL)); err != nil {
		return err
	}
	if err := errors.Join(w.untilDone(first), w.takeFile(&w.delivered)); err != nil {
		return err
	}
	return errors.Join(w.run(second, w.after(syscall.SIGKILL)), w.run(second, w.after(syscall.SIGKILL)))
}

// ensures are the arguments of an ensure whose code has a name of its own.
func (w *world) ensures() []string {
	w.creates++
	return []string{"ensure", "--save", w.file("code.json"), "--timeout", "20s", "--instance-name", fmt.Sprintf("soak-%d", w.creates)}
}

// untilDone runs a command until it succeeds.
func (w *world) untilDone(args []string) error {
	var err error
	for range 12 {
		if err = w.command(args...).Run(); err == nil {
			return nil
		}
	}
	return fmt.Errorf("%s does not come to an end: %w", args[0], err)
}

// unfinished runs a create that leaves something to recover: most often a code that was made.
func (w *world) unfinished() error {
	if w.random.IntN(4) > 0 {
		return w.closedPipe()
	}
	return w.run(w.arguments(), w.after(syscall.SIGKILL))
}

// wrongClock moves the times in the record of a create by some hours, as if this machine's clock
// had been wrong when they were written: up to three hours behind or twelve ahead. The code lives
// for four hours, and recover sends no create whose code must have expired.
func (w *world) wrongClock() error {
	if err := w.unfinished(); err != nil {
		return err
	}
	const behind, ahead = 3 * time.Hour, 12 * time.Hour
	return w.moveRecords(time.Duration(w.random.Int64N(int64(behind+ahead))) - behind)
}

var recordedTime = regexp.MustCompile(`"(StartedAt|At)":"([^"]+)"`)

// moveRecords moves every time in every record.
func (w *world) moveRecords(by time.Duration) error {
	records, err := filepath.Glob(w.file("ecs-activation/pending/*"))
	for _, record := range records {
		text, readErr := os.ReadFile(record)
		moved := recordedTime.ReplaceAllFunc(text, func(field []byte) []byte {
			parts := recordedTime.FindSubmatch(field)
			at, parseErr := time.Parse(time.RFC3339Nano, string(parts[2]))
			err = errors.Join(err, parseErr)
			return fmt.Appendf(nil, `"%s":"%s"`, parts[1], at.Add(by).Format(time.RFC3339Nano))
		})
		err = errors.Join(err, readErr, os.WriteFile(record, moved, 0o600))
	}
	return err
}

// recoveredAgain kills the recover that follows a create, lets another recover come to its end,
// and asks for the code once more.
func (w *world) recoveredAgain() error {
	if err := w.unfinished(); err != nil {
		return err
	}
	out, err := w.output([]string{"recover", "--all", "-o", "jsonl"}, w.after(syscall.SIGKILL))
	w.recovered = append(w.recovered, codesIn(out)...)
	if err := errors.Join(err, w.recover("--all")); err != nil {
		return err
	}
	made, err := w.held()
	if err != nil || len(made) == 0 {
		return err // it was killed before it sent anything
	}
	before := len(w.recovered)
	if err := w.recover("--last"); err != nil {
		return err
	}
	if len(w.recovered) == before {
		return errors.New("recover --last handed over nothing")
	}
	return nil
}
