package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// report is the result of a run.
type report struct {
	lasted time.Duration
	cpu    time.Duration // the processor time of the server
	acts   map[string]*act
	made   int // acknowledged codes
	unsure int // codes whose last change received no response
	left   int // codes that the restarted server lists
	lost   []string
}

// add adds the counts of a worker.
func (r *report) add(w *worker) {
	for name, done := range w.acts {
		if r.acts[name] == nil {
			r.acts[name] = &act{}
		}
		sum := r.acts[name]
		sum.done, sum.took, sum.wrong = sum.done+done.done, sum.took+done.took, append(sum.wrong, done.wrong...)
	}
}

// compare compares the acknowledged codes of the workers with the codes that the server lists.
func (r *report) compare(s *server, workers []*worker) error {
	listed, err := listAll(newClient(s, true))
	if err != nil {
		return err
	}
	r.left = len(listed)
	for _, w := range workers {
		for _, c := range w.codes {
			disabled, exists := listed[c.id]
			delete(listed, c.id)
			switch {
			case c.unsure:
				r.unsure++
				continue
			case exists == c.deleted:
				r.lost = append(r.lost, fmt.Sprintf("%s: deleted %t, listed %t", c.id, c.deleted, exists))
			case exists && disabled != c.disabled:
				r.lost = append(r.lost, fmt.Sprintf("%s: disabled %t, listed as %t", c.id, c.disabled, disabled))
			}
			r.made++
		}
	}
	if len(listed) > r.unsure {
		r.lost = append(r.lost, fmt.Sprintf("%d codes that no worker created", len(listed)))
	}
	return nil
}

// listAll returns all codes of the server, and whether they are disabled.
func listAll(c *client) (map[string]bool, error) {
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

// requests returns the number of requests, and of wrong responses.
func (r *report) requests() (done, wrong int) {
	for _, a := range r.acts {
		done, wrong = done+a.done, wrong+len(a.wrong)
	}
	return done, wrong
}

// bad reports whether the run has failed.
func (r *report) bad() bool {
	done, wrong := r.requests()
	return done == 0 || wrong > 0 || len(r.lost) > 0
}

// table returns a line for each action, and the first errors.
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

// line returns the result of the run.
func (r *report) line() string {
	done, wrong := r.requests()
	return fmt.Sprintf("load: requests=%d seconds=%.0f rate=%.0f/s server-cpu=%s wrong=%d codes=%d unsure=%d left=%d lost=%d",
		done, r.lasted.Seconds(), float64(done)/r.lasted.Seconds(), r.cpu, wrong, r.made, r.unsure, r.left, len(r.lost))
}
