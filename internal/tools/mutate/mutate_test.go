package main

import (
	"context"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	root   = "../../.."
	sample = "tools/mutate/testdata/sample/sample.go "
)

func sampleTargets() []target {
	folder := "internal/tools/mutate/testdata/sample"
	return []target{{files: []string{folder + "/*.go"}, tests: []test{{pkg: folder}}}}
}

func try(t *testing.T, o options, listOnly bool) *report {
	t.Helper()
	r, err := mutate(context.Background(), root, sampleTargets(), o, listOnly)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryKindOfChangeIsFound(t *testing.T) {
	want, err := os.ReadFile(filepath.Join("testdata", "sample.txt"))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(try(t, options{}, true).list(), sample, "")
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, k := range kinds() {
		if !strings.Contains("\n"+got, "\n"+string(k)+" ") {
			t.Errorf("no mutant of kind %s", k)
		}
	}
}

func TestMutantsCanBeParsedAndDiffer(t *testing.T) {
	all, err := findAll(root, append(sampleTargets(), targets()...))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, m := range all {
		source, err := os.ReadFile(filepath.Join(root, m.path))
		if err != nil {
			t.Fatal(err)
		}
		changed := m.apply(source)
		if _, err := parser.ParseFile(token.NewFileSet(), m.path, changed, 0); err != nil || string(changed) == string(source) || ids[m.id] {
			t.Errorf("%s: %v", m.id, err)
		}
		ids[m.id] = true
	}
}

// The source files are not modified: the compiler receives the mutant as an overlay.
func TestSomeMutantsAreNoticedAndOthersSurvive(t *testing.T) {
	want := map[string]verdict{
		`write: never text == ""`:    noticed,
		"write: f.Sync() dropped":    survived,
		`words: element "b" dropped`: noticed,
		"size: default dropped":      broken, // the function would not return
	}
	chosen := slices.DeleteFunc(try(t, options{}, true).chosen, func(m mutant) bool {
		return want[strings.TrimPrefix(m.id, sample)] == ""
	})
	results, err := run(context.Background(), root, chosen, options{jobs: 2})
	if err != nil || len(results) != len(want) {
		t.Fatalf("%d results, %v", len(results), err)
	}
	for _, got := range results {
		if id := strings.TrimPrefix(got.id, sample); got.verdict != want[id] {
			t.Errorf("%s: %s%s, want %s", id, got.verdict, got.by, want[id])
		}
	}
}

func TestFailingTestsWithoutAChangeAreAnError(t *testing.T) {
	targets := sampleTargets()
	targets[0].tests = []test{{pkg: "internal/tools/mutate/testdata/sample", run: "("}}
	if _, err := mutate(context.Background(), root, targets, options{}, false); err == nil || !strings.Contains(err.Error(), "without a change") {
		t.Errorf("got %v", err)
	}
}

func TestASampleIsDeterministic(t *testing.T) {
	all := try(t, options{}, true).chosen
	few := options{sample: 5}.choose(all)
	slices.Reverse(all)
	again := options{sample: 5}.choose(all)
	slices.Reverse(again)
	same := slices.EqualFunc(few, again, func(a, b mutant) bool { return a.id == b.id })
	if len(few) != 5 || !same {
		t.Errorf("%d mutants, then %d", len(few), len(again))
	}
}

func TestAnEquivalentMutantNeedsAReason(t *testing.T) {
	for _, list := range []string{"an ID", "an ID — ", "A — x\nA — y"} {
		if _, err := readEquivalents(list); err == nil {
			t.Errorf("%q has no error", list)
		}
	}
	reasons, err := readEquivalents("# a comment\n\nA — x\nB — y\nC — z\n")
	if err != nil {
		t.Fatal(err)
	}
	a, b, d := mutant{id: "A", file: "f.go", kind: syncing}, mutant{id: "B", file: "f.go"}, mutant{id: "D", file: "g.go"}
	r := &report{reasons: reasons, known: []mutant{a, b, d}, results: []result{{a, survived, ""}, {b, noticed, ": T"}, {d, survived, ""}}}
	if got, want := r.line(), "mutate: mutants=3 noticed=1 equivalent=1 survived=1"; got != want || !r.bad() {
		t.Errorf("%s, want %s", got, want)
	}
	want := "survived: D (line 0)\nequivalent.txt: unknown mutant \"C\"\nequivalent.txt: \"B\" is noticed: T\n"
	if got := r.text(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
