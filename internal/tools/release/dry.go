package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// dry builds everything of a release but signatures and images, twice, and compares the results. The two builds
// differ in what must not matter: the folder, the file modes of the sources, the time, the time zone and the language.
// With cold, the second build also compiles all packages again, with an empty build cache.
func dry(version, folder string, cold bool) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	goreleaser, err := installed(version)
	if err != nil {
		return err
	}
	other := []string{"TZ=Asia/Shanghai", "LC_ALL=C.UTF-8"}
	if cold {
		cache, err := os.MkdirTemp("", "release-cache-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(cache) }()
		other = append(other, "GOCACHE="+cache)
	}
	first, second := filepath.Join(folder, "1"), filepath.Join(folder, "another folder", "2")
	if err := build(goreleaser, first, "022", "TZ=UTC", "LC_ALL=C"); err != nil {
		return err
	}
	if err := build(goreleaser, second, "077", other...); err != nil {
		return err
	}
	return compare(filepath.Join(first, "bin", "dist"), filepath.Join(second, "bin", "dist"))
}

// build clones HEAD to a folder and builds a snapshot of the release there.
func build(goreleaser, folder, umask string, env ...string) error {
	began := time.Now()
	script := `set -eu
umask "$1"
git clone --quiet --no-hardlinks . "$2"
"$3" check --quiet "$2/.goreleaser.yaml"
cd "$2"
"$3" release --snapshot --skip=sign,docker`
	cmd := exec.Command("sh", "-c", script, "sh", umask, folder, goreleaser)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	fmt.Printf("built in %s: %.0f s\n", folder, time.Since(began).Seconds())
	return err
}

// installed returns the path of goreleaser, after it was built from the Go module proxy if necessary.
func installed(version string) (string, error) {
	folder, err := filepath.Abs(filepath.Join("bin", "goreleaser-"+version))
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
