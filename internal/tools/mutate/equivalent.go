package main

import (
	_ "embed" // the list is part of the program
	"fmt"
	"strings"
)

//go:embed equivalent.txt
var equivalents string

// readEquivalents parses the list of mutants that behave like the original program. Each line has an ID
// and a reason. Empty lines and lines that start with # are ignored.
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
			return nil, fmt.Errorf("equivalent.txt: duplicate entry %q", id)
		}
		reasons[id] = reason
	}
	return reasons, nil
}
