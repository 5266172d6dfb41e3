// Package disktest has a file system in memory for tests. It forgets in a power cut what was not
// synced, and can end a process before and after each of its changes.
package disktest

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// ErrKilled is the error of every operation of a process that is gone.
var ErrKilled = errors.New("the process was killed")

// Disk is a file system in memory. What was not synced is lost in a power cut: the content of a
// file since its last Sync, and the names in a folder since its last SyncFolder. A new folder and
// the mode of a file are durable at once. There are no symbolic links. All paths start at the root,
// which is the only folder of a new disk.
type Disk struct {
	// These may be set at any time while no operation runs.
	NoLinks     bool // Link fails with EPERM, as on FAT
	NoRenameNew bool // RenameNew fails with errors.ErrUnsupported
	ReadOnly    bool // what changes a file or a name fails with EROFS
	Full        bool // what needs room (a new file, folder or lock file, a write) fails with ENOSPC

	mu      sync.Mutex
	folders map[string]*folder // by clean, absolute path
	locks   map[*node]*lock
	cuts    int // power cuts so far; a process of an earlier time is gone
}

// folder maps names to what they name.
type folder struct{ names, durable map[string]*node }

// node is a file, or stands for a folder in the folder above it.
type node struct {
	mode            fs.FileMode
	content, synced []byte // never written in place, so that copies may share them
}

// New returns an empty disk.
func New() *Disk {
	return &Disk{folders: map[string]*folder{"/": newFolder()}, locks: map[*node]*lock{}}
}

func newFolder() *folder { return &folder{map[string]*node{}, map[string]*node{}} }

// When says on which side of an operation a step is.
type When int

// The sides of an operation.
const (
	Before When = iota
	After
)

// Process returns the file system as one process sees it. step, where not nil, is called before and
// after every operation that changes something, with its name (create, write, sync, link, rename,
// remove, chmod, mkdir, syncfolder, lock) and its path, which is the new one of a link or rename.
// An error of the call before is the operation's error, and the operation is not done. After an
// operation that fails there is no call; an error of the call after is the error of an operation
// that was done. step may call Kill, PowerCut and Clone.
func (d *Disk) Process(step func(when When, op, path string) error) *Process {
	if step == nil {
		step = func(When, string, string) error { return nil }
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return &Process{disk: d, step: step, born: d.cuts}
}

// PowerCut ends every process and loses what was not synced.
func (d *Disk) PowerCut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cut()
}

func (d *Disk) cut() {
	d.cuts++
	clear(d.locks)
	for _, f := range d.folders {
		f.names = maps.Clone(f.durable)
		for _, n := range f.names {
			n.content = n.synced
		}
	}
}

// Clone returns an independent copy of what is on the disk, synced or not, without processes.
func (d *Disk) Clone() *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	copied := map[*node]*node{}
	copyNames := func(names map[string]*node) map[string]*node {
		to := make(map[string]*node, len(names))
		for name, n := range names {
			if copied[n] == nil {
				twin := *n
				copied[n] = &twin
			}
			to[name] = copied[n]
		}
		return to
	}
	c := &Disk{NoLinks: d.NoLinks, NoRenameNew: d.NoRenameNew, ReadOnly: d.ReadOnly, Full: d.Full}
	c.folders, c.locks = make(map[string]*folder, len(d.folders)), map[*node]*lock{}
	for name, f := range d.folders {
		c.folders[name] = &folder{copyNames(f.names), copyNames(f.durable)}
	}
	return c
}

// clean returns the one spelling of a path.
func clean(name string) string {
	if simple := strings.HasPrefix(name, "/") && !strings.HasSuffix(name, "/") && !strings.Contains(name, "//") &&
		!strings.Contains(name+"/", "/./") && !strings.Contains(name+"/", "/../"); simple && filepath.Separator == '/' {
		return name // as nearly all are
	}
	return path.Clean("/" + filepath.ToSlash(name))
}

// parent returns the folder that a path is in, and its name there.
func (d *Disk) parent(name string) (*folder, string, error) {
	above, base := path.Split(clean(name))
	above = path.Clean(above)
	if f := d.folders[above]; f != nil {
		return f, base, nil
	}
	for ; above != "/"; above = path.Dir(above) { // a file on the way is not the same as nothing
		if f := d.folders[path.Dir(above)]; f != nil && f.names[path.Base(above)] != nil {
			return nil, "", syscall.ENOTDIR
		}
	}
	return nil, "", fs.ErrNotExist
}

// node returns what a path names.
func (d *Disk) node(name string) (*node, error) {
	if clean(name) == "/" {
		return &node{mode: fs.ModeDir | 0o700}, nil
	}
	f, base, err := d.parent(name)
	if err != nil {
		return nil, err
	}
	if f.names[base] == nil {
		return nil, fs.ErrNotExist
	}
	return f.names[base], nil
}

// room returns why nothing new can be written, if so.
func (d *Disk) room() error {
	if d.Full {
		return syscall.ENOSPC
	}
	return d.writable()
}

// writable returns why nothing can be changed, if so.
func (d *Disk) writable() error {
	if d.ReadOnly {
		return syscall.EROFS
	}
	return nil
}
