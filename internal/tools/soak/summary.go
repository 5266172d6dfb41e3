package main

import (
	"fmt"
	"strings"
)

// counts are the results of trials.
type counts struct{ trials, made, delivered, recovered, lost, duplicated int }

func (c *counts) add(o counts) {
	c.trials += o.trials
	c.made += o.made
	c.delivered += o.delivered
	c.recovered += o.recovered
	c.lost += o.lost
	c.duplicated += o.duplicated
}

// summary has the results of a run by kind of trial.
type summary struct {
	names []string
	kinds map[string]*counts
}

func (s *summary) add(kind string, c counts) {
	if s.kinds[kind] == nil {
		s.names = append(s.names, kind)
		s.kinds[kind] = &counts{}
	}
	s.kinds[kind].add(c)
}

func (s *summary) total() counts {
	var sum counts
	for _, c := range s.kinds {
		sum.add(*c)
	}
	return sum
}

func (s *summary) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-26s %7s %7s %9s %9s %5s %10s\n", "trial", "trials", "made", "delivered", "recovered", "lost", "duplicated")
	for _, name := range s.names {
		c := s.kinds[name]
		fmt.Fprintf(&b, "%-26s %7d %7d %9d %9d %5d %10d\n", name, c.trials, c.made, c.delivered, c.recovered, c.lost, c.duplicated)
	}
	return b.String()
}

func (s *summary) line() string {
	c := s.total()
	return fmt.Sprintf("soak: trials=%d made=%d delivered=%d recovered=%d lost=%d duplicated=%d",
		c.trials, c.made, c.delivered, c.recovered, c.lost, c.duplicated)
}
