package disktest

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"ecs-activation/internal/disk"
)

// Process is the file system for one process. It implements disk.FS.
type Process struct {
	disk   *Disk
	step   func(when When, op, path string) error
	cuts   int // the number of power cuts when the process started
	killed bool
}

var _ disk.FS = (*Process)(nil)

// Kill kills the process: it releases its locks, and every later operation fails with ErrKilled and
// changes nothing.
func (p *Process) Kill() {
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	p.killed = true
	maps.DeleteFunc(p.disk.locks, func(_ *node, l *lock) bool { return l.holder == p })
}

// withLock calls do while it holds the mutex of the disk, unless the process was killed.
func (p *Process) withLock(do func() error) error {
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if p.killed || p.cuts != p.disk.cuts {
		return ErrKilled
	}
	return do()
}

// alive returns ErrKilled if the process was killed.
func (p *Process) alive() error { return p.withLock(func() error { return nil }) }

// change executes an operation that changes something, and calls step before and after it.
func (p *Process) change(op, name string, do func(*Disk) error) error {
	if err := p.alive(); err != nil {
		return err
	}
	if err := p.step(Before, op, name); err != nil {
		return err
	}
	err := p.withLock(func() error { return do(p.disk) })
	if err != nil && !errors.Is(err, ErrKilled) {
		return &fs.PathError{Op: op, Path: name, Err: err}
	}
	if err == nil {
		err = p.step(After, op, name)
	}
	if err == nil {
		err = p.alive()
	}
	return err
}

// MkdirAll implements disk.FS.
func (p *Process) MkdirAll(name string) error {
	above := ""
	for _, part := range strings.Split(strings.Trim(clean(name), "/"), "/") {
		above += "/" + part
		switch info, err := p.Lstat(above); {
		case errors.Is(err, fs.ErrNotExist):
			if err := p.change("mkdir", above, func(d *Disk) error { return d.mkdir(above) }); err != nil {
				return err
			}
		case err != nil:
			return err
		case !info.IsDir():
			return &fs.PathError{Op: "mkdir", Path: above, Err: syscall.ENOTDIR}
		}
	}
	return nil
}

// mkdir creates a folder.
func (d *Disk) mkdir(name string) error {
	f, base, err := d.folders.parent(name)
	if err = cmp.Or(err, d.space()); err != nil {
		return err
	}
	if f.names[base] != nil {
		return nil // another process has created it
	}
	n := &node{mode: fs.ModeDir | 0o700}
	f.names[base], f.durable[base] = n, n
	d.folders[clean(name)] = newFolder()
	return nil
}

// ReadDir implements disk.FS.
func (p *Process) ReadDir(name string) (list []fs.DirEntry, err error) {
	err = p.withLock(func() error {
		f := p.disk.folders[clean(name)]
		if f == nil {
			_, err := p.disk.folders.node(name)
			return &fs.PathError{Op: "open", Path: name, Err: cmp.Or[error](err, syscall.ENOTDIR)}
		}
		for _, base := range slices.Sorted(maps.Keys(f.names)) {
			list = append(list, fs.FileInfoToDirEntry(infoOf(base, f.names[base])))
		}
		return nil
	})
	return list, err
}

// Lstat implements disk.FS.
func (p *Process) Lstat(name string) (info fs.FileInfo, err error) {
	err = p.withLock(func() error {
		n, err := p.disk.folders.node(name)
		if err != nil {
			return &fs.PathError{Op: "lstat", Path: name, Err: err}
		}
		info = infoOf(path.Base(clean(name)), n)
		return nil
	})
	return info, err
}

// Chmod implements disk.FS.
func (p *Process) Chmod(name string, mode fs.FileMode) error {
	return p.change("chmod", name, func(d *Disk) error {
		n, err := d.folders.node(name)
		if err = cmp.Or(err, d.writable()); err == nil {
			n.mode = n.mode&^fs.ModePerm | mode.Perm()
		}
		return err
	})
}

// Read implements disk.FS.
func (p *Process) Read(name string, most int64) (content []byte, err error) {
	err = p.withLock(func() error {
		n, err := p.disk.folders.file(name)
		if err == nil && int64(len(n.content)) > most {
			err = disk.ErrTooLarge
		}
		if err != nil {
			return &fs.PathError{Op: "read", Path: name, Err: err}
		}
		content = slices.Clone(n.content)
		return nil
	})
	return content, err
}

// file returns the regular file at a path.
func (t tree) file(name string) (*node, error) {
	n, err := t.node(name)
	if err == nil && n.mode.IsDir() {
		return nil, disk.ErrNotRegular
	}
	return n, err
}

