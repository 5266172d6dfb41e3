package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"time"
)

// longest is the longest time before a signal is sent to a create. It is about twice as long as a create
// without faults takes, so that signals arrive at every step.
const longest = 40 * time.Millisecond

// after returns a function that sends a signal after a random time.
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

// arguments returns the arguments of a create with a unique name, by which its codes are counted.
func (w *world) arguments(more ...string) []string {
	w.creates++
	return append([]string{"create", "-o", "json", "--timeout", "20s", "--instance-name", fmt.Sprintf("soak-%d", w.creates)}, more...)
}

// run runs one create with a failure, and adds the codes that it delivered.
func (w *world) run(args []string, failure func(*os.Process) error) error {
	out, err := w.output(args, failure)
	w.delivered = append(w.delivered, codesIn(out)...)
	return err
}

// output runs the program, with a failure, and returns its output.
func (w *world) output(args []string, failure func(*os.Process) error) ([]byte, error) {
	var out bytes.Buffer
	cmd := w.command(args...)
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var failed error
	if failure != nil {
		failed = failure(cmd.Process)
	}
	err := errors.Join(failed, ignoreExit(cmd.Wait()))
	return out.Bytes(), err
}

// into runs one create with its output redirected to a file.
func into(w *world, out *os.File) error {
	cmd := w.command(w.arguments()...)
	cmd.Stdout = out
	return errors.Join(ignoreExit(cmd.Run()), out.Close())
}

// closedPipe runs a create whose output is a closed pipe.
func closedPipe(w *world) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	return errors.Join(read.Close(), into(w, write))
}

// fullDisk runs a create whose output is a full disk.
func fullDisk(w *world) error {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return closedPipe(w) // this system has no /dev/full
	}
	if err != nil {
		return err
	}
	return into(w, full)
}

// saved kills a create that writes a file.
func saved(w *world) error {
	return w.run(w.arguments("--save", w.file("code.json")), w.after(syscall.SIGKILL))
}

// tokenAgain kills a create with its own client token, and runs the same command again.
func tokenAgain(w *world) error {
	args := w.arguments("--client-token", fmt.Sprintf("job-%d", w.random.Uint64()))
	if err := w.run(args, w.after(syscall.SIGKILL)); err != nil {
		return err
	}
	return w.run(args, nil)
}

// threeAtOnce runs three creates at once and kills one of them.
func threeAtOnce(w *world) error {
	var group sync.WaitGroup
	var failed [3]error
	var outs [3]bytes.Buffer
	for i := range failed {
		cmd := w.command(w.arguments()...)
		cmd.Stdout = &outs[i]
		failure := w.after(syscall.SIGKILL)
		group.Go(func() {
			if failed[i] = cmd.Start(); failed[i] != nil {
				return
			}
			if i == 0 {
				failed[i] = failure(cmd.Process)
			}
			failed[i] = errors.Join(failed[i], ignoreExit(cmd.Wait()))
		})
	}
	group.Wait()
	for i := range outs {
		w.delivered = append(w.delivered, codesIn(outs[i].Bytes())...)
	}
	return errors.Join(failed[:]...)
}

// ensured kills an ensure, runs it until it succeeds, and then kills two runs of an ensure for another
// code in the same file.
func ensured(w *world) error {
	first, second := ensures(w), ensures(w)
	if err := w.run(first, w.after(syscall.SIGKILL)); err != nil {
		return err
	}
	if err := errors.Join(untilDone(w, first), w.takeFile(&w.delivered)); err != nil {
		return err
	}
	return errors.Join(w.run(second, w.after(syscall.SIGKILL)), w.run(second, w.after(syscall.SIGKILL)))
}

// ensures returns the arguments of an ensure with a unique name.
func ensures(w *world) []string {
	w.creates++
	return []string{"ensure", "--save", w.file("code.json"), "--timeout", "20s", "--instance-name", fmt.Sprintf("soak-%d", w.creates)}
}

// untilDone runs a command until it succeeds.
func untilDone(w *world, args []string) error {
	var err error
	for range 12 {
		if _, err = w.read(args...); err == nil {
			return nil
		}
	}
	return err
}

// unfinished runs a create that fails, in most cases after the code was created.
func unfinished(w *world) error {
	if w.random.IntN(4) > 0 {
		return closedPipe(w)
	}
	return w.run(w.arguments(), w.after(syscall.SIGKILL))
}

// wrongClock changes the times in the record of a create by up to three hours back or twelve hours
// forward, as if the clock of this machine had been wrong. A code can be used for four hours, and recover
// does not replay a create whose code must have expired.
func wrongClock(w *world) error {
	if err := unfinished(w); err != nil {
		return err
	}
	const behind, ahead = 3 * time.Hour, 12 * time.Hour
	return moveRecords(w, time.Duration(w.random.Int64N(int64(behind+ahead)))-behind)
}

var recordedTime = regexp.MustCompile(`"(StartedAt|At)":"([^"]+)"`)

// moveRecords changes all times in all records.
func moveRecords(w *world, by time.Duration) error {
	records, err := filepath.Glob(w.file("ecs-activation/pending/*"))
	for _, record := range records {
		text, readErr := os.ReadFile(record)
		if readErr != nil {
			err = errors.Join(err, readErr)
			continue
		}
		moved := recordedTime.ReplaceAllFunc(text, func(field []byte) []byte {
			parts := recordedTime.FindSubmatch(field)
			at, parseErr := time.Parse(time.RFC3339Nano, string(parts[2]))
			err = errors.Join(err, parseErr)
			return fmt.Appendf(nil, `"%s":"%s"`, parts[1], at.Add(by).Format(time.RFC3339Nano))
		})
		err = errors.Join(err, os.WriteFile(record, moved, 0o600))
	}
	return err
}

// recoveredAgain kills a recover after a create, runs recover until it succeeds, and then recovers the
// same code again.
func recoveredAgain(w *world) error {
	if err := unfinished(w); err != nil {
		return err
	}
	out, err := w.output([]string{"recover", "--all", "-o", "jsonl"}, w.after(syscall.SIGKILL))
	w.recovered = append(w.recovered, codesIn(out)...)
	if err := errors.Join(err, w.recover("--all")); err != nil {
		return err
	}
	made, err := w.held()
	if err != nil || len(made) == 0 {
		return err // it was killed before it sent a request
	}
	before := len(w.recovered)
	if err := w.recover("--last"); err != nil {
		return err
	}
	if len(w.recovered) == before {
		return errors.New("recover --last delivered no code")
	}
	return nil
}
