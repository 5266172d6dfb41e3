package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// dry builds everything of a release but signatures and images, twice, and compares the results. The two builds
// differ in what must not matter: the folder, the file modes of the sources, the time zone, the language, the time and
// the build cache, which is empty for the second build.
func dry(version, folder string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	cache, err := os.MkdirTemp("", "release-cache-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(cache)
	first, second := filepath.Join(folder, "1"), filepath.Join(folder, "another folder", "2")
	if err := build(version, first, "022", "TZ=UTC", "LC_ALL=C"); err != nil {
		return err
	}
	if err := build(version, second, "077", "TZ=Asia/Shanghai", "LC_ALL=C.UTF-8", "GOCACHE="+cache); err != nil {
		return err
	}
	return compare(filepath.Join(first, "dist"), filepath.Join(second, "dist"))
}

// build clones HEAD to a folder and builds a snapshot of the release there.
func build(version, folder, umask string, env ...string) error {
	began := time.Now()
	script := `set -eu
umask "$1"
git clone --quiet --no-hardlinks . "$2"
"$3" check --quiet "$2/.goreleaser.yaml"
cd "$2"
"$3" release --snapshot --skip=sign,docker`
	goreleaser, err := goreleaser(version)
	if err != nil {
		return err
	}
	cmd := exec.Command("sh", "-c", script, "sh", umask, folder, goreleaser)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err = cmd.Run()
	fmt.Printf("built in %s: %.0f s\n", folder, time.Since(began).Seconds())
	return err
}

// goreleaser returns the path of the program, after it was built from the Go module proxy.
func goreleaser(version string) (string, error) {
	folder, err := filepath.Abs(filepath.Join("bin", "release", "tools-"+version))
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "goreleaser")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	cmd := exec.Command("go", "install", "github.com/goreleaser/goreleaser/v2@"+version)
	cmd.Env = append(os.Environ(), "GOBIN="+folder)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return path, cmd.Run()
}
