// Package disktest has a file system in memory for tests. It can simulate power cuts, in which
// unsynced data is lost, and kill a process before or after each of its operations.
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

// ErrKilled is the error of every operation of a killed process.
var ErrKilled = errors.New("the process was killed")

// Disk is a file system in memory. A power cut loses the content of a file since its last Sync, and
// the names in a folder since its last SyncFolder. New folders and file modes are durable
// immediately. There are no symbolic links. All paths start at the root, which is the only folder of
// a new disk.
type Disk struct {
	// These may be set at any time while no operation runs.
	NoLinks     bool // Link fails with EPERM, as on FAT
	NoRenameNew bool // RenameNew fails with errors.ErrUnsupported
	ReadOnly    bool // operations that change a file or a name fail with EROFS
	Full        bool // operations that need space (a new file, folder or lock file, a write) fail with ENOSPC

	mu      sync.Mutex
	folders tree
	locks   map[*node]*lock
	cuts    int // the number of power cuts so far; each one kills all processes
}

// tree has the folders by clean, absolute path.
type tree map[string]*folder

// folder maps names to nodes: the current names, and the synced ones.
type folder struct{ names, durable map[string]*node }

// node is a file, or the entry of a folder in its parent folder.
type node struct {
	mode            fs.FileMode
	content, synced []byte // never modified in place, so copies may share them
}

// New returns an empty disk.
func New() *Disk {
	return &Disk{folders: tree{"/": newFolder()}, locks: map[*node]*lock{}}
}

func newFolder() *folder { return &folder{map[string]*node{}, map[string]*node{}} }

// When says whether a step is before or after an operation.
type When int

// The values of When.
const (
	Before When = iota
	After
)

// Process returns the file system for one process. If step is not nil, it is called before and after
// every operation that changes something, with the name of the operation (create, write, sync, link,
// rename, remove, chmod, mkdir, syncfolder, lock) and its path, which is the new path of a link or
// rename. If the call before the operation returns an error, the operation is not executed and
// returns that error. The call after the operation is skipped if the operation failed; its error is
// returned although the operation was executed. step may call Kill, PowerCut and Clone.
func (d *Disk) Process(step func(when When, op, path string) error) *Process {
	if step == nil {
		step = func(When, string, string) error { return nil }
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return &Process{disk: d, step: step, cuts: d.cuts}
}

// PowerCut kills every process and loses all unsynced data.
func (d *Disk) PowerCut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cut()
}

// cut is PowerCut for a caller that holds the mutex.
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

// Clone returns an independent copy of the disk, including unsynced data, without processes.
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
	c.folders, c.locks = make(tree, len(d.folders)), map[*node]*lock{}
	for name, f := range d.folders {
		c.folders[name] = &folder{copyNames(f.names), copyNames(f.durable)}
	}
	return c
}

// clean returns the normalized path.
func clean(name string) string {
	if simple := strings.HasPrefix(name, "/") && !strings.HasSuffix(name, "/") && !strings.Contains(name, "//") &&
		!strings.Contains(name+"/", "/./") && !strings.Contains(name+"/", "/../"); simple && filepath.Separator == '/' {
		return name // the path is already clean, as most are
	}
	return path.Clean("/" + filepath.ToSlash(name))
}

// parent returns the folder of a path, and the name in it.
func (t tree) parent(name string) (*folder, string, error) {
	above, base := path.Split(clean(name))
	above = path.Clean(above)
	if f := t[above]; f != nil {
		return f, base, nil
	}
	for ; above != "/"; above = path.Dir(above) { // the error differs if a parent is a file
		if f := t[path.Dir(above)]; f != nil && f.names[path.Base(above)] != nil && !f.names[path.Base(above)].mode.IsDir() {
			return nil, "", syscall.ENOTDIR
		}
	}
	return nil, "", fs.ErrNotExist
}

// node returns the node at a path.
func (t tree) node(name string) (*node, error) {
	if clean(name) == "/" {
		return &node{mode: fs.ModeDir | 0o700}, nil
	}
	f, base, err := t.parent(name)
	if err != nil {
		return nil, err
	}
	if f.names[base] == nil {
		return nil, fs.ErrNotExist
	}
	return f.names[base], nil
}

// space returns an error if the disk is full or read-only.
func (d *Disk) space() error {
	if d.Full {
		return syscall.ENOSPC
	}
	return d.writable()
}

// writable returns an error if the disk is read-only.
func (d *Disk) writable() error {
	if d.ReadOnly {
		return syscall.EROFS
	}
	return nil
}
