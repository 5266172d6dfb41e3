package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// handle is the file, opened by bbolt.
//
// Opening, mapping and unmapping take longer than reading a page, so the handle for reading stays open
// between calls, without bbolt's lock. It never shows an old state, because it holds no copy: bbolt maps the
// file, every transaction begins by reading the root from the mapping, and the mapping shows at once what any
// process has written. No process writes meanwhile, because the reader holds the lock file. So only three things
// must be checked, by one stat: that the path still leads to the mapped file, that the file has not grown beyond
// the mapping, and, if another process has changed it, its pages.
type handle struct {
	readOnly bool
	pages    *pageCheck
	db       *bolt.DB // nil while it is not open
	file     *os.File
	info     fs.FileInfo // of the file when it was opened
}

func (h *handle) open(ctx context.Context, path string) error {
	if h.db != nil {
		return nil
	}
	db, err := h.openInTime(ctx, path)
	if err != nil {
		h.file = nil // bbolt has closed it
		return err
	}
	h.db = db
	if h.readOnly && keepsOpen {
		h.info, err = h.file.Stat()
		if err = errors.Join(err, unlock(h.file)); err != nil {
			err = errors.Join(err, h.close()) // otherwise no process could write until this one ends
		}
	}
	return err
}

// How long, and how often, to try to open a file that is held by another program, one that does not use the
// lock file.
const (
	foreignWait  = 5 * time.Second
	foreignPause = 50 * time.Millisecond
)

// openInTime opens the file, and waits while another program holds it. bbolt itself would wait longer than
// ctx.
func (h *handle) openInTime(ctx context.Context, path string) (*bolt.DB, error) {
	for end := time.Now().Add(foreignWait); ; {
		db, err := bolt.Open(path, 0o600, &bolt.Options{
			ReadOnly:     h.readOnly,
			NoSync:       true, // kill -9 loses nothing that was committed, only a power cut can
			NoStatistics: true,
			Timeout:      1, // one attempt
			OpenFile:     h.openFile,
		})
		if !errors.Is(err, bolterrors.ErrTimeout) || time.Now().After(end) {
			return db, err
		}
		select {
		case <-time.After(foreignPause):
		case <-ctx.Done():
			return db, err
		}
	}
}

func (h *handle) openFile(name string, flag int, mode os.FileMode) (*os.File, error) {
	file, err := os.OpenFile(name, flag, mode)
	if err != nil {
		return nil, err
	}
	if err := h.pages.file(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	h.file = file
	return file, nil
}

// closeIfChanged closes the handle if the path no longer leads to the file it shows, or if the file has
// another size.
func (h *handle) closeIfChanged(info fs.FileInfo) error {
	if h.db == nil || os.SameFile(h.info, info) && h.info.Size() == info.Size() {
		return nil
	}
	return h.close()
}

func (h *handle) close() error {
	if h.db == nil {
		return nil
	}
	db := h.db
	h.db, h.file = nil, nil
	return db.Close()
}

// forceClose gives up a database in which bbolt has panicked. It can be closed only if it is fresh, opened
// for this one call. Otherwise bbolt may still hold its own mutexes; then the memory stays mapped and only
// the file is closed.
func (h *handle) forceClose(fresh bool) error {
	if fresh {
		return h.close()
	}
	file := h.file
	h.db, h.file = nil, nil
	if file == nil {
		return nil
	}
	return errors.Join(unlock(file), file.Close())
}
