package pending

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"ecs-activation/internal/activation"
)

// List returns all records, the oldest first, and one error for each record that could not be read.
// A record that another process works on has the state Running. List deletes delivered records whose
// code has expired.
func (s *Store) List(ctx context.Context) ([]Record, []error) {
	names, err := s.names()
	if err != nil {
		return nil, []error{err}
	}
	var records []Record
	var failed []error
	for _, name := range names {
		if record, isLock := strings.CutSuffix(name, lockSuffix); isLock {
			failed = append(failed, s.locks.removeUnused(ctx, record)...)
			continue
		}
		r, err := s.readOrRemove(ctx, filepath.Join(s.folder, name))
		switch {
		case errors.Is(err, fs.ErrNotExist): // it was deleted after the folder was read
		case err != nil:
			failed = append(failed, err)
		default:
			records = append(records, r)
		}
	}
	sortByStart(records)
	return records, failed
}

// Peek returns the same records as List, but takes no lock and deletes nothing. So it does not set
// the state Running. Records that cannot be read are left out.
func (s *Store) Peek() []Record {
	names, _ := s.names() // a folder that cannot be read is treated as empty
	var records []Record
	for _, name := range names {
		r, err := s.read(filepath.Join(s.folder, name)) // lock files are empty, so reading them fails
		if err == nil && !r.isObsolete(s.now()) {
			records = append(records, r)
		}
	}
	sortByStart(records)
	return records
}

// Age moves the times of all sandbox records into the past. The sandbox does the same with its codes
// when its clock is advanced.
func (s *Store) Age(by time.Duration) (failed error) {
	for _, r := range s.Peek() {
		if !r.Sandbox {
			continue
		}
		journal, err := s.disk.Append(s.path(r.Request.ClientToken))
		if err == nil {
			err = errors.Join(write(journal, Change{Event: aged, At: s.now().UTC(), By: by}), journal.Close())
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// DiscardSandbox deletes the records of all creates in the sandbox, except those on which another process works. A
// reset of the sandbox has deleted their codes.
func (s *Store) DiscardSandbox(ctx context.Context) (failed error) {
	for _, r := range s.Peek() {
		if !r.Sandbox {
			continue
		}
		e, err := s.Open(ctx, r.Request.ClientToken)
		if errors.Is(err, ErrRunning) || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = errors.Join(e.Discard(), e.Close())
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// sortByStart sorts records by the times of their creates. It uses package sort, because a generic sort of a large
// type makes the binary larger.
func sortByStart(records []Record) {
	sort.Slice(records, func(i, j int) bool { return records[i].StartedAt.Before(records[j].StartedAt) })
}

// readOrRemove reads one record. It sets the state Running if another process works on the record,
// and deletes the record if it is empty or obsolete.
func (s *Store) readOrRemove(ctx context.Context, path string) (r Record, err error) {
	lock, err := s.locks.try(ctx, path)
	switch {
	case errors.Is(err, ErrRunning):
		r, err = s.read(path)
		if errors.Is(err, errIncomplete) || errors.Is(err, errEmpty) {
			err = fs.ErrNotExist // the other process is still writing it
		}
		r.State = Running
		return r, err
	case err != nil && !Unwritable(err):
		return Record{}, activation.Textf("record %s: %w", path, err)
	}
	r, err = s.read(path)
	if errors.Is(err, errEmpty) || r.isObsolete(s.now()) {
		if removed := s.disk.Remove(path); removed == nil || errors.Is(err, errEmpty) {
			err = fs.ErrNotExist
		} else if !Unwritable(removed) { // in a read-only folder a later List deletes it
			err = removed
		}
	}
	if lock == nil {
		return r, err
	}
	if failed := s.locks.release(ctx, path, lock); !Unwritable(failed) { // in a read-only folder a later List deletes the lock file
		err = errors.Join(err, failed)
	}
	return r, err
}
