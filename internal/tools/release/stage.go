package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// certificates is the list of certificate authorities on Debian, Ubuntu and Alpine.
const certificates = "/etc/ssl/certs/ca-certificates.crt"

// stage writes the manual pages as packages have them, the licences of the linked modules, and for the image the
// certificates and the empty folder of the state. Without certificates on this machine, the build of the image fails
// later because the file is missing.
func stage(folder string) error {
	man := filepath.Join(folder, "man")
	if err := os.MkdirAll(man, 0o755); err != nil {
		return err
	}
	pages, err := filepath.Glob(filepath.Join("docs", "man", "*.1"))
	if err != nil {
		return err
	}
	for _, page := range pages {
		if err := compress(page, filepath.Join(man, filepath.Base(page)+".gz")); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(folder, "state"), 0o755); err != nil {
		return err
	}
	cmd := exec.Command("go", "run", "./internal/tools/licences", "-texts")
	cmd.Stderr = os.Stderr
	licences, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("licences: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "THIRD-PARTY-LICENSES"), licences, 0o644); err != nil {
		return err
	}
	list, err := os.ReadFile(certificates)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "ca-certificates.crt"), list, 0o644)
}

// compress writes a gzip file without name and time, so that it depends only on the content.
func compress(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	writer, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return err
	}
	_, err = writer.Write(text)
	return errors.Join(err, writer.Close(), file.Close())
}
