//go:build unix

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// asNobody makes commands run as a user without root permissions, until leave is called. If this
// process is not root, nothing changes. Root runs a copy of the program as the user nobody, who then owns
// the folder of the trial. The error is errors.ErrUnsupported if that is not possible.
func asNobody(w *world) (leave func(), err error) {
	if os.Geteuid() != 0 {
		return func() {}, nil
	}
	const nobody = 65534
	program := w.file("program")
	content, err := os.ReadFile(w.binary)
	if err := errors.Join(err, os.WriteFile(program, content, 0o700)); err != nil {
		return nil, err
	}
	err = filepath.WalkDir(w.folder, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, nobody, nobody))
	})
	if err != nil {
		return nil, err
	}
	w.change = func(cmd *exec.Cmd) {
		cmd.Path = program
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	leave = func() { w.change = nil }
	if err := w.command("version").Run(); err != nil {
		leave()
		return nil, fmt.Errorf("%w: root cannot run the program as nobody: %w", errors.ErrUnsupported, err)
	}
	return leave, nil
}
