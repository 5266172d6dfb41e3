package codefile

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
)

// Options are the options of Save.
type Options struct {
	// Token is the client token of the create. The caller must hold the lock of its record, so that
	// no other process uses the same temporary file. Empty: the create has no record.
	Token string
	// Replaces is the ActivationId in the file that may be overwritten. Empty: the file must not exist.
	Replaces string
	// Script is the script that the file contains instead of the JSON. Empty: the file is JSON.
	Script string
}

// Save writes a code to a new file, or to a file that contains the code to be replaced. At any time
// the file does not exist, or contains the complete old or the complete new content. If Save returns
// nil, the code survives a power cut. If the file already contains the same code, Save succeeds: an
// earlier attempt wrote it, and may have been killed before it synced the folder.
func Save(fsys disk.FS, path string, f File, o Options) error {
	content, err := o.encode(f)
	if err != nil {
		return &Unreadable{path, err}
	}
	temporary := temporaryName(path, o.Token)
	if err := removeIfExists(fsys, temporary); err != nil {
		return notSaved(path, err)
	}
	existing, err := ReadAny(fsys, path)
	switch {
	case existing.sameCode(f):
	case err == nil && existing.ActivationId == o.Replaces:
		err = writeFile(fsys, temporary, path, content, fsys.Rename)
	default:
		err = writeFile(fsys, temporary, path, content, renameNew(fsys))
	}
	if err == nil {
		err = fsys.SyncFolder(filepath.Dir(path))
	}
	return notSaved(path, err)
}

// encode returns the content of the file.
func (o Options) encode(f File) ([]byte, error) {
	if o.Script != "" {
		return encodeScript(f, o.Script)
	}
	return encode(f)
}

// sameCode reports whether two files contain the same code in the same form. The code of a script that was
// read is not known, but an ActivationId has only one code.
func (f File) sameCode(other File) bool {
	return f.ActivationId == other.ActivationId && slices.Equal(f.Form, other.Form) &&
		(f.ActivationCode == other.ActivationCode || len(f.Form) > 0)
}

// RemoveTemporary removes the temporary file that a killed process left beside a file when it saved
// the code of a token. The caller must hold the lock of the record.
func RemoveTemporary(fsys disk.FS, path, token string) error {
	err := removeIfExists(fsys, temporaryName(path, token))
	if err == nil {
		err = fsys.SyncFolder(filepath.Dir(path))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // if the folder does not exist, there is no file to remove
		return activation.Textf("cannot remove a temporary file in the folder of %s: %w", path, cause(err))
	}
	return nil
}

// removeIfExists removes a file if it exists. It checks that first, because a read-only file system
// returns an error even for a file that does not exist.
func removeIfExists(fsys disk.FS, path string) error {
	if _, err := fsys.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fsys.Remove(path)
}

// prefix is the prefix of the names of temporary files.
const prefix = ".ecs-activation-"

// temporaryName returns the path of a temporary file. It is the same in every attempt to save the
// code of one token, so that an attempt can remove the file of a killed process. Without a token it is
// a new name each time.
func temporaryName(path, token string) string {
	name := rand.Text()
	if token != "" {
		sum := sha256.Sum256([]byte(token))
		name = hex.EncodeToString(sum[:8])
	}
	return filepath.Join(filepath.Dir(path), prefix+name)
}

// writeFile writes and syncs a temporary file, and renames it. The temporary file no longer exists
// afterwards.
func writeFile(fsys disk.FS, temporary, path string, content []byte, rename func(from, to string) error) error {
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
	if failed := fsys.Remove(temporary); !errors.Is(failed, fs.ErrNotExist) {
		err = errors.Join(err, failed)
	}
	return err
}

// renameNew returns a function that renames a file and never replaces another one. It creates a hard
// link, and the caller removes the old name. On a file system without hard links it uses a rename that
// does not replace files.
func renameNew(fsys disk.FS) func(from, to string) error {
	return func(from, to string) error {
		linked := fsys.Link(from, to)
		if linked == nil || errors.Is(linked, fs.ErrExist) {
			return linked
		}
		renamed := fsys.RenameNew(from, to)
		if errors.Is(renamed, errors.ErrUnsupported) {
			return activation.Textf("the file system supports neither hard links (%w) nor a rename that does not replace files", cause(linked))
		}
		return renamed
	}
}
