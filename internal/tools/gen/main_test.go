package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestCommittedFilesAreUpToDate(t *testing.T) {
	fresh, root := t.TempDir(), filepath.Join("..", "..", "..")
	if err := generate(fresh); err != nil {
		t.Fatal(err)
	}
	for _, folder := range generated() {
		want, got := read(t, filepath.Join(fresh, folder)), read(t, filepath.Join(root, folder))
		for name, text := range want {
			if !bytes.Equal(text, got[name]) {
				t.Errorf("%s is out of date: run make gen", filepath.Join(folder, name))
			}
		}
		for name := range got {
			if want[name] == nil {
				t.Errorf("%s is no longer generated: delete it", filepath.Join(folder, name))
			}
		}
	}
}

func read(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		if files[entry.Name()], err = os.ReadFile(filepath.Join(folder, entry.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}
