package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"

	bolt "go.etcd.io/bbolt"
)

// database runs transactions on the file. Only one goroutine of one process uses it at a time.
type database struct {
	path   string
	pages  *pageCheck
	reader *handle // stays open between calls where the system allows it
	marks  *marks
}

func newDatabase(path string) *database {
	pages := &pageCheck{}
	return &database{path: path, pages: pages, reader: &handle{readOnly: true, pages: pages}, marks: &marks{}}
}

// closeAfter closes the file that is kept open when its owner is no longer reachable.
func (d *database) closeAfter(owner *Store) {
	// Nothing can receive the error of a cleanup, and a file opened for reading has nothing to lose.
	runtime.AddCleanup(owner, func(h *handle) { _ = h.close() }, d.reader)
}

// view reads the file. A file of an older version is brought up to date first.
func (d *database) view(ctx context.Context, read func(*Tx) error) error {
	info, err := d.existing(ctx)
	if err != nil {
		return err
	}
	if err := d.reader.closeIfChanged(info); err != nil {
		return unusable(d.path, err)
	}
	err = d.use(ctx, d.reader, d.path, func(db *bolt.DB) error {
		if err := d.pages.fileIfChanged(d.reader.file, info); err != nil {
			return err
		}
		return db.View(func(tx *bolt.Tx) error {
			if err := checkVersion(tx); err != nil {
				return err
			}
			return withTx(tx, func(t *Tx) error {
				d.marks.renew(version{secret: string(t.Secret), transaction: tx.ID(), modified: info.ModTime()})
				t.marks = d.marks
				return read(t)
			})
		})
	})
	if errors.Is(err, errOld) {
		return d.update(ctx, read)
	}
	return err
}

// update changes the file.
func (d *database) update(ctx context.Context, change func(*Tx) error) error {
	if _, err := d.existing(ctx); err != nil {
		return err
	}
	return d.transact(ctx, d.path, func(tx *bolt.Tx) error {
		err := checkVersion(tx)
		if errors.Is(err, errOld) {
			err = indexMachines(tx)
		}
		if err != nil {
			return err
		}
		return withTx(tx, change)
	})
}

// existing describes the file, and makes it if there is none. An empty file is damaged, because a new file
// gets its name only when it holds a sandbox.
func (d *database) existing(ctx context.Context) (fs.FileInfo, error) {
	info, err := os.Stat(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := d.create(ctx); err != nil {
			return nil, err
		}
		info, err = os.Stat(d.path)
	}
	switch {
	case err != nil:
		return nil, unusable(d.path, err)
	case !info.Mode().IsRegular():
		return nil, unusable(d.path, errors.New("not a regular file"))
	case info.Size() == 0:
		return nil, damaged(d.path, Textf("%w: the file is empty", ErrDamaged))
	}
	return info, nil
}

// create makes a new sandbox in a file of another name, and renames it when it is complete. It removes what a
// crash has left of an earlier attempt.
func (d *database) create(ctx context.Context) error {
	path := d.path + ".new"
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unusable(d.path, err)
	}
	if err := d.transact(ctx, path, initialize); err != nil {
		return err
	}
	if err := os.Rename(path, d.path); err != nil {
		return unusable(d.path, err)
	}
	return nil
}

// transact changes the file at path in one transaction.
func (d *database) transact(ctx context.Context, path string, change func(*bolt.Tx) error) error {
	err := d.use(ctx, &handle{pages: d.pages}, path, func(db *bolt.DB) error {
		var refused error
		err := db.Update(func(tx *bolt.Tx) error {
			refused = change(tx)
			return refused
		})
		if refused == nil && err != nil {
			return unusable(d.path, err)
		}
		return refused
	})
	if err == nil {
		d.pages.trust(path)
	}
	return err
}

// use opens the handle, if it is not open, and passes the database to work. A damaged page makes bbolt panic,
// and a page beyond the end of a cut file is a memory fault; both become errors. A programming mistake inside
// work would become one too, so the error quotes the panic.
func (d *database) use(ctx context.Context, h *handle, path string, work func(*bolt.DB) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	fresh := h.readOnly && h.db == nil
	defer func() {
		if fault := recover(); fault != nil {
			err = damaged(d.path, errors.Join(Textf("%w: %v", ErrDamaged, fault), h.forceClose(fresh)))
		}
	}()
	if err := h.open(ctx, path); err != nil {
		return cannotOpen(ctx, d.path, err)
	}
	err = work(h.db)
	isDamaged := errors.Is(err, ErrDamaged)
	if h.readOnly && keepsOpen && !isDamaged {
		return err
	}
	closeErr := h.close()
	switch {
	case isDamaged:
		return damaged(d.path, errors.Join(err, closeErr))
	case closeErr != nil:
		return errors.Join(err, unusable(d.path, closeErr))
	}
	return err
}
