//go:build unix

package disk_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"ecs-activation/internal/disk"
)

func TestNoMethodWaitsForANamedPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	link := path + ".link"
	if err := os.Symlink("pipe", link); err != nil {
		t.Fatal(err)
	}
	var o disk.OS
	for name, do := range map[string]func() error{
		"read":        func() error { _, err := o.Read(path, 9); return err },
		"append":      func() error { _, err := o.Append(path); return err },
		"lock":        func() error { _, err := o.TryLock(path); return err },
		"user's":      func() error { _, err := disk.ReadFile(path, 9); return err },
		"user's link": func() error { _, err := disk.ReadFile(link, 9); return err },
		"a folder": func() error {
			if err := o.SyncFolder(path); !errors.Is(err, syscall.ENOTDIR) {
				return err
			}
			return disk.ErrNotRegular
		},
	} {
		if err := withTimeout(t, name, do); !errors.Is(err, disk.ErrNotRegular) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Errors name the kind of the file, and the file.
func TestEveryKindOfFile(t *testing.T) {
	folder := t.TempDir()
	pipe, socket := filepath.Join(folder, "pipe"), filepath.Join(folder, "socket")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // no client has connected
	for path, kind := range map[string]string{pipe: "a named pipe", socket: "a socket", "/dev/zero": "a device"} {
		if _, err := disk.ReadFile(path, 9); err == nil || err.Error() != "open "+path+": not a regular file but "+kind {
			t.Errorf("%v", err)
		}
	}
}

// Append must not write to a pipe, even if it has a reader.
func TestAPipeWithAReaderIsNotARegularFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	reader, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	if _, err := (disk.OS{}).Append(path); !errors.Is(err, disk.ErrNotRegular) {
		t.Error(err)
	}
}

// withTimeout calls do, and fails if it does not return.
func withTimeout(t *testing.T, name string, do func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return err
	case <-time.After(10 * time.Second):
		t.Fatalf("%s does not return", name)
		return nil
	}
}

func TestAFolderMayBeASymbolicLink(t *testing.T) {
	folder := t.TempDir()
	var o disk.OS
	if err := errors.Join(o.MkdirAll(filepath.Join(folder, "real")), os.Symlink("real", filepath.Join(folder, "link"))); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(folder, "link", "a", "b")
	if err := errors.Join(o.MkdirAll(filepath.Join(folder, "link")), o.MkdirAll(below), o.SyncFolder(filepath.Join(folder, "link"))); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(folder, "real", "a", "b")); err != nil || !info.IsDir() {
		t.Errorf("%v, %v", info, err)
	}
}

func TestAFileOfWhichOthersHavePermissionsIsFound(t *testing.T) {
	folder := t.TempDir()
	file, pipe := filepath.Join(folder, "file"), filepath.Join(folder, "pipe")
	if err := errors.Join(os.WriteFile(file, nil, 0o600), syscall.Mkfifo(pipe, 0o600), os.Chmod(pipe, 0o644)); err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[fs.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o602: true} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		if got := disk.OthersCanRead(file); got != want {
			t.Errorf("%o: %v", mode, got)
		}
	}
	for _, path := range []string{pipe, filepath.Join(folder, "none"), folder} {
		if disk.OthersCanRead(path) {
			t.Errorf("%s: it is no file", path)
		}
	}
}
