package pending

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"ecs-activation/internal/disk"
)

// Store is the folder of records: private (0700), one journal (0600) for each token, named by the
// token's SHA-256 in hex. Beside each journal a lock file is held by the process that works on it.
type Store struct {
	disk   disk.FS
	folder string
	now    func() time.Time
}

// New returns the store in a folder. It touches nothing yet.
func New(fsys disk.FS, folder string, now func() time.Time) *Store {
	return &Store{fsys, folder, now}
}

// The errors of a store.
var (
	// ErrRunning: another process works on the record.
	ErrRunning = errors.New("another process works on it")
	// ErrOtherRequest: the token has a record, of a create with other parameters.
	ErrOtherRequest = errors.New("the record of the first create has other parameters")

	errTorn  = errors.New("it was cut short while it was written, before anything was sent: delete the file")
	errEmpty = errors.New("it is empty")
)

// Damaged is the error of a record that does not say what was asked for: nothing can be done with it.
type Damaged struct {
	Path string
	Err  error
}

func (d *Damaged) Error() string { return "record " + d.Path + ": " + d.Err.Error() }
func (d *Damaged) Unwrap() error { return d.Err }

// largestRecord is far more than a journal takes, in bytes.
const largestRecord = 4 << 20

// Tighten takes from other users of the machine what they may do in the folder, and reports whether
// there was anything to take.
func (s *Store) Tighten() (tightened bool, err error) {
	info, err := s.disk.Lstat(s.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return false, err
	}
	return true, s.disk.Chmod(s.folder, 0o700)
}

// Begin writes the record of a create, synced with its folder, before the create is sent. Where
// there is a record for the same token and the same request, that one is opened again; for another
// request the error is ErrOtherRequest. A record that is there is opened also where the folder can
// only be read: the entry keeps no lock then, and its changes stay unwritten. While another process works on the token, Begin waits until
// ctx ends; the error is then its cause.
func (s *Store) Begin(ctx context.Context, c Create) (*Entry, error) {
	if err := s.disk.MkdirAll(s.folder); err != nil {
		return nil, err
	}
	lock, unlocked := s.waitFor(ctx, s.path(c.Request.ClientToken))
	if unlocked != nil && !Unwritable(unlocked) {
		return nil, s.named(unlocked)
	}
	e := &Entry{Run: Recorded, store: s, lock: lock}
	if err := e.begin(c, unlocked); err != nil {
		return nil, errors.Join(s.named(err), e.Close())
	}
	return e, nil
}

// named returns an error that names the folder, and not one of the files in it, which only we know.
func (s *Store) named(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return fmt.Errorf("%s: %w", s.folder, file.Err)
	}
	return err
}

// Take opens the record of a token, like Begin also where the folder can only be read. The error is
// ErrRunning while another process works on it.
func (s *Store) Take(ctx context.Context, token string) (*Entry, error) {
	lock, err := s.tryLock(ctx, s.path(token))
	if err != nil && !Unwritable(err) {
		return nil, err
	}
	e := &Entry{Run: Recorded, Known: true, store: s, lock: lock}
	if e.Record, err = s.read(s.path(token)); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// List returns all records, the oldest first, and what could not be read, as errors. Records of
// creates that other processes work on have the state Running. Delivered records whose code has
// expired are deleted.
func (s *Store) List(ctx context.Context) ([]Record, []error) {
	names, err := s.names()
	if err != nil {
		return nil, []error{err}
	}
	var records []Record
	var failed []error
	for _, name := range names {
		if record, isLock := strings.CutSuffix(name, lockSuffix); isLock {
			failed = append(failed, s.sweep(ctx, record)...)
			continue
		}
		r, err := s.inspect(ctx, filepath.Join(s.folder, name))
		switch {
		case errors.Is(err, fs.ErrNotExist): // deleted meanwhile
		case err != nil:
			failed = append(failed, err)
		default:
			records = append(records, r)
		}
	}
	slices.SortFunc(records, byStart)
	return records, failed
}

// Peek returns the records that List would, without taking a lock or deleting anything: so it does
// not know which creates are running. What cannot be read is left out.
func (s *Store) Peek() []Record {
	names, _ := s.names() // without a folder there are none
	var records []Record
	for _, name := range names {
		r, err := s.read(filepath.Join(s.folder, name)) // a lock is an empty file
		if err == nil && !r.over(s.now()) {
			records = append(records, r)
		}
	}
	slices.SortFunc(records, byStart)
	return records
}

// Age moves the times of all records of the sandbox into the past, as the sandbox does with its own.
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

func byStart(a, b Record) int { return a.StartedAt.Compare(b.StartedAt) }

// names are the files in the folder; none where there is no folder.
func (s *Store) names() ([]string, error) {
	entries, err := s.disk.ReadDir(s.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the records cannot be listed: %w", err)
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names, nil
}

// inspect reads one record and finds out whether another process works on it.
func (s *Store) inspect(ctx context.Context, path string) (r Record, err error) {
	lock, err := s.tryLock(ctx, path)
	switch {
	case errors.Is(err, ErrRunning):
		r, err = s.read(path)
		if errors.Is(err, errTorn) || errors.Is(err, errEmpty) {
			err = fs.ErrNotExist // it is being written
		}
		r.State = Running
		return r, err
	case err != nil && !Unwritable(err):
		return Record{}, fmt.Errorf("record %s: %w", path, err)
	}
	r, err = s.read(path)
	if errors.Is(err, errEmpty) || r.over(s.now()) {
		if removed := s.disk.Remove(path); removed == nil || errors.Is(err, errEmpty) {
			err = fs.ErrNotExist
		} else if !Unwritable(removed) { // otherwise it goes another time
			err = removed
		}
	}
	if lock == nil {
		return r, err
	}
	if left := s.release(ctx, path, lock); !Unwritable(left) { // otherwise the lock file goes another time
		err = errors.Join(err, left)
	}
	return r, err
}

// sweep deletes a lock file without a record: what is left of a process that was killed before it
// wrote one.
func (s *Store) sweep(ctx context.Context, name string) []error {
	path := filepath.Join(s.folder, name)
	if _, err := s.disk.Lstat(path); err == nil {
		return nil // its record is there, or it is the folder's own
	}
	lock, err := s.tryLock(ctx, path)
	if err == nil {
		err = s.release(ctx, path, lock)
	}
	if err == nil || errors.Is(err, ErrRunning) || Unwritable(err) {
		return nil
	}
	return []error{fmt.Errorf("lock %s: %w", path+lockSuffix, err)}
}

func (s *Store) path(token string) string {
	sum := sha256.Sum256([]byte(token))
	return filepath.Join(s.folder, hex.EncodeToString(sum[:]))
}

func (s *Store) read(path string) (Record, error) {
	journal, err := s.disk.Read(path, largestRecord)
	if err != nil {
		return Record{}, err
	}
	r, err := parse(journal)
	if err != nil {
		return r, &Damaged{path, err}
	}
	return r, nil
}

// write adds a line to a journal, in one write. The line break before it ends a line that was cut
// short.
func write(journal io.Writer, line any) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = journal.Write(slices.Concat([]byte("\n"), text, []byte("\n")))
	return err
}

// wholeLines are the lines that end in a line break, without empty ones.
func wholeLines(journal []byte) [][]byte {
	end := bytes.LastIndexByte(journal, '\n')
	if end < 0 {
		return nil
	}
	return slices.DeleteFunc(bytes.Split(journal[:end], []byte("\n")), func(line []byte) bool { return len(line) == 0 })
}
