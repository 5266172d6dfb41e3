package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// report is what came of a run.
type report struct {
	lasted time.Duration
	cpu    time.Duration // of the server
	acts   map[string]*act
	made   int // codes that were acknowledged
	unsure int // codes whose last change was not answered
	left   int // codes that the second server lists
	lost   []string
}

// add takes over what a worker has counted.
func (r *report) add(w *worker) {
	for name, done := range w.acts {
		if r.acts[name] == nil {
			r.acts[name] = &act{}
		}
		sum := r.acts[name]
		sum.done, sum.took, sum.wrong = sum.done+done.done, sum.took+done.took, append(sum.wrong, done.wrong...)
	}
}

// settle compares what the workers were told with what the server lists now.
func (r *report) settle(s *server, workers []*worker) error {
	listed, err := everything(newClient(s, true))
	if err != nil {
		return err
	}
	r.left = len(listed)
	for _, w := range workers {
		for _, c := range w.codes {
			disabled, there := listed[c.id]
			delete(listed, c.id)
			switch {
			case c.unsure:
				r.unsure++
				continue
			case there == c.deleted:
				r.lost = append(r.lost, fmt.Sprintf("%s: deleted %t, listed %t", c.id, c.deleted, there))
			case there && disabled != c.disabled:
				r.lost = append(r.lost, fmt.Sprintf("%s: disabled %t, listed as %t", c.id, c.disabled, disabled))
			}
			r.made++
		}
	}
	if len(listed) > r.unsure {
		r.lost = append(r.lost, fmt.Sprintf("%d codes that nobody asked for", len(listed)))
	}
	return nil
}

// everything is every code that the server holds, with whether it is disabled.
func everything(c *client) (map[string]bool, error) {
	listed := map[string]bool{}
	for token := ""; ; {
		page, err := c.call("DescribeActivations", "MaxResults", "50", "NextToken", token)
		if err == nil && page.status != 200 {
			err = fmt.Errorf("cannot list: %d %s", page.status, page.Code)
		}
		if err != nil {
			return nil, err
		}
		for _, a := range page.ActivationList {
			listed[a.ActivationId] = a.Disabled
		}
		if token = page.NextToken; token == "" {
			return listed, nil
		}
	}
}

func (r *report) requests() (done, wrong int) {
	for _, a := range r.acts {
		done, wrong = done+a.done, wrong+len(a.wrong)
	}
	return done, wrong
}

func (r *report) bad() bool {
	done, wrong := r.requests()
	return done == 0 || wrong > 0 || len(r.lost) > 0
}

// table has a line for each action, and then some of what went wrong.
func (r *report) table() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.acts)) {
		a := r.acts[name]
		fmt.Fprintf(&b, "%-20s %8d  %6.0f/s  mean %s\n", name, a.done, float64(a.done)/r.lasted.Seconds(), (a.took / time.Duration(max(a.done, 1))).Round(10*time.Microsecond))
	}
	for _, a := range r.acts {
		for _, wrong := range a.wrong[:min(len(a.wrong), 5)] {
			fmt.Fprintf(&b, "wrong: %s\n", wrong)
		}
	}
	for _, lost := range r.lost[:min(len(r.lost), 20)] {
		fmt.Fprintf(&b, "lost: %s\n", lost)
	}
	return b.String()
}

func (r *report) line() string {
	done, wrong := r.requests()
	return fmt.Sprintf("load: requests=%d seconds=%.0f rate=%.0f/s server-cpu=%s wrong=%d codes=%d unsure=%d left=%d lost=%d",
		done, r.lasted.Seconds(), float64(done)/r.lasted.Seconds(), r.cpu, wrong, r.made, r.unsure, r.left, len(r.lost))
}
