package pending

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
)

// Store is the folder of records. The folder is private (0700). It holds one journal (0600) for each
// client token, named by the SHA-256 of the token in hexadecimal. The process that works on a record
// holds a lock on a second file, which has the same name and the suffix ".lock".
type Store struct {
	disk   disk.FS
	folder string
	now    func() time.Time
	locks  locks
}

// New returns the store in a folder. It does not access the disk.
func New(fsys disk.FS, folder string, now func() time.Time) *Store {
	return &Store{disk: fsys, folder: folder, now: now, locks: locks{fsys, folder}}
}

// The errors of a store.
var (
	// ErrRunning: another process works on the record.
	ErrRunning = errors.New("another process is working on the record")
	// ErrOtherRequest: the token already has a record, and its create has other parameters.
	ErrOtherRequest = errors.New("the record of the first create has other parameters")

	errIncomplete = errors.New("the file is incomplete, and no request was sent: delete the file")
	errEmpty      = errors.New("the file is empty")
)

// Damaged is the error of a record whose request cannot be read. The create cannot be repeated.
type Damaged struct {
	Path string
	Err  error
}

func (d *Damaged) Error() string { return "record " + d.Path + ": " + d.Err.Error() }
func (d *Damaged) Unwrap() error { return d.Err }

// largestRecord is the size limit of a journal in bytes. A journal grows by 60 bytes with each attempt: an ensure that
// runs every minute on a machine without a network adds 4 MiB in ten days.
const largestRecord = 64 << 20

// MakePrivate removes the permissions that other users of the machine have on the folder. It reports
// whether there were any.
func (s *Store) MakePrivate() (changed bool, err error) {
	info, err := s.disk.Lstat(s.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return false, err
	}
	return true, s.disk.Chmod(s.folder, 0o700)
}

// hideFileName returns an error that names the folder instead of a file in it, because the names of
// those files mean nothing to users.
func hideFileName(folder string, err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return activation.Textf("%s: %w", folder, file.Err)
	}
	return err
}

// names returns the names of the files in the folder. It returns none if the folder does not exist.
func (s *Store) names() ([]string, error) {
	entries, err := s.disk.ReadDir(s.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, activation.Textf("cannot list the records: %w", err)
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names, nil
}

// path returns the path of the record of a token.
func (s *Store) path(token string) string {
	sum := sha256.Sum256([]byte(token))
	return filepath.Join(s.folder, hex.EncodeToString(sum[:]))
}

// read reads the record at a path.
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
