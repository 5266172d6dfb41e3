package pending

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"ecs-activation/internal/activation"
)

// errTorn is a record whose writing was cut short, before anything was sent.
var errTorn = errors.New("it was cut short while it was written, before anything was sent")

// Store is the folder of records: private (0700), one journal (0600) for each token, named by
// the token's SHA-256 in hex. Beside each journal a lock file is held by whoever works on it.
type Store struct {
	folder string
	now    func() time.Time
}

// New returns the store in a folder. It touches nothing yet.
func New(folder string, now func() time.Time) *Store { return &Store{folder, now} }

// Entry is a record that this process holds the lock of.
type Entry struct {
	Record
	Known bool // it was there before: this create was begun earlier

	store   *Store
	journal *os.File
	lock    *flock.Flock
}

// Begin writes the record of a create, synced with its folder, before the create is sent: all
// that is needed to ask again. What is noted later only helps, so it is not synced. Where
// there is one for the same token and the same request, it is taken up again; for another
// request the error has the kind KindConflict. It waits for a process that works on the token
// until ctx ends.
func (s *Store) Begin(ctx context.Context, c Create) (*Entry, error) {
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return nil, err
	}
	lock, err := s.acquire(ctx, c.Request.ClientToken)
	if err != nil {
		return nil, err
	}
	e := &Entry{store: s, lock: lock}
	if err := e.open(c); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// open reads the record that is there, or writes a new one.
func (e *Entry) open(c Create) error {
	known, err := e.store.read(e.store.path(c.Request.ClientToken))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errTorn):
		return e.create(c)
	case err != nil:
		return err
	case known.State == Delivered && !known.Alive(e.store.now()):
		return e.create(c)
	case !known.SameRequest(c):
		return &activation.Error{
			Kind: activation.KindConflict, Op: "create", ID: activation.Ref{RegionId: c.Request.RegionId}, Code: "IdempotentParameterMismatch",
			Err: errors.New("the record of the first create has other parameters"),
		}
	}
	e.Record, e.Known = known, true
	if e.journal, err = os.OpenFile(e.store.path(c.Request.ClientToken), os.O_WRONLY|os.O_APPEND, 0); err != nil {
		return err
	}
	return e.Attempt(e.store.now())
}

func (e *Entry) create(c Create) (err error) {
	c.StartedAt = e.store.now().UTC()
	path := e.store.path(c.Request.ClientToken)
	if e.journal, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o600); err != nil {
		return err
	}
	e.Record = Record{Create: c, State: Uncertain, Attempts: 1, LastAttempt: c.StartedAt}
	if err := errors.Join(e.append("", c), e.journal.Sync()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return syncFolder(e.store.folder)
}

// Attempt notes that the create is about to be sent once more, at that time.
func (e *Entry) Attempt(at time.Time) error { return e.note(event{Event: "attempt", At: at.UTC()}) }

// Made notes that the service answered. The code is not told.
func (e *Entry) Made(activationID string) error {
	return e.note(event{Event: "made", At: e.store.now().UTC(), ActivationId: activationID})
}

// Delivered notes that the code was handed over.
func (e *Entry) Delivered() error {
	return e.note(event{Event: "delivered", At: e.store.now().UTC()})
}

func (e *Entry) note(what event) error {
	if err := e.append("\n", what); err != nil { // whatever was cut short before stays a line of its own
		return err
	}
	e.apply(what)
	return nil
}

// append writes a line to the journal, in one write.
func (e *Entry) append(before string, line any) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = e.journal.WriteString(before + string(text) + "\n")
	return err
}

// Remove deletes the record: the service did nothing, or the user gives the code up.
func (e *Entry) Remove() error {
	err := e.closeJournal()
	return errors.Join(err, os.Remove(e.store.path(e.Request.ClientToken)))
}

// Close gives the record back. A lock file without a record is deleted.
func (e *Entry) Close() error {
	err := e.closeJournal()
	return errors.Join(err, e.store.release(e.lock))
}

