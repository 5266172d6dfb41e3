package batch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"ecs-activation/internal/disk"
)

// Ledger is the folder in which each batch has a file, which remembers when a create of a row was sent
// first. The records of package pending do not: they are deleted when a delivered code has expired. Without
// the ledger, a batch that is run again after that time would silently make new codes.
//
// A file is a journal that only grows, like a record. A row is in a line that was synced before the record of its
// create is written; see marks.go. So a row without a line was never sent, by this machine. It contains no secret.
type Ledger struct {
	disk   disk.FS
	folder string
	now    func() time.Time
}

// NewLedger returns the ledger in a folder. It does not access the disk.
func NewLedger(fsys disk.FS, folder string, now func() time.Time) *Ledger {
	return &Ledger{fsys, folder, now}
}

// entry is what the ledger knows about a row.
type entry struct {
	generation int
	first      time.Time // when a create of this generation was sent first, by this machine's clock
	free       bool      // no code of this generation was created
}

// entries are the entries of a batch, by the key of the row.
type entries map[string]entry

// line is a line of a journal.
type line struct {
	Batch string         `json:",omitempty"` // its name
	At    time.Time      // by this machine's clock
	Next  map[string]int `json:",omitempty"` // rows for which a new code was ordered with --renew, with its generation
	Sent  map[string]int `json:",omitempty"` // rows whose creates are about to be sent, with their generation
	Free  map[string]int `json:",omitempty"` // rows for which no code was created, with their generation
	Aged  time.Duration  `json:",omitempty"` // moves all times before into the past: the clock of the sandbox was advanced
}

// largestLedger is the size limit of a journal in bytes.
const largestLedger = 64 << 20

// sandboxPrefix begins the names of the files of batches in the sandbox.
const sandboxPrefix = "sandbox-"

// path returns the path of the journal of a batch.
func (l *Ledger) path(b Batch) string {
	name := b.id()
	if b.Sandbox {
		name = sandboxPrefix + name
	}
	return filepath.Join(l.folder, name)
}

// read returns the entries of a batch. A line that is not complete is ignored, because nothing was sent
// after it.
func (l *Ledger) read(b Batch) (entries, error) {
	rows := entries{}
	journal, err := l.disk.Read(l.path(b), largestLedger)
	if errors.Is(err, fs.ErrNotExist) {
		return rows, nil
	}
	if err != nil {
		return nil, err
	}
	for text := range bytes.Lines(journal) {
		var one line
		if bytes.HasSuffix(text, []byte("\n")) && json.Unmarshal(text, &one) == nil {
			rows.apply(one)
		}
	}
	return rows, nil
}

// apply applies a line. A row keeps the time at which its generation was sent first.
func (e entries) apply(l line) {
	for key, generation := range l.Next {
		if e[key].generation < generation {
			e[key] = entry{generation: generation, free: true}
		}
	}
	for key, generation := range l.Sent {
		if known, found := e[key]; !found || known.generation < generation || known.free {
			e[key] = entry{generation: generation, first: l.At}
		}
	}
	for key, generation := range l.Free {
		if e[key].generation == generation {
			e[key] = entry{generation: generation, free: true}
		}
	}
	for key, known := range e {
		if !known.free {
			known.first = known.first.Add(-l.Aged)
			e[key] = known
		}
	}
}

// write adds a line to the journal of a batch, and syncs it and its name.
func (l *Ledger) write(b Batch, one line) error {
	if err := l.disk.MkdirAll(l.folder); err != nil {
		return err
	}
	one.Batch = b.Name
	if err := l.append(l.path(b), one); err != nil {
		return err
	}
	return l.disk.SyncFolder(l.folder)
}

// append adds a line to a journal and syncs it. The line starts with a line break, so that an incomplete
// line before it does not damage it.
func (l *Ledger) append(path string, one line) error {
	one.At = l.now().UTC()
	text, err := json.Marshal(one)
	if err != nil {
		return err
	}
	file, err := l.disk.Append(path)
	if errors.Is(err, fs.ErrNotExist) {
		file, err = l.disk.Create(path)
	}
	if errors.Is(err, fs.ErrExist) { // another process has created it meanwhile
		file, err = l.disk.Append(path)
	}
	if err != nil {
		return err
	}
	_, err = file.Write([]byte("\n" + string(text) + "\n"))
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// Age moves the times of all batches in the sandbox into the past, as pending.Store.Age does with records.
func (l *Ledger) Age(by time.Duration) error {
	return l.eachOfSandbox(func(path string) error { return l.append(path, line{Aged: by}) })
}

// DiscardSandbox deletes all batches in the sandbox, as pending.Store.DiscardSandbox does with records.
func (l *Ledger) DiscardSandbox() error { return l.eachOfSandbox(l.disk.Remove) }

// eachOfSandbox calls a function with the path of each batch in the sandbox, and joins the errors.
func (l *Ledger) eachOfSandbox(do func(path string) error) (failed error) {
	files, err := l.disk.ReadDir(l.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, file := range files {
		if strings.HasPrefix(file.Name(), sandboxPrefix) {
			failed = errors.Join(failed, do(filepath.Join(l.folder, file.Name())))
		}
	}
	return errors.Join(err, failed)
}
