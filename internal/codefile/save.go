package codefile

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"ecs-activation/internal/disk"
)

// Options say which create a file is saved for.
type Options struct {
	// Token is the client token of the create. Whoever saves for a token holds the lock of its
	// record, so that no other process uses the same temporary file. Empty: there is no record.
	Token string
	// Replaces is the ActivationId that the file may hold and then loses. Empty: the file must
	// be new.
	Replaces string
}

// Save writes a code to a new file, or to one that holds the code that it replaces. At every moment
// the file is absent, or holds the old content or the new one, whole. Without an error the code
// survives a power cut. A file that holds this very code is a success: an earlier attempt has
// written it, and may have ended before the folder was synced.
func Save(fsys disk.FS, path string, f File, o Options) error {
	content, err := encode(f)
	if err != nil {
		return &Unreadable{path, err}
	}
	temporary := temporaryName(path, o.Token)
	if err := removeIfThere(fsys, temporary); err != nil {
		return notPlaced(path, err)
	}
	there, err := Read(fsys, path)
	switch {
	case err == nil && there.holds(f):
		err = nil
	case err == nil && o.Replaces != "" && there.ActivationId == o.Replaces:
		err = put(fsys, temporary, path, content, fsys.Rename)
	default:
		err = put(fsys, temporary, path, content, renameNew(fsys))
	}
	if err == nil {
		err = fsys.SyncFolder(filepath.Dir(path))
	}
	return notPlaced(path, err)
}

// holds says whether two files hold the same code.
func (f File) holds(other File) bool {
	return f.ActivationId == other.ActivationId && f.ActivationCode == other.ActivationCode
}

// RemoveTemporary removes what a killed process has left beside a file, when it saved the code of
// the create with that token. The caller holds the lock of the create's record.
func RemoveTemporary(fsys disk.FS, path, token string) error {
	err := removeIfThere(fsys, temporaryName(path, token))
	if err == nil {
		err = fsys.SyncFolder(filepath.Dir(path))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // no folder, no file
		return fmt.Errorf("a temporary file beside %s cannot be removed: %w", path, cause(err))
	}
	return nil
}

// removeIfThere looks before it removes: a file system that is read-only refuses to remove even what
// does not exist.
func removeIfThere(fsys disk.FS, path string) error {
	if _, err := fsys.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fsys.Remove(path)
}

// prefix is what the names of our temporary files begin with.
const prefix = ".ecs-activation-"

// temporaryName is the same in every attempt to save the code of one create, so that the next one
// finds what a killed process has left. Without a token it is a new name each time.
func temporaryName(path, token string) string {
	name := rand.Text()
	if token != "" {
		sum := sha256.Sum256([]byte(token))
		name = hex.EncodeToString(sum[:8])
	}
	return filepath.Join(filepath.Dir(path), prefix+name)
}

// put writes a temporary file, syncs it, and gives it the name of the file. The temporary file is
// gone afterwards.
func put(fsys disk.FS, temporary, path string, content []byte, rename func(from, to string) error) error {
	f, err := fsys.Create(temporary)
	if err != nil {
		return notWritable(fsys, path, err)
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = rename(temporary, path)
	}
	if left := fsys.Remove(temporary); !errors.Is(left, fs.ErrNotExist) {
		err = errors.Join(err, left)
	}
	return err
}

// renameNew returns what gives a temporary file its name and never replaces a file: a link, whose
// other name is then removed, or on a file system without links a rename that replaces no file.
func renameNew(fsys disk.FS) func(from, to string) error {
	return func(from, to string) error {
		linked := fsys.Link(from, to)
		if linked == nil || errors.Is(linked, fs.ErrExist) {
			return linked
		}
		renamed := fsys.RenameNew(from, to)
		if errors.Is(renamed, errors.ErrUnsupported) {
			return fmt.Errorf("its file system has neither hard links (%w) nor a rename that replaces no file", cause(linked))
		}
		return renamed
	}
}
