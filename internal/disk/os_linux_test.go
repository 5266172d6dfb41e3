package disk_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"ecs-activation/internal/disk"
)

func TestAnExistingLockFileIsLockedInAReadOnlyFolder(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "lock")
	if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(folder, 0o555), os.Chmod(filepath.Dir(folder), 0o755)); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(path, 65534, 65534); err != nil {
			t.Skip(err)
		}
	}
	asNobody(t, func() {
		if err := os.WriteFile(filepath.Join(folder, "new"), nil, 0o600); err == nil {
			t.Skip("the folder is not read-only")
		}
		lock, err := disk.OS{}.TryLock(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := lock.Close(); err != nil {
			t.Error(err)
		}
		if _, err := (disk.OS{}).TryLock(filepath.Join(folder, "other")); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("a lock file was created: %v", err)
		}
	})
}

// asNobody calls do without root permissions.
func asNobody(t *testing.T, do func()) {
	if os.Getuid() == 0 {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := unix.Setfsuid(65534); err != nil {
			t.Skip(err)
		}
		defer func() { _ = unix.Setfsuid(0) }()
	}
	do()
}

func TestADeviceIsNotARegularFile(t *testing.T) {
	for _, path := range []string{"/dev/zero", "/dev/null"} {
		_, read := disk.OS{}.Read(path, 9)
		_, users := disk.ReadFile(path, 9)
		for _, err := range []error{read, users} {
			if !errors.Is(err, disk.ErrNotRegular) {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

// Files in /proc have size 0, although they have content.
func TestTheLimitAppliesToFilesOfUnknownSize(t *testing.T) {
	if content, err := disk.ReadFile("/proc/self/status", 1<<20); err != nil || len(content) < 100 {
		t.Errorf("%q, %v", content, err)
	}
	if _, err := disk.ReadFile("/proc/self/status", 10); !errors.Is(err, disk.ErrTooLarge) {
		t.Error(err)
	}
}

func TestSyncFolderIgnoresFoldersThatCannotBeSynced(t *testing.T) {
	folder, err := os.Open("/proc")
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = folder.Close() }()
	if err := folder.Sync(); !errors.Is(err, syscall.EINVAL) {
		t.Skip("/proc can be synced")
	}
	if err := (disk.OS{}).SyncFolder("/proc"); err != nil {
		t.Error(err)
	}
}
