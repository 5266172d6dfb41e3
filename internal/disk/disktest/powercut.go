package disktest

import "maps"

// A real system may write unsynced data to the disk in any order. These two power cuts lose only the
// unsynced names, or only the unsynced contents.

// PowerCutNames kills every process and loses the names that were not synced. The contents of files
// survive.
func (d *Disk) PowerCutNames() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.folders {
		for _, names := range []map[string]*node{f.names, f.durable} {
			for _, n := range names {
				n.synced = n.content
			}
		}
	}
	d.cut()
}

// PowerCutContents kills every process and loses the contents that were not synced. The names
// survive.
func (d *Disk) PowerCutContents() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.folders {
		f.durable = maps.Clone(f.names)
	}
	d.cut()
}
