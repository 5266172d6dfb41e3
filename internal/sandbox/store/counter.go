package store

import (
	"errors"
	"io/fs"
	"os"
	"sync"
)

// counter is the number of requests served, over all processes. The number is the length of a file to which
// every server appends one byte per request: appending is atomic between processes, needs no lock and takes a
// few microseconds.
type counter struct {
	path string
	mu   sync.Mutex
	file *os.File // stays open between requests if keepsOpen is true
	info fs.FileInfo
}

// next counts a request and returns its number.
func (c *counter) next() (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, err := c.open()
	if err != nil {
		return 0, err
	}
	_, err = c.file.WriteString(".")
	if !keepsOpen {
		err = errors.Join(err, c.close())
	}
	return before + 1, err
}

// open makes sure that the file at the path is open, which somebody may have deleted, and returns its length.
func (c *counter) open() (int, error) {
	if c.file != nil {
		info, err := os.Stat(c.path)
		if err == nil && os.SameFile(info, c.info) {
			return int(info.Size()), nil
		}
		if err := c.close(); err != nil {
			return 0, err
		}
	}
	file, err := inFolder(c.path, func() (*os.File, error) {
		return os.OpenFile(c.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|nonblock, 0o600)
	})
	if err != nil {
		return 0, err
	}
	c.file = file
	if c.info, err = file.Stat(); err != nil {
		return 0, errors.Join(err, c.close())
	}
	return int(c.info.Size()), nil
}

func (c *counter) close() error {
	file := c.file
	c.file = nil
	return file.Close()
}

// total returns the number of requests; a file that does not exist counts none.
func (c *counter) total() (int, error) {
	info, err := os.Stat(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return int(info.Size()), nil
}

// reset sets the number to zero.
func (c *counter) reset() error {
	err := os.Truncate(c.path, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
