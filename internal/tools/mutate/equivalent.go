package main

import (
	_ "embed" // the list is part of the program
	"fmt"
	"strings"
)

//go:embed equivalent.txt
var equivalents string

// readEquivalents reads the list of mutants that no test can notice: an ID and a reason a line.
// Empty lines and lines that begin with # are left out.
func readEquivalents(list string) (map[string]string, error) {
	reasons := map[string]string{}
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, reason, found := strings.Cut(line, " — ")
		if !found || strings.TrimSpace(reason) == "" {
			return nil, fmt.Errorf("equivalent.txt: no reason in %q", line)
		}
		if _, twice := reasons[id]; twice {
			return nil, fmt.Errorf("equivalent.txt: %q is there twice", id)
		}
		reasons[id] = reason
	}
	return reasons, nil
}
