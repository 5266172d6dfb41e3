package disk

import (
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ReadFile returns the content of a regular file of at most that many bytes. It follows symbolic
// links and never waits for the writer of a named pipe. It is for files that other programs and
// people write, such as settings. Its errors are *fs.PathError and do not hold the content; the
// cause is ErrNotRegular, ErrTooLarge, or what the system reports.
func ReadFile(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil {
		err = mustBeFile(path, info) // before it is opened: opening a device can have an effect
	}
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDONLY|doNotWait, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // the file was only read
	if info, err = file.Stat(); err == nil {
		err = mustBeFile(path, info) // the name may stand for another file by now
	}
	if err != nil {
		return nil, err
	}
	return readAtMost(file, info.Size(), most)
}

// readAtMost reads a file to its end. A file that is known to be larger is not read at all.
func readAtMost(file *os.File, size, most int64) (content []byte, err error) {
	if size <= most {
		content, err = io.ReadAll(io.LimitReader(file, most+1))
	}
	if size > most || int64(len(content)) > most {
		return nil, &fs.PathError{Op: "read", Path: file.Name(), Err: fmt.Errorf("%w: it has more than %d bytes", ErrTooLarge, most)}
	}
	return content, err
}

// mustBeFile returns an error for everything but a regular file. It says what the path leads to.
func mustBeFile(path string, info fs.FileInfo) error {
	what := "a device"
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		what = "a folder"
	case mode&fs.ModeNamedPipe != 0:
		what = "a named pipe"
	case mode&fs.ModeSocket != 0:
		what = "a socket"
	}
	return &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("%w but %s", ErrNotRegular, what)}
}
