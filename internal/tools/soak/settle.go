package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// code is what a create hands over.
type code struct{ ActivationId, ActivationCode, InstanceName string }

func (w *world) file(name string) string { return filepath.Join(w.folder, name) }

// codesIn returns the codes that were handed over on an output: each whole JSON object with a
// code. What was cut short is none.
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

// takeFile adds the code that was saved to others. A file that is there must be whole.
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
		return fmt.Errorf("the saved file is not whole: %q", content)
	}
	*others = append(*others, saved...)
	return nil
}

// settle lets recover finish what the accident left, and counts.
func (w *world) settle() (counts, error) {
	if err := w.takeFile(&w.delivered); err != nil {
		return counts{}, err
	}
	if err := w.recover("--all"); err != nil {
		return counts{}, err
	}
	if err := errors.Join(w.takeFile(&w.recovered), w.prove()); err != nil {
		return counts{}, err
	}
	held, err := w.held()
	return w.count(held), err
}

// recover runs recover until it succeeds. The service goes on misbehaving for the first few
// times.
func (w *world) recover(which string) error {
	var err error
	for try := range 30 {
		if try == 4 {
			delete(w.env, "ECS_ACTIVATION_SANDBOX_FAULT")
		}
		var out []byte
		out, err = w.command("recover", which, "-o", "jsonl").Output()
		if w.recovered = append(w.recovered, codesIn(out)...); err == nil {
			return nil
		}
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("recover does not come to an end: %w: %s", err, exit.Stderr)
	}
	return fmt.Errorf("recover does not come to an end: %w", err)
}

// held is what the sandbox holds.
func (w *world) held() ([]code, error) {
	out, err := w.command("sandbox", "dump").Output()
	if err != nil {
		return nil, err
	}
	var list []code
	return list, json.Unmarshal(out, &list)
}

// prove lets a machine register with every code that was handed over: it must be the real one.
func (w *world) prove() error {
	done := map[code]bool{}
	for _, c := range slices.Concat(w.delivered, w.recovered) {
		if done[c] {
			continue
		}
		done[c] = true
		if out, err := w.command("sandbox", "register", c.ActivationId, c.ActivationCode).CombinedOutput(); err != nil {
			return fmt.Errorf("a code that was handed over is not the real one: %w: %s", err, out)
		}
	}
	return nil
}

// count compares what was made with what was handed over. Each create has a name of its own:
// a second code of that name is a duplicate.
func (w *world) count(held []code) counts {
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

func ids(codes []code) map[string]bool {
	set := map[string]bool{}
	for _, c := range codes {
		set[c.ActivationId] = true
	}
	return set
}
