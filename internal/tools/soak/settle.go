package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// code is what a create hands over.
type code struct{ ActivationId, ActivationCode, InstanceName string }

func (w *world) file(name string) string { return filepath.Join(w.folder, name) }

// take notes what was handed over on an output: a whole JSON object with a code. An output cut
// short hands over nothing.
func (w *world) take(out []byte) {
	var c code
	if json.Unmarshal(out, &c) == nil && c.ActivationCode != "" {
		w.delivered = append(w.delivered, c)
	}
}

// takeFile notes what was saved. A file that is there must be whole.
func (w *world) takeFile() error {
	content, err := os.ReadFile(w.file("code.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	before := len(w.delivered)
	if w.take(content); len(w.delivered) == before {
		return fmt.Errorf("the saved file is not whole: %q", content)
	}
	return nil
}

// settle lets recover finish what the accident left, and counts.
func (w *world) settle() (counts, error) {
	if err := w.takeFile(); err != nil {
		return counts{}, err
	}
	delivered := ids(w.delivered)
	for _, step := range []func() error{w.recover, w.takeFile, w.prove} {
		if err := step(); err != nil {
			return counts{}, err
		}
	}
	held, err := w.held()
	return w.count(held, delivered), err
}

// recover runs recover --all until it succeeds. The service goes on misbehaving for the first
// few times.
func (w *world) recover() error {
	var err error
	for try := range 12 {
		if try == 4 {
			delete(w.env, "ECS_ACTIVATION_SANDBOX_FAULT")
		}
		var out []byte
		out, err = w.command("recover", "--all", "-o", "json").Output()
		var list []code
		if json.Unmarshal(out, &list) == nil {
			for _, c := range list {
				if c.ActivationCode != "" {
					w.delivered = append(w.delivered, c)
				}
			}
		}
		if err == nil {
			return nil
		}
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
	done := map[string]bool{}
	for _, c := range w.delivered {
		if done[c.ActivationId] {
			continue
		}
		done[c.ActivationId] = true
		if out, err := w.command("sandbox", "register", c.ActivationId, c.ActivationCode).CombinedOutput(); err != nil {
			return fmt.Errorf("a code that was handed over is not the real one: %w: %s", err, out)
		}
	}
	return nil
}

// count compares what was made with what was handed over. Each create has a name of its own:
// a second code of that name is a duplicate.
func (w *world) count(held []code, delivered map[string]bool) counts {
	c := counts{trials: 1, made: len(held), delivered: len(delivered)}
	all, names := ids(w.delivered), map[string]int{}
	for _, h := range held {
		if !all[h.ActivationId] {
			c.lost++
		}
		if names[h.InstanceName]++; names[h.InstanceName] > 1 {
			c.duplicated++
		}
	}
	c.recovered = len(all) - len(delivered)
	return c
}

func ids(codes []code) map[string]bool {
	set := map[string]bool{}
	for _, c := range codes {
		set[c.ActivationId] = true
	}
	return set
}
