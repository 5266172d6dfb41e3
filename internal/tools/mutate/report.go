package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// report is the result of a run.
type report struct {
	reasons map[string]string // the reasons why mutants are equivalent, by ID
	known   []mutant          // all mutants
	chosen  []mutant
	results []result
}

// list returns a line for each mutant.
func (r *report) list() string {
	var b strings.Builder
	for _, m := range r.chosen {
		fmt.Fprintf(&b, "%-10s %s\n", m.kind, m.id)
	}
	return b.String()
}

// text returns a line for each mutant that survived without a reason, and for each wrong reason.
func (r *report) text() string {
	var b strings.Builder
	for _, got := range r.results {
		if r.outcome(got) == "survived" {
			fmt.Fprintf(&b, "survived: %s (line %d)\n", got.id, got.line)
		}
	}
	for _, line := range r.mistakes() {
		fmt.Fprintln(&b, line)
	}
	return b.String()
}

// outcome returns the column that a result is counted in.
func (r *report) outcome(got result) string {
	if got.verdict == survived && r.reasons[got.id] != "" {
		return "equivalent"
	}
	return string(got.verdict)
}

// mistakes returns the errors in equivalent.txt.
func (r *report) mistakes() (lines []string) {
	left := maps.Clone(r.reasons)
	for _, m := range r.known {
		delete(left, m.id)
	}
	for _, id := range slices.Sorted(maps.Keys(left)) {
		lines = append(lines, fmt.Sprintf("equivalent.txt: unknown mutant %q", id))
	}
	for _, got := range r.results {
		if r.reasons[got.id] != "" && got.verdict != survived {
			lines = append(lines, fmt.Sprintf("equivalent.txt: %q is %s%s", got.id, got.verdict, got.by))
		}
	}
	return lines
}

// bad reports whether the run has failed.
func (r *report) bad() bool { return r.count("survived") > 0 || len(r.mistakes()) > 0 }

// line returns the result of the run. Mutants that do not compile are not counted.
func (r *report) line() string {
	return fmt.Sprintf("mutate: mutants=%d noticed=%d equivalent=%d survived=%d",
		r.count(""), r.count("noticed"), r.count("equivalent"), r.count("survived"))
}

// count returns the number of results with an outcome, or of all results if it is "".
func (r *report) count(outcome string) (n int) {
	for _, got := range r.results {
		if got.verdict != broken && (outcome == "" || r.outcome(got) == outcome) {
			n++
		}
	}
	return n
}