// Create implements disk.FS.
func (p *Process) Create(name string) (disk.File, error) {
	f := &file{process: p, path: name}
	err := p.change("create", name, func(d *Disk) (err error) {
		f.node, err = d.create(name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// create creates a file.
func (d *Disk) create(name string) (*node, error) {
	f, base, err := d.folders.parent(name)
	if err != nil {
		return nil, err
	}
	if base == "" || f.names[base] != nil {
		return nil, fs.ErrExist
	}
	if err := d.space(); err != nil {
		return nil, err
	}
	f.names[base] = &node{mode: 0o600}
	return f.names[base], nil
}

// Append implements disk.FS.
func (p *Process) Append(name string) (disk.File, error) {
	f := &file{process: p, path: name}
	err := p.withLock(func() (err error) {
		if f.node, err = p.disk.folders.file(name); err == nil {
			err = p.disk.writable()
		}
		if err != nil {
			return &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Link implements disk.FS.
func (p *Process) Link(from, to string) error {
	return p.change("link", to, func(d *Disk) error {
		if d.NoLinks {
			return syscall.EPERM
		}
		return d.rename(from, to, true, false)
	})
}

// RenameNew implements disk.FS.
func (p *Process) RenameNew(from, to string) error {
	return p.change("rename", to, func(d *Disk) error {
		if d.NoRenameNew {
			return errors.ErrUnsupported
		}
		return d.rename(from, to, false, false)
	})
}

// Rename implements disk.FS.
func (p *Process) Rename(from, to string) error {
	return p.change("rename", to, func(d *Disk) error { return d.rename(from, to, false, true) })
}

// rename gives a file a new name. keep keeps the old name, and replace replaces a file that has the
// new name.
func (d *Disk) rename(from, to string, keep, replace bool) error {
	n, err := d.folders.file(from)
	if err != nil {
		return err
	}
	target, base, err := d.folders.parent(to)
	if err = cmp.Or(err, d.writable()); err != nil {
		return err
	}
	switch old := target.names[base]; {
	case base == "", old != nil && !replace:
		return fs.ErrExist
	case old != nil && old.mode.IsDir():
		return syscall.EISDIR
	case old == n: // both are names of the same file: as in POSIX, rename changes nothing
		return nil
	}
	target.names[base] = n
	if !keep {
		source, base, _ := d.folders.parent(from)
		delete(source.names, base)
	}
	return nil
}

// Remove implements disk.FS. It does not remove folders.
func (p *Process) Remove(name string) error {
	return p.change("remove", name, func(d *Disk) error {
		if _, err := d.folders.file(name); err != nil {
			return err
		}
		if err := d.writable(); err != nil {
			return err
		}
		f, base, _ := d.folders.parent(name)
		delete(f.names, base)
		return nil
	})
}

// SyncFolder implements disk.FS.
func (p *Process) SyncFolder(name string) error {
	return p.change("syncfolder", name, func(d *Disk) error {
		f := d.folders[clean(name)]
		if f == nil {
			_, err := d.folders.node(name)
			return cmp.Or[error](err, syscall.ENOTDIR)
		}
		f.durable = maps.Clone(f.names)
		return nil
	})
}

// lock is held by a process until it is closed or the process is killed.
type lock struct {
	holder *Process
	node   *node
}

// TryLock implements disk.FS.
func (p *Process) TryLock(name string) (io.Closer, error) {
	l := &lock{holder: p}
	err := p.change("lock", name, func(d *Disk) (err error) {
		l.node, err = d.folders.file(name)
		if errors.Is(err, fs.ErrNotExist) {
			l.node, err = d.create(name)
		}
		if err == nil && d.locks[l.node] != nil {
			err = disk.ErrLocked
		}
		if err == nil {
			d.locks[l.node] = l
		}
		return err
	})
	if err != nil {
		return nil, errors.Join(err, l.Close()) // the file is locked if only the step after the operation failed
	}
	return l, nil
}

// Close releases the lock.
func (l *lock) Close() error {
	return l.holder.withLock(func() error {
		d := l.holder.disk
		if d.locks[l.node] != l {
			return fs.ErrClosed
		}
		delete(d.locks, l.node)
		return nil
	})
}

// file is an open file that is written to at its end.
type file struct {
	process *Process
	path    string
	node    *node
	closed  bool
}

func (f *file) Write(text []byte) (int, error) {
	err := f.change("write", func(d *Disk) error {
		if err := d.space(); err != nil {
			return err
		}
		f.node.content = append(slices.Clip(f.node.content), text...)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(text), nil
}

func (f *file) Sync() error {
	return f.change("sync", func(*Disk) error { f.node.synced = f.node.content; return nil })
}

func (f *file) Close() error {
	return f.process.withLock(func() error {
		if f.closed {
			return fs.ErrClosed
		}
		f.closed = true
		return nil
	})
}

// change executes an operation on an open file.
func (f *file) change(op string, do func(*Disk) error) error {
	return f.process.change(op, f.path, func(d *Disk) error {
		if f.closed {
			return fs.ErrClosed
		}
		return do(d)
	})
}

// info describes a node.
type info struct {
	name string
	size int64
	mode fs.FileMode
}

// infoOf returns the description of a node.
func infoOf(name string, n *node) info { return info{name, int64(len(n.content)), n.mode} }

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) Sys() any           { return nil }
