package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadFileFollowsSymbolicLinks(t *testing.T) {
	folder := t.TempDir()
	path, link := filepath.Join(folder, "file"), filepath.Join(folder, "link")
	write(t, path, "four")
	for _, name := range []string{path, link} {
		if name == link && os.Symlink("file", link) != nil {
			continue // this system or this user cannot create symbolic links
		}
		if content, err := ReadFile(name, 4); string(content) != "four" || err != nil {
			t.Errorf("%s: %q, %v", name, content, err)
		}
	}
	if _, err := ReadFile(filepath.Join(folder, "none"), 4); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that does not exist: %v", err)
	}
}

func TestReadFileDoesNotReadALargeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "hunter2")
	if _, err := ReadFile(path, 6); !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("one byte too many: %v", err)
	}
	if err := os.Truncate(path, 2<<30); err != nil {
		t.Fatal(err)
	}
	allocated := testing.AllocsPerRun(1, func() {
		if _, err := ReadFile(path, 1<<20); !errors.Is(err, ErrTooLarge) {
			t.Errorf("2 GiB: %v", err)
		}
	})
	if allocated > 20 {
		t.Errorf("%v allocations for a file that is not read", allocated)
	}
}

func TestReadFileOfAFolderIsAnError(t *testing.T) {
	folder := t.TempDir()
	if _, err := ReadFile(folder, 10); !errors.Is(err, ErrNotRegular) || !strings.Contains(err.Error(), "not a regular file but a folder") {
		t.Errorf("%v", err)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
