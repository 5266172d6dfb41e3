package pending

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"ecs-activation/internal/disk"
)

// Entry is a record that this process works on, and what this run has done.
type Entry struct {
	Record
	Run   State // of this run; see life.go
	Known bool  // the record was there before: an earlier run began this create

	store   *Store    // nil: no record is kept
	journal disk.File // nil: not opened yet
	named   bool      // its name in the folder is synced
	lock    io.Closer // nil: the folder can only be read
}

// Unrecorded returns an entry for a create of which no record is kept.
func Unrecorded(c Create) *Entry {
	return &Entry{Record: Record{Create: c, State: Recorded}, Run: Recorded}
}

// Recorded reports whether there is a record of the create.
func (e *Entry) Recorded() bool { return e.store != nil }

// Outcome is what this run came to so far.
func (e *Entry) Outcome() Outcome { return outcome(e.Run, e.State) }

// begin opens the record that is there, or writes a new one, unless it could not be locked.
func (e *Entry) begin(c Create, unlocked error) error {
	path := e.store.path(c.Request.ClientToken)
	known, err := e.store.read(path)
	over, other := known.over(e.store.now()), !known.SameRequest(c)
	switch {
	case unlocked != nil && (err != nil || over && other):
		return unlocked
	case errors.Is(err, fs.ErrNotExist):
		return e.create(path, c)
	case errors.Is(err, errTorn), errors.Is(err, errEmpty), over && other:
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

// create writes a new record. Without it, synced, nothing may be sent.
func (e *Entry) create(path string, c Create) (err error) {
	c.StartedAt = e.store.now().UTC()
	e.Record = Record{Create: c, State: Recorded, Attempts: 1, LastAttempt: c.StartedAt}
	if e.journal, err = e.store.disk.Create(path); err != nil {
		return err
	}
	if err = errors.Join(write(e.journal, c), e.journal.Sync()); err == nil {
		err = e.store.disk.SyncFolder(e.store.folder)
		e.named = err == nil
	}
	if err != nil {
		return errors.Join(err, e.remove())
	}
	return nil
}

func (e *Entry) open() (err error) {
	if e.journal == nil {
		e.journal, err = e.store.disk.Append(e.store.path(e.Request.ClientToken))
	}
	return err
}

// Happened takes a change into the life of the create and does what the table asks for. The change
// holds for this process also where the error says that the record could not be written.
func (e *Entry) Happened(c Change) error {
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
	e.apply(c)
	return e.do(duty, c)
}

// do does the duty of a change.
func (e *Entry) do(duty Duty, c Change) error {
	switch {
	case e.store == nil || duty == Nothing:
		return nil
	case duty == Remove:
		return e.remove()
	}
	if err := e.open(); err != nil {
		return err
	}
	if err := write(e.journal, c); err != nil || duty == Append {
		return err
	}
	if err := e.journal.Sync(); err != nil || e.named {
		return err
	}
	err := e.store.disk.SyncFolder(e.store.folder) // the run that wrote the record may have died before it did
	e.named = err == nil
	return err
}

// Discard gives the code up: it deletes the record.
func (e *Entry) Discard() error {
	to, duty, err := next(e.State, Discarded)
	if err != nil {
		return err
	}
	e.State = to
	return e.do(duty, Change{Event: Discarded})
}

// remove deletes the record.
func (e *Entry) remove() error {
	err := e.closeJournal()
	return errors.Join(err, e.store.disk.Remove(e.store.path(e.Request.ClientToken)))
}

// Close gives the record back.
func (e *Entry) Close() error {
	err := e.closeJournal()
	if e.lock == nil {
		return err
	}
	// The folder's lock is held for an instant, and what is left to do does not wait for the command.
	ctx, cancel := context.WithTimeoutCause(context.Background(), unlockTime, errFolderLocked)
	defer cancel()
	if failed := e.store.release(ctx, e.store.path(e.Request.ClientToken), e.lock); failed != nil {
		err = errors.Join(err, fmt.Errorf("the record of the create cannot be unlocked: %w", failed))
	}
	e.lock = nil
	return err
}

func (e *Entry) closeJournal() error {
	if e.journal == nil {
		return nil
	}
	err := e.journal.Close()
	e.journal = nil
	return err
}
