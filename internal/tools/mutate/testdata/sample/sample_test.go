package sample

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWrite(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	if write(f, "") == nil {
		t.Error("an empty text is written")
	}
	if err := write(f, "text"); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestStep(t *testing.T) {
	if done, err := new(line).step("end"); !done || err != nil || len(words()) != 2 || patience == 0 || size("big") == size("small") {
		t.Error(done, err)
	}
}
