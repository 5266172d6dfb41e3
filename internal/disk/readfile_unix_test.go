//go:build unix

package disk

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestReadFileDoesNotBlock(t *testing.T) {
	folder := t.TempDir()
	pipe, link, socket := filepath.Join(folder, "pipe"), filepath.Join(folder, "link"), filepath.Join(folder, "socket")
	if err := errors.Join(syscall.Mkfifo(pipe, 0o600), os.Symlink("pipe", link)); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // no client has connected
	for path, want := range map[string]string{pipe: "a named pipe", link: "a named pipe", socket: "a socket", "/dev/zero": "a device"} {
		done := make(chan error, 1)
		go func() {
			_, err := ReadFile(path, 10)
			done <- err
		}()
		select {
		case err := <-done:
			if !errors.Is(err, ErrNotRegular) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", path, err)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s: it does not return", path)
		}
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
		if got := OthersCanRead(file); got != want {
			t.Errorf("%o: %v", mode, got)
		}
	}
	for _, path := range []string{pipe, filepath.Join(folder, "none"), folder} {
		if OthersCanRead(path) {
			t.Errorf("%s: it is no file", path)
		}
	}
}