func (e *Entry) closeJournal() error {
	if e.journal == nil {
		return nil
	}
	err := e.journal.Close()
	e.journal = nil
	return err
}

func (s *Store) path(token string) string {
	sum := sha256.Sum256([]byte(token))
	return filepath.Join(s.folder, hex.EncodeToString(sum[:]))
}

func (s *Store) read(path string) (Record, error) {
	journal, err := os.ReadFile(path)
	if err != nil {
		return Record{}, err
	}
	r, err := parse(journal)
	if err != nil {
		return r, fmt.Errorf("record %s: %w", path, err)
	}
	return r, nil
}

// wholeLines are the lines that end in a line break.
func wholeLines(journal []byte) [][]byte {
	end := bytes.LastIndexByte(journal, '\n')
	if end < 0 {
		return nil
	}
	return bytes.Split(journal[:end], []byte("\n"))
}

// ErrRunning is the error for a record that another process works on.
var ErrRunning = errors.New("another process works on it")

// Take locks the record of a token for working on it. ErrRunning: somebody else does.
func (s *Store) Take(token string) (*Entry, error) {
	lock, err := s.tryLock(s.path(token))
	if err != nil {
		return nil, err
	}
	e := &Entry{store: s, lock: lock, Known: true}
	if e.Record, err = s.read(s.path(token)); err == nil {
		e.journal, err = os.OpenFile(s.path(token), os.O_WRONLY|os.O_APPEND, 0)
	}
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// List returns all records, the oldest first, and what could not be read, as errors. Records
// of creates at work have the state Running. Delivered records of expired codes are deleted.
func (s *Store) List() ([]Record, []error) {
	entries, err := os.ReadDir(s.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, []error{err}
	}
	var records []Record
	var damaged []error
	for _, entry := range entries {
		if name, isLock := strings.CutSuffix(entry.Name(), ".lock"); isLock {
			damaged = append(damaged, s.sweep(name)...)
			continue
		}
		r, err := s.inspect(filepath.Join(s.folder, entry.Name()))
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone meanwhile
		case err != nil:
			damaged = append(damaged, err)
		default:
			records = append(records, r)
		}
	}
	slices.SortFunc(records, byStart)
	return records, damaged
}

// Peek returns the records that List would, and touches nothing: neither a lock nor a record that
// is done with. So it does not know which creates are at work. What cannot be read is left out.
func (s *Store) Peek() []Record {
	entries, _ := os.ReadDir(s.folder) // without a folder there are none
	var records []Record
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".lock") {
			continue
		}
		r, err := s.read(filepath.Join(s.folder, entry.Name()))
		if err == nil && (r.State != Delivered || r.Alive(s.now())) {
			records = append(records, r)
		}
	}
	slices.SortFunc(records, byStart)
	return records
}

func byStart(a, b Record) int { return a.StartedAt.Compare(b.StartedAt) }

// sweep deletes a lock without a record: what a process leaves that is killed before it writes.
func (s *Store) sweep(name string) []error {
	record := filepath.Join(s.folder, name)
	if _, err := os.Lstat(record); name == "" || err == nil {
		return nil // the folder's own, or in use
	}
	lock, err := s.tryLock(record)
	if err == nil {
		err = s.release(lock)
	}
	if err == nil || errors.Is(err, ErrRunning) {
		return nil
	}
	return []error{err}
}

// inspect reads one record and finds out whether somebody works on it.
func (s *Store) inspect(path string) (Record, error) {
	lock, err := s.tryLock(path)
	if errors.Is(err, ErrRunning) {
		r, err := s.read(path)
		if errors.Is(err, errTorn) {
			err = fs.ErrNotExist // it is just being written
		}
		r.State = Running
		return r, err
	}
	if err != nil {
		return Record{}, err
	}
	r, err := s.read(path)
	if err == nil && r.State == Delivered && !r.Alive(s.now()) {
		if err = os.Remove(path); err == nil {
			err = fs.ErrNotExist
		}
	}
	return r, errors.Join(err, s.release(lock))
}
