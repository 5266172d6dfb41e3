package pending

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
)

// Entry is a record that this process works on, together with the state of this run.
type Entry struct {
	Record
	Run   State // the state of this run; see life.go
	Known bool  // the record existed before: an earlier run started this create

	store      *Store    // nil: no record is kept
	journal    disk.File // nil: not opened yet
	nameSynced bool      // the name of the file in the folder is synced
	lock       io.Closer // nil: the folder is read-only
}

// Begin writes the record of a create and syncs it with its folder. It must be called before the
// request is sent. If the token already has a record of the same request, Begin opens it; if the
// record is of another request, the error is ErrOtherRequest. An existing record can be opened in a
// read-only folder as well: the entry then has no lock, and its changes are not written. While
// another process works on the record, Begin waits until ctx ends; the error is then the cause of
// ctx.
func (s *Store) Begin(ctx context.Context, c Create) (*Entry, error) {
	if err := s.disk.MkdirAll(s.folder); err != nil {
		return nil, err
	}
	lock, lockErr := s.locks.wait(ctx, s.path(c.Request.ClientToken))
	if lockErr != nil && !Unwritable(lockErr) {
		return nil, hideFileName(s.folder, lockErr)
	}
	e := &Entry{Record: Record{Create: c}, Run: Recorded, store: s, lock: lock}
	if err := e.begin(c, lockErr); err != nil {
		return nil, errors.Join(hideFileName(s.folder, err), e.Close())
	}
	return e, nil
}

// Open opens the record of a token. Like Begin, it works in a read-only folder as well. The error is
// ErrRunning while another process works on the record.
func (s *Store) Open(ctx context.Context, token string) (*Entry, error) {
	lock, err := s.locks.try(ctx, s.path(token))
	if err != nil && !Unwritable(err) {
		return nil, err
	}
	e := &Entry{Run: Recorded, Known: true, store: s, lock: lock}
	e.Request.ClientToken = token // for Close, if the record cannot be read
	known, err := s.read(s.path(token))
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	e.Record = known
	return e, nil
}

// Unrecorded returns an entry for a create without a record.
func Unrecorded(c Create) *Entry {
	return &Entry{Record: Record{Create: c, State: Recorded}, Run: Recorded}
}

// Recorded reports whether the create has a record.
func (e *Entry) Recorded() bool { return e.store != nil }

// Outcome returns the result of this run so far.
func (e *Entry) Outcome() Outcome { return outcome(e.Run, e.State) }

// begin opens the existing record, or writes a new one. If the record could not be locked, lockErr
// says why, and no new record is written.
func (e *Entry) begin(c Create, lockErr error) error {
	path := e.store.path(c.Request.ClientToken)
	known, err := e.store.read(path)
	obsolete, other := known.isObsolete(e.store.now()), !known.SameRequest(c)
	switch {
	case lockErr != nil && (err != nil || obsolete && other):
		return lockErr
	case errors.Is(err, fs.ErrNotExist):
		return e.create(path, c)
	case errors.Is(err, errIncomplete), errors.Is(err, errEmpty), obsolete && other:
		if err := e.store.disk.Remove(path); err != nil {
			return err
		}
		return e.create(path, c)
	case err != nil:
		return err
	case other:
		return ErrOtherRequest
	}
	e.Record, e.Known = known, true
	return nil
}

// create writes a new record and syncs it. No request may be sent before that.
func (e *Entry) create(path string, c Create) (err error) {
	c.StartedAt = e.store.now().UTC()
	e.Record = Record{Create: c, State: Recorded, Attempts: 1, LastAttempt: c.StartedAt}
	if e.journal, err = e.store.disk.Create(path); err != nil {
		return err
	}
	if err = errors.Join(write(e.journal, c), e.journal.Sync()); err == nil {
		err = e.store.disk.SyncFolder(e.store.folder)
		e.nameSynced = err == nil
	}
	if err != nil {
		return errors.Join(err, e.remove())
	}
	return nil
}

// openJournal opens the journal if it is not open yet.
func (e *Entry) openJournal() (err error) {
	if e.journal == nil {
		e.journal, err = e.store.disk.Append(e.store.path(e.Request.ClientToken))
	}
	return err
}

// Apply updates the states of the record and of this run, and writes the change to disk as the table
// requires. The states in memory are updated even if the record cannot be written.
func (e *Entry) Apply(c Change) error {
	run, _, err := next(e.Run, c.Event)
	_, duty, impossible := next(e.State, c.Event)
	if err = errors.Join(err, impossible); err != nil {
		return err
	}
	if c.At.IsZero() && e.store != nil {
		c.At = e.store.now()
	}
	c.At = c.At.UTC()
	e.Run = run
	e.update(c)
	return e.persist(c, duty)
}

// persist writes a change to disk, as its duty requires.
func (e *Entry) persist(c Change, duty Duty) error {
	switch {
	case e.store == nil || duty == Nothing:
		return nil
	case duty == Remove:
		return e.remove()
	}
	if err := e.openJournal(); err != nil {
		return err
	}
	if err := write(e.journal, c); err != nil || duty == Append {
		return err
	}
	if err := e.journal.Sync(); err != nil || e.nameSynced {
		return err
	}
	err := e.store.disk.SyncFolder(e.store.folder) // the run that wrote the record may have been killed before it synced the folder
	e.nameSynced = err == nil
	return err
}

// Discard deletes the record, even if its code was not delivered.
func (e *Entry) Discard() error {
	to, duty, err := next(e.State, Discarded)
	if err != nil {
		return err
	}
	e.State = to
	return e.persist(Change{Event: Discarded}, duty)
}

// remove deletes the record.
func (e *Entry) remove() error {
	err := e.CloseJournal()
	return errors.Join(err, e.store.disk.Remove(e.store.path(e.Request.ClientToken)))
}

// Close closes the journal and unlocks the record.
func (e *Entry) Close() error {
	err := e.CloseJournal()
	if e.lock == nil {
		return err
	}
	// The record is unlocked even if the command was cancelled.
	ctx, cancel := context.WithTimeoutCause(context.Background(), unlockTimeout, errFolderLocked)
	defer cancel()
	if failed := e.store.locks.release(ctx, e.store.path(e.Request.ClientToken), e.lock); failed != nil {
		err = errors.Join(err, activation.Textf("cannot unlock the record of the create: %w", failed))
	}
	e.lock = nil
	return err
}

// CloseJournal closes the journal if it is open. The next change opens it again.
func (e *Entry) CloseJournal() error {
	if e.journal == nil {
		return nil
	}
	err := e.journal.Close()
	e.journal = nil
	return err
}
