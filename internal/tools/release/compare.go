package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// notBuilt has the files that goreleaser writes about its own run: its date, its settings, and the files in the order in
// which they were finished. They are no part of a release.
var notBuilt = []string{"metadata.json", "config.yaml", "artifacts.json"}

// compare returns an error with the names of all files that are not the same in both folders.
func compare(first, second string) error {
	names, size, err := filesIn(first)
	if err != nil {
		return err
	}
	others, _, err := filesIn(second)
	if err != nil {
		return err
	}
	var problems []error
	for _, name := range names {
		if !slices.Contains(others, name) {
			problems = append(problems, fmt.Errorf("%s is only in %s", name, first))
		} else if err := sameFile(filepath.Join(first, name), filepath.Join(second, name)); err != nil {
			problems = append(problems, err)
		}
	}
	for _, name := range others {
		if !slices.Contains(names, name) {
			problems = append(problems, fmt.Errorf("%s is only in %s", name, second))
		}
	}
	if len(names) == 0 {
		problems = append(problems, fmt.Errorf("%s has no files", first))
	}
	if len(problems) == 0 {
		fmt.Printf("%d files with %d bytes are the same in both builds\n", len(names), size)
	}
	return errors.Join(problems...)
}

// filesIn returns the names of all files below a folder and their size, without those in notBuilt.
func filesIn(folder string) (names []string, size int64, err error) {
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil || slices.Contains(notBuilt, name) {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		names, size = append(names, name), size+info.Size()
		return nil
	})
	return names, size, err
}

func sameFile(first, second string) error {
	a, err := os.ReadFile(first)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(second)
	if err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		return fmt.Errorf("%s and %s differ", first, second)
	}
	return nil
}
