package codefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"

	"ecs-activation/internal/disk"
)

// A script for a machine contains a code, but not the request that created it. So its last line is a
// comment, with the JSON of the file without the ActivationCode. In the languages of all scripts "#"
// starts a comment.
const scriptComment = "# ecs-activation: "

// encodeScript returns a script with the comment. It returns an error if the code cannot be used.
func encodeScript(f File, script string) ([]byte, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	f.ActivationCode = ""
	about, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return slices.Concat([]byte(script), []byte(scriptComment), escapeControls(string(about)), []byte("\n")), nil
}

// ReadAny reads a file that Save has written: JSON or a script. The code of a script has no
// ActivationCode. Errors are those of Read.
func ReadAny(fsys disk.FS, path string) (File, error) {
	f, err := Read(fsys, path)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	content, failed := fsys.Read(path, Largest)
	if failed != nil {
		return File{}, err
	}
	lines := bytes.Split(bytes.TrimSuffix(content, []byte("\n")), []byte("\n"))
	about, isScript := bytes.CutPrefix(lines[len(lines)-1], []byte(scriptComment))
	if !isScript {
		return File{}, err
	}
	if f, err = Parse(about); err == nil {
		err = f.checkRef()
	}
	if err != nil {
		return File{}, err
	}
	return f, nil
}
