package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"go/build"
	"path/filepath"
	"slices"
	"strings"
)

// options has the command-line options: which mutants to run, and how.
type options struct {
	pkg, file, only string
	kinds           string // joined by commas; empty or "all": every kind
	quick           bool   // only the first tests of a target
	sample          int
	jobs            int
	verbose         bool
	equivalents     string // the content of equivalent.txt
}

// mutate finds the mutants of all targets and runs those that the options select. With listOnly it runs
// none.
func mutate(ctx context.Context, root string, targets []target, o options, listOnly bool) (*report, error) {
	reasons, err := readEquivalents(o.equivalents)
	if err != nil {
		return nil, err
	}
	all, err := findAll(root, targets)
	if err != nil {
		return nil, err
	}
	r := &report{reasons: reasons, known: all, chosen: o.choose(all)}
	if len(r.chosen) == 0 {
		return nil, fmt.Errorf("no mutant matches the options; -list prints all mutants")
	}
	if !listOnly {
		r.results, err = run(ctx, root, r.chosen, o)
	}
	return r, err
}

// findAll returns the mutants of all files of the targets that are compiled on this system.
func findAll(root string, targets []target) ([]mutant, error) {
	var all []mutant
	for _, t := range targets {
		for _, pattern := range t.files {
			paths, err := filepath.Glob(filepath.Join(root, pattern))
			if err != nil || len(paths) == 0 {
				return nil, fmt.Errorf("no file matches %s", pattern)
			}
			for _, path := range paths {
				folder, name := filepath.Split(path)
				if compiled, err := build.Default.MatchFile(folder, name); err != nil || !compiled || strings.HasSuffix(name, "_test.go") {
					continue
				}
				found, err := findInFile(root, path, t.tests)
				if err != nil {
					return nil, err
				}
				all = append(all, found...)
			}
		}
	}
	return all, nil
}

// choose returns the mutants that the options select, in the order of the source.
func (o options) choose(all []mutant) []mutant {
	chosen := slices.DeleteFunc(slices.Clone(all), func(m mutant) bool {
		return o.pkg != "" && filepath.Dir(m.file) != strings.TrimPrefix(o.pkg, "internal/") ||
			o.file != "" && m.file != strings.TrimPrefix(o.file, "internal/") ||
			o.only != "" && m.id != o.only ||
			o.only == "" && o.kinds != "" && o.kinds != "all" && !slices.Contains(strings.Split(o.kinds, ","), string(m.kind))
	})
	for i := range chosen {
		if o.quick {
			chosen[i].tests = chosen[i].tests[:1]
		}
	}
	if o.sample <= 0 || o.sample >= len(chosen) {
		return chosen
	}
	byHash := slices.Clone(chosen)
	slices.SortFunc(byHash, func(a, b mutant) int { return cmp.Compare(hash(a.id), hash(b.id)) })
	limit := hash(byHash[o.sample].id)
	return slices.DeleteFunc(chosen, func(m mutant) bool { return hash(m.id) >= limit })
}

// hash returns the hash of an ID, by which a sample is selected.
func hash(id string) string {
	sum := sha256.Sum256([]byte(id))
	return string(sum[:])
}
