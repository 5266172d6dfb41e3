package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"ecs-activation/internal/tools/group"
)

// dry builds everything of a release but signatures and images, twice, and compares the results. The two builds
// differ in what must not matter: the folder, the file modes of the sources, the time, the time zone and the language.
// With the cache "cold", the second build also compiles all packages again, with an empty build cache.
func dry(ctx context.Context, version, folder, cache string) (err error) {
	if cache != "warm" && cache != "cold" {
		return fmt.Errorf("the cache is warm or cold, not %q", cache)
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	goreleaser, err := installed(ctx, version)
	if err != nil {
		return err
	}
	temporary, err := os.MkdirTemp("", "release-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	other := []string{"TMPDIR=" + temporary, "TZ=Asia/Shanghai", "LC_ALL=C.UTF-8"}
	if cache == "cold" {
		other = append(other, "GOCACHE="+filepath.Join(temporary, "cache"))
	}
	first, second := filepath.Join(folder, "1"), filepath.Join(folder, "another folder", "2")
	if err := build(ctx, goreleaser, first, "022", "TMPDIR="+temporary, "TZ=UTC", "LC_ALL=C"); err != nil {
		return err
	}
	if err := build(ctx, goreleaser, second, "077", other...); err != nil {
		return err
	}
	return compare(filepath.Join(first, "bin", "dist"), filepath.Join(second, "bin", "dist"))
}

// build clones HEAD to a folder and builds a snapshot of the release there.
func build(ctx context.Context, goreleaser, folder, umask string, env ...string) error {
	began := time.Now()
	script := `set -eu
umask "$1"
git clone --quiet --no-hardlinks . "$2"
"$3" check --quiet "$2/.goreleaser.yaml"
cd "$2"
"$3" release --snapshot --skip=sign,docker`
	cmd := exec.CommandContext(ctx, "sh", "-c", script, "sh", umask, folder, goreleaser)
	group.Kill(cmd)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("building in %s: %w", folder, err)
	}
	fmt.Printf("built in %s: %.0f s\n", folder, time.Since(began).Seconds())
	return nil
}

// installed returns the path of goreleaser, after it was built from the Go module proxy if necessary.
func installed(ctx context.Context, version string) (string, error) {
	folder, err := filepath.Abs(filepath.Join("bin", "goreleaser-"+version))
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "goreleaser")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	cmd := exec.CommandContext(ctx, "go", "install", "github.com/goreleaser/goreleaser/v2@"+version)
	cmd.Env = append(os.Environ(), "GOBIN="+folder)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return path, cmd.Run()
}
