package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/ui"
)

// savedCode is what a file holds: create's JSON, and the codes it held before.
type savedCode struct {
	created
	Earlier []activation.Ref `json:",omitempty"` // those that may still be alive
}

// largestSave is far more than a saved code takes, in bytes.
const largestSave = 1 << 20

// readSaved reads a file with a code. Its error is fs.ErrNotExist, or says what is wrong with
// the file, without a word of what it holds.
func readSaved(file string) (savedCode, error) {
	info, err := os.Lstat(file)
	if err != nil {
		return savedCode{}, err
	}
	if !info.Mode().IsRegular() {
		return savedCode{}, errors.New("it is no regular file")
	}
	content, err := disk.ReadFile(file, largestSave)
	if err != nil {
		return savedCode{}, err
	}
	return parseSaved(content)
}

// parseSaved reads a saved code, or says why it is none.
func parseSaved(content []byte) (saved savedCode, err error) {
	machines, err := bootstrap.ParseSaved(content)
	if err == nil {
		err = machines.Check()
	}
	if err != nil {
		return saved, err
	}
	if json.Unmarshal(content, &saved) != nil {
		return savedCode{}, errors.New("it is not as create --save writes it")
	}
	for _, ref := range saved.Earlier {
		if parsed, err := activation.ParseRef(ref.String()); err != nil || parsed != ref || ref.RegionId == "" {
			return savedCode{}, errors.New("its Earlier codes are damaged")
		}
	}
	return saved, nil
}

func (c created) ref() activation.Ref {
	return activation.Ref{RegionId: c.RegionId, ActivationId: c.ActivationId}
}

// refs are all codes of the file, none where there is no file.
func (s savedCode) refs() []activation.Ref {
	if s.ActivationId == "" {
		return s.Earlier
	}
	return append(slices.Clone(s.Earlier), s.ref())
}

// saveCode writes the code to its file: to a new one, or to one that holds the code it
// replaces. A file that holds this very code was written by an earlier attempt, which ended
// before it could say so.
func saveCode(to pending.Target, view created) error {
	there, err := readSaved(to.Save)
	if err == nil && there.ActivationId == view.ActivationId && there.ActivationCode == view.ActivationCode {
		return nil
	}
	var content bytes.Buffer
	if err := ui.JSON(&content, savedCode{view, to.Earlier}); err != nil {
		return err
	}
	if err == nil && to.Replaces != "" && there.ActivationId == to.Replaces {
		return pending.Replace(to.Save, content.Bytes())
	}
	return pending.Save(to.Save, content.Bytes())
}

// savedIn reads the code in the file, and refuses a file that is not ours. Where there is no
// file the code is empty.
func (s *session) savedIn(file string) (savedCode, error) {
	saved, err := readSaved(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return saved, nil
	case err == nil && s.sandbox() && !sandbox.Made(saved.ActivationCode):
		err = errors.New("its code is a real one, and the sandbox would take it for one that is gone")
	case err == nil:
		return saved, nil
	}
	return saved, usageError(s.op, fmt.Sprintf("%s is left as it is: %s", file, err), "move it away, or name another file")
}

// closeToOthers takes from everybody else what they may do with a file that holds a code. Printed
// into a file, or copied there, it may have come with more.
func (s *session) closeToOthers(file string) {
	info, err := os.Stat(file)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = os.Chmod(file, 0o600)
	}
	if err != nil {
		s.say("warning: others may be able to read the code: %s", ui.Clean(err.Error()))
	}
}

// unfit says why a saved code will not do, or "". It completes the code with what the service
// tells about it.
func (s *session) unfit(ctx context.Context, saved *savedCode, w wanted) (string, error) {
	if saved.ActivationId == "" {
		return "there is none", nil
	}
	if flag := differs(saved.created, w.request); flag != "" {
		return "it was made with another " + flag, nil
	}
	found := lookUp(ctx, s.service, s.op, saved.ref())
	switch {
	case activation.HasCode(found.err, "ActivationId.NotFound"):
		return "it is gone", nil
	case found.err != nil:
		return "", found.err
	}
	now := s.now(found.answer)
	s.mentionClock(found.answer)
	saved.know(found.code, now)
	return w.need.Unmet(found.code, now), nil
}

// differs names the flag that was another one when a code was made, or "".
func differs(c created, r activation.CreateRequest) string {
	for _, p := range []struct {
		parameter string
		same      bool
	}{
		{"RegionId", c.RegionId == r.RegionId},
		{"InstanceName", c.InstanceName == r.InstanceName},
		{"Description", c.Description == r.Description},
		{"InstanceCount", c.InstanceCount == r.InstanceCount},
		{"TimeToLiveInHours", c.TimeToLiveInHours == r.TimeToLiveInHours},
		{"IpAddressRange", c.IpAddressRange == r.IpAddressRange},
		{"ResourceGroupId", c.ResourceGroupId == r.ResourceGroupId},
		{"Tag", slices.Equal(sorted(c.Tags), sorted(r.Tags))},
	} {
		if !p.same {
			return flagFor(p.parameter)
		}
	}
	return ""
}

// sorted are tags in the order of their keys, which are unique.
func sorted(tags []activation.Tag) []activation.Tag {
	return slices.SortedFunc(slices.Values(tags), func(a, b activation.Tag) int { return cmp.Compare(a.TagKey, b.TagKey) })
}

// realPath is the one name of a file: absolute, without symbolic links. The file need not
// exist; its folder must.
func realPath(file string) (string, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real, nil
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	return filepath.Join(folder, filepath.Base(path)), err
}

// hold keeps other runs from a file that codes go to, and waits for one that is at work.
func (s *session) hold(store *pending.Store, file string) (release func() error, err error) {
	ctx, stop := s.limited()
	defer stop()
	release, err = store.Hold(ctx, file, func() { s.say("waiting for another run that is at work on %s", ui.Clean(file)) })
	switch {
	case err == nil:
		return release, nil
	case ctx.Err() != nil:
		return nil, s.waiting(activation.Ref{}, fmt.Errorf("another run is at work on %s: %w", file, err))
	}
	return nil, &activation.Error{
		Kind: activation.KindOther, Op: s.op, Hint: "make the folder writable (XDG_STATE_HOME moves it)",
		Err: fmt.Errorf("no lock and no record can be kept, so a code could be lost; nothing was sent: %w", err),
	}
}
