package disk_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"ecs-activation/internal/disk"
	"ecs-activation/internal/disk/disktest"
)

// contract lists the tests that every implementation of FS must pass.
var contract = map[string]func(t *testing.T, f trial){
	"a new file is private and contains the written data": func(t *testing.T, f trial) {
		f.put("new", "one")
		f.holds("new", "one")
		info, err := f.Lstat(f.path("new"))
		f.ok(err)
		if mode := info.Mode(); !mode.IsRegular() || info.Size() != 3 || os.PathSeparator == '/' && mode.Perm() != 0o600 {
			t.Errorf("mode %v, %d bytes", mode, info.Size())
		}
	},
	"creating an existing file fails": func(_ *testing.T, f trial) {
		f.put("file", "one")
		_, err := f.Create(f.path("file"))
		f.fails(err, fs.ErrExist)
		_, err = f.Create(f.path("none/file"))
		f.fails(err, fs.ErrNotExist)
		f.holds("file", "one")
	},
	"appending adds to the end of a file that exists": func(_ *testing.T, f trial) {
		f.put("file", "one")
		file, err := f.Append(f.path("file"))
		f.ok(err)
		_, err = file.Write([]byte(" two"))
		f.ok(errors.Join(err, file.Sync(), file.Close()))
		f.holds("file", "one two")
		_, err = f.Append(f.path("none"))
		f.fails(err, fs.ErrNotExist)
		_, err = f.Append(f.path(""))
		f.fails(err, disk.ErrNotRegular)
	},
	"reading has a limit": func(_ *testing.T, f trial) {
		f.put("file", "12345")
		_, err := f.Read(f.path("file"), 4)
		f.fails(err, disk.ErrTooLarge)
		_, err = f.Read(f.path("file"), 5)
		f.ok(err)
		_, err = f.Read(f.path("none"), 5)
		f.fails(err, fs.ErrNotExist)
		_, err = f.Read(f.path(""), 5)
		f.fails(err, disk.ErrNotRegular)
	},
	"a link never replaces a file": func(_ *testing.T, f trial) {
		f.put("a", "one")
		f.put("b", "two")
		f.fails(f.Link(f.path("a"), f.path("b")), fs.ErrExist)
		f.fails(f.Link(f.path("none"), f.path("c")), fs.ErrNotExist)
		f.ok(f.Link(f.path("a"), f.path("c")))
		f.ok(f.Remove(f.path("a")))
		f.holds("c", "one")
		f.list("b", "c")
	},
	"RenameNew never replaces a file": func(_ *testing.T, f trial) {
		f.put("a", "one")
		f.put("b", "two")
		f.fails(f.RenameNew(f.path("a"), f.path("b")), fs.ErrExist)
		f.fails(f.RenameNew(f.path("none"), f.path("c")), fs.ErrNotExist)
		f.holds("b", "two")
		f.ok(f.RenameNew(f.path("a"), f.path("c")))
		f.holds("c", "one")
		f.list("b", "c")
	},
	"Rename replaces a file": func(_ *testing.T, f trial) {
		f.put("a", "one")
		f.put("b", "two")
		f.ok(f.Rename(f.path("a"), f.path("b")))
		f.holds("b", "one")
		f.list("b")
		f.fails(f.Rename(f.path("none"), f.path("b")), fs.ErrNotExist)
	},
	"removing": func(_ *testing.T, f trial) {
		f.put("a", "one")
		f.ok(f.Remove(f.path("a")))
		f.fails(f.Remove(f.path("a")), fs.ErrNotExist)
		f.list()
	},
	"folders are private and created with their parents": func(t *testing.T, f trial) {
		f.ok(f.MkdirAll(f.path("a/b/c")))
		f.ok(f.MkdirAll(f.path("a/b/c")))
		info, err := f.Lstat(f.path("a/b"))
		f.ok(err)
		if !info.IsDir() || os.PathSeparator == '/' && info.Mode().Perm() != 0o700 {
			t.Errorf("mode %v", info.Mode())
		}
		f.put("file", "")
		if f.MkdirAll(f.path("file")) == nil || f.MkdirAll(f.path("file/below")) == nil {
			t.Error("a file became a folder")
		}
		f.list("a", "file")
		_, err = f.ReadDir(f.path("none"))
		f.fails(err, fs.ErrNotExist)
	},
	"a folder is synced": func(_ *testing.T, f trial) {
		f.ok(f.SyncFolder(f.path("")))
		if os.PathSeparator == '/' {
			f.fails(f.SyncFolder(f.path("none")), fs.ErrNotExist)
		}
	},
	"Chmod changes the mode": func(t *testing.T, f trial) {
		f.put("file", "")
		f.ok(f.Chmod(f.path("file"), 0o400))
		info, err := f.Lstat(f.path("file"))
		f.ok(err)
		if info.Mode().Perm()&0o200 != 0 {
			t.Errorf("mode %v", info.Mode())
		}
		f.fails(f.Chmod(f.path("none"), 0o400), fs.ErrNotExist)
	},
	"a lock has one holder, even in the same process": func(t *testing.T, f trial) {
		first, err := f.TryLock(f.path("lock"))
		f.ok(err)
		_, err = f.TryLock(f.path("lock"))
		f.fails(err, disk.ErrLocked)
		f.list("lock")
		f.ok(first.Close())
		second, err := f.TryLock(f.path("lock"))
		f.ok(err)
		f.ok(second.Close())
		f.list("lock")
		f.ok(f.MkdirAll(f.path("folder")))
		_, err = f.TryLock(f.path("folder"))
		f.fails(err, disk.ErrNotRegular)
		_, err = f.TryLock(f.path("none/lock"))
		f.fails(err, fs.ErrNotExist)
		if info, err := f.Lstat(f.path("lock")); err != nil || os.PathSeparator == '/' && info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
	},
}

func TestFileSystems(t *testing.T) {
	for name, test := range contract {
		t.Run(name, func(t *testing.T) {
			t.Run("real", func(t *testing.T) { test(t, trial{disk.OS{}, t, t.TempDir()}) })
			t.Run("memory", func(t *testing.T) { test(t, trial{disktest.New().Process(nil), t, "/"}) })
		})
	}
}

// trial is a file system with a folder to work in.
type trial struct {
	disk.FS
	t      *testing.T
	folder string
}

func (f trial) path(name string) string { return filepath.Join(f.folder, name) }

func (f trial) ok(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f trial) fails(err, want error) {
	f.t.Helper()
	if !errors.Is(err, want) {
		f.t.Errorf("%v, want %v", err, want)
	}
}

func (f trial) put(name, content string) {
	f.t.Helper()
	file, err := f.Create(f.path(name))
	f.ok(err)
	_, err = file.Write([]byte(content))
	f.ok(errors.Join(err, file.Sync(), file.Close()))
}

func (f trial) holds(name, want string) {
	f.t.Helper()
	if got, err := f.Read(f.path(name), 100); err != nil || string(got) != want {
		f.t.Errorf("%s holds %q (%v), want %q", name, got, err, want)
	}
}

// list checks the names in the folder.
func (f trial) list(want ...string) {
	f.t.Helper()
	entries, err := f.ReadDir(f.folder)
	f.ok(err)
	for i, e := range entries {
		if len(entries) != len(want) || e.Name() != want[i] {
			f.t.Errorf("%v, want %q", entries, want)
		}
	}
	if len(entries) < len(want) {
		f.t.Errorf("%v, want %q", entries, want)
	}
}
