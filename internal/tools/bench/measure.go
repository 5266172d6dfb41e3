package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// program is a command line with its environment.
type program struct {
	ctx   context.Context
	path  string
	args  []string
	env   []string
	input string // standard input

	prepare func() error // called before each run and not measured
}

// cost is the time and memory of one run.
type cost struct {
	wall, cpu time.Duration
	memory    int64 // peak memory in bytes; 0: not known on this system
}

// command returns the command to run.
func (p program) command() *exec.Cmd {
	cmd := exec.CommandContext(p.ctx, p.path, p.args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, p.env...)
	cmd.Stdin = strings.NewReader(p.input)
	return cmd
}

// run runs the program once. Its output goes to the null device, which is the fastest reader.
func (p program) run() (cost, error) {
	if p.prepare != nil {
		if err := p.prepare(); err != nil {
			return cost{}, err
		}
	}
	cmd := p.command()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("%s %s: %w: %s", p.path, strings.Join(p.args, " "), err, stderr.Bytes())
	}
	wall, state := time.Since(begun), cmd.ProcessState
	return cost{wall, state.UserTime() + state.SystemTime(), peak(state)}, nil
}

// digest returns the number of lines that the program prints, and the sum of their hashes, which does not
// depend on their order.
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

// comparison is the median of pairs of runs.
type comparison struct {
	wall, cpu    float64 // ratios, ours to theirs
	ours, theirs cost
}

// compare runs both programs in turn. The first pair is a warm-up and not counted.
func compare(ours, theirs program, rounds int) (comparison, error) {
	var walls, cpus []float64
	var mine, other []cost
	for n := range rounds + 1 {
		a, err := ours.run()
		if err != nil {
			return comparison{}, err
		}
		b, err := theirs.run()
		if err != nil {
			return comparison{}, err
		}
		if n == 0 {
			continue
		}
		walls = append(walls, float64(a.wall)/float64(b.wall))
		cpus = append(cpus, float64(a.cpu)/float64(b.cpu))
		mine, other = append(mine, a), append(other, b)
	}
	return comparison{median(walls), median(cpus), typical(mine), typical(other)}, nil
}

// typical returns the median of each value.
func typical(costs []cost) cost {
	var walls, cpus []time.Duration
	var memory []int64
	for _, c := range costs {
		walls, cpus, memory = append(walls, c.wall), append(cpus, c.cpu), append(memory, c.memory)
	}
	return cost{median(walls), median(cpus), median(memory)}
}

// median returns the median of values.
func median[T int64 | float64 | time.Duration](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}
