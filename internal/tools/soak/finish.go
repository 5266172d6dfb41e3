package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// code is a code that was delivered.
type code struct{ ActivationId, ActivationCode, InstanceName string }

// file returns the path of a file in the folder of the trial.
func (w *world) file(name string) string { return filepath.Join(w.folder, name) }

// codesIn returns the codes in an output: each complete JSON object with a code.
func codesIn(out []byte) (codes []code) {
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var c code
		if decoder.Decode(&c) != nil {
			return codes
		}
		if c.ActivationCode != "" {
			codes = append(codes, c)
		}
	}
}

// takeFile adds the code in the saved file to others. If the file exists, it must be complete.
func (w *world) takeFile(others *[]code) error {
	content, err := os.ReadFile(w.file("code.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	saved := codesIn(content)
	if len(saved) != 1 {
		return fmt.Errorf("the saved file is not complete: %q", content)
	}
	*others = append(*others, saved...)
	return nil
}

// finish runs recover after the failure, and counts the codes.
func (w *world) finish() (counts, error) {
	if err := w.takeFile(&w.delivered); err != nil {
		return counts{}, err
	}
	if err := w.recover("--all"); err != nil {
		return counts{}, err
	}
	if err := errors.Join(w.takeFile(&w.recovered), registerAll(w)); err != nil {
		return counts{}, err
	}
	held, err := w.held()
	return count(w, held), err
}

// recover runs recover until it succeeds. The faults of the sandbox are turned off after four attempts.
func (w *world) recover(which string) error {
	var err error
	for try := range 30 {
		if try == 4 {
			delete(w.env, "ECS_ACTIVATION_SANDBOX_FAULT")
		}
		var out []byte
		out, err = w.read("recover", which, "-o", "jsonl")
		if w.recovered = append(w.recovered, codesIn(out)...); err == nil {
			return nil
		}
	}
	return err
}

// held returns the codes in the sandbox.
func (w *world) held() ([]code, error) {
	out, err := w.read("sandbox", "dump")
	if err != nil {
		return nil, err
	}
	var list []code
	return list, json.Unmarshal(out, &list)
}

// registerAll registers a machine with every delivered code, to check that the codes are valid.
func registerAll(w *world) error {
	done := map[code]bool{}
	for _, c := range slices.Concat(w.delivered, w.recovered) {
		if done[c] {
			continue
		}
		done[c] = true
		if _, err := w.read("sandbox", "register", c.ActivationId, c.ActivationCode); err != nil {
			return fmt.Errorf("a delivered code is not valid: %w", err)
		}
	}
	return nil
}

// count compares the codes in the sandbox with the delivered codes. Each create has a unique name, so a
// second code with the same name is a duplicate.
func count(w *world, held []code) counts {
	delivered, all := ids(w.delivered), ids(slices.Concat(w.delivered, w.recovered))
	c := counts{trials: 1, made: len(held), delivered: len(delivered), recovered: len(all) - len(delivered)}
	names := map[string]int{}
	for _, h := range held {
		if !all[h.ActivationId] {
			c.lost++
		}
		if names[h.InstanceName]++; names[h.InstanceName] > 1 {
			c.duplicated++
		}
	}
	return c
}

// ids returns the ActivationIds of codes.
func ids(codes []code) map[string]bool {
	set := map[string]bool{}
	for _, c := range codes {
		set[c.ActivationId] = true
	}
	return set
}
