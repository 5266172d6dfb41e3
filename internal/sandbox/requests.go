package sandbox

import (
	"errors"
	"io/fs"
	"os"
)

// The number of requests served is the length of a file to which every server
// appends one byte per request: appending is atomic between processes, needs
// no lock, and costs a few microseconds.

func (s *store) requestsPath() string { return s.path + ".requests" }

func (s *store) countRequest() error {
	if err := s.makeFolder(); err != nil {
		return err
	}
	file, err := os.OpenFile(s.requestsPath(), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return s.unusable(err)
	}
	_, err = file.WriteString(".")
	if err = errors.Join(err, file.Close()); err != nil {
		return s.unusable(err)
	}
	return nil
}

func (s *store) requests() (int, error) {
	info, err := os.Stat(s.requestsPath())
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, s.unusable(err)
	}
	return int(info.Size()), nil
}

func (s *store) forgetRequests() error {
	err := os.Truncate(s.requestsPath(), 0)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return s.unusable(err)
}
