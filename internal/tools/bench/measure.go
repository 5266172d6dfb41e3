package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// program is a command line to run, in a world of its own.
type program struct {
	path  string
	args  []string
	env   []string
	input string // on standard input

	prepare func() error // before each run, not measured
}

// cost is what one run took.
type cost struct {
	wall, cpu time.Duration
	memory    int64 // bytes at the peak; 0: this system does not tell
}

func (p program) command() *exec.Cmd {
	cmd := exec.Command(p.path, p.args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, p.env...)
	cmd.Stdin = strings.NewReader(p.input)
	return cmd
}

// run runs it once. What it prints goes to the null device, as the cheapest of readers.
func (p program) run() (cost, error) {
	if p.prepare != nil {
		if err := p.prepare(); err != nil {
			return cost{}, err
		}
	}
	cmd := p.command()
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("%s %s: %w: %s", p.path, strings.Join(p.args, " "), err, complaint.Bytes())
	}
	wall, state := time.Since(begun), cmd.ProcessState
	return cost{wall, state.UserTime() + state.SystemTime(), peak(state)}, nil
}

// digest stands for the lines that it prints, in whatever order: their number, and the sum of
// their hashes.
func (p program) digest() (lines int, sum uint64, err error) {
	cmd := p.command()
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	printed := bufio.NewScanner(out)
	for ; printed.Scan(); lines++ {
		line := fnv.New64a()
		line.Write(printed.Bytes())
		sum += line.Sum64()
	}
	return lines, sum, errors.Join(printed.Err(), cmd.Wait())
}

// contest is the median of pairs of runs.
type contest struct {
	wall, cpu    float64 // ratios, ours to theirs
	ours, theirs cost
}

// compete runs both in turn. The first pair warms up and is not counted.
func compete(ours, theirs program, rounds int) (contest, error) {
	var walls, cpus []float64
	var mine, other []cost
	for n := range rounds + 1 {
		a, err := ours.run()
		if err != nil {
			return contest{}, err
		}
		b, err := theirs.run()
		if err != nil {
			return contest{}, err
		}
		if n == 0 {
			continue
		}
		walls = append(walls, float64(a.wall)/float64(b.wall))
		cpus = append(cpus, float64(a.cpu)/float64(b.cpu))
		mine, other = append(mine, a), append(other, b)
	}
	return contest{median(walls), median(cpus), typical(mine), typical(other)}, nil
}

// typical is the median of each figure on its own.
func typical(costs []cost) cost {
	var walls, cpus []time.Duration
	var memory []int64
	for _, c := range costs {
		walls, cpus, memory = append(walls, c.wall), append(cpus, c.cpu), append(memory, c.memory)
	}
	return cost{median(walls), median(cpus), median(memory)}
}

func median[T int64 | float64 | time.Duration](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}
