package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
)

// readOnly makes the records read-only between a create and recover, which must still list them and
// deliver the code.
func readOnly(w *world) error {
	if err := unfinished(w); err != nil {
		return err
	}
	before, err := records(w)
	if err != nil || len(before) == 0 {
		return err // it was killed before it wrote a record
	}
	leave, err := asNobody(w)
	if errors.Is(err, errors.ErrUnsupported) {
		fmt.Println("soak: skipping read-only state:", err)
		return nil
	}
	if err != nil {
		return err
	}
	folder := w.file("ecs-activation/pending")
	if err := chmodAll(folder, 0o400, 0o500); err != nil {
		return err
	}
	err = recoverReadOnly(w, before)
	leave()
	return errors.Join(err, chmodAll(folder, 0o600, 0o700))
}

// recoverReadOnly checks that recover lists the same records as before, and recovers them.
func recoverReadOnly(w *world, before map[string]bool) error {
	listed, err := records(w)
	if err != nil {
		return err
	}
	if !maps.Equal(listed, before) {
		return fmt.Errorf("recover lists %v of read-only records, and %v before", listed, before)
	}
	return w.recover("--all")
}

// records returns the tokens that recover lists.
func records(w *world) (map[string]bool, error) {
	out, err := w.read("recover", "-o", "json")
	if err != nil {
		return nil, err
	}
	var list []struct{ ClientToken string }
	if err := json.Unmarshal(out, &list); err != nil {
		return nil, err
	}
	tokens := map[string]bool{}
	for _, r := range list {
		tokens[r.ClientToken] = true
	}
	return tokens, nil
}

// chmodAll changes the permissions of the files in a folder, and of the folder.
func chmodAll(folder string, file, self fs.FileMode) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*"))
	for _, path := range paths {
		err = errors.Join(err, os.Chmod(path, file))
	}
	return errors.Join(err, os.Chmod(folder, self))
}
