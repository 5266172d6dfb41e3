package disktest

import "maps"

// A system may write what was not synced, in any order. These power cuts are the two in which one
// half was written and the other was not.

// PowerCutNames ends every process and loses the names that were not synced. What was written into
// files survives.
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

// PowerCutContents ends every process and loses what was written into files and not synced. The
// names survive.
func (d *Disk) PowerCutContents() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.folders {
		f.durable = maps.Clone(f.names)
	}
	d.cut()
}
