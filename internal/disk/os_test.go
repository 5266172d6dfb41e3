package disk_test

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"

	"ecs-activation/internal/disk"
)

func TestReadFileHasALimit(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path string
		most int64
		want error
	}{
		{path, 5, nil},
		{path, math.MaxInt64, nil},
		{path, 4, disk.ErrTooLarge},
		{folder, 5, disk.ErrNotRegular},
		{filepath.Join(folder, "none"), 5, fs.ErrNotExist},
	} {
		content, err := disk.ReadFile(test.path, test.most)
		if !errors.Is(err, test.want) || err == nil && string(content) != "12345" {
			t.Errorf("%s, at most %d: %q, %v, want %v", test.path, test.most, content, err, test.want)
		}
	}
}

func TestAHugeFileIsNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge")
	f, err := os.Create(path)
	if err == nil {
		err = errors.Join(f.Truncate(2<<30), f.Close()) // sparse
	}
	if err != nil {
		t.Skip(err)
	}
	allocated := testing.AllocsPerRun(1, func() {
		if _, err := disk.ReadFile(path, 1<<20); !errors.Is(err, disk.ErrTooLarge) {
			t.Error(err)
		}
		if _, err := (disk.OS{}).Read(path, 1<<20); !errors.Is(err, disk.ErrTooLarge) {
			t.Error(err)
		}
	})
	if allocated > 50 {
		t.Errorf("%v allocations", allocated)
	}
}

func TestNoMethodFollowsASymbolicLink(t *testing.T) {
	folder := t.TempDir()
	target, link, dangling := filepath.Join(folder, "target"), filepath.Join(folder, "link"), filepath.Join(folder, "dangling")
	if err := os.WriteFile(target, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink("target", link), os.Symlink("none", dangling)); err != nil {
		t.Skip(err)
	}
	var o disk.OS
	for _, path := range []string{link, dangling} {
		_, read := o.Read(path, 9)
		_, appended := o.Append(path)
		_, locked := o.TryLock(path)
		for what, err := range map[string]error{"read": read, "append": appended, "lock": locked, "chmod": o.Chmod(path, 0o600)} {
			if !errors.Is(err, disk.ErrNotRegular) {
				t.Errorf("%s of %s: %v", what, path, err)
			}
		}
		if _, err := o.Create(path); !errors.Is(err, fs.ErrExist) {
			t.Errorf("create of %s: %v", path, err)
		}
	}
	if info, err := os.Stat(target); err != nil || os.PathSeparator == '/' && info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := os.Lstat(filepath.Join(folder, "none")); err == nil {
		t.Error("a file was created through a symbolic link")
	}
	if content, err := disk.ReadFile(link, 9); err != nil || string(content) != "x" {
		t.Errorf("ReadFile of a link: %q, %v", content, err)
	}
	if _, err := disk.ReadFile(dangling, 9); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("ReadFile of a dangling link: %v", err)
	}
}

func TestErrorsNameTheKindOfFile(t *testing.T) {
	folder := t.TempDir()
	_, read := disk.OS{}.Read(folder, 9)
	_, locked := disk.OS{}.TryLock(folder)
	for _, test := range []struct {
		err  error
		want string
	}{
		{read, "open " + folder + ": not a regular file but a folder"},
		{locked, "lock " + folder + ": not a regular file but a folder"},
	} {
		if test.err == nil || test.err.Error() != test.want {
			t.Errorf("%v, want %s", test.err, test.want)
		}
	}
}
