package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/ui"
)

// savedIn reads the code in the file, and refuses a file that is not ours. Where there is no
// file the code is empty.
func (s *session) savedIn(file string) (codefile.File, error) {
	saved, err := codefile.Read(disk.OS{}, file)
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

// closeToOthers takes from everybody else what they may do with a file that holds a code.
func (s *session) closeToOthers(file string) {
	if err := codefile.MakePrivate(disk.OS{}, file); err != nil {
		s.say("warning: others may be able to read the code: %s", ui.Clean(err.Error()))
	}
}

// unfit says why a saved code will not do, or "". It completes the code with what the service
// tells about it.
func (s *session) unfit(ctx context.Context, saved *codefile.File, w wanted) (string, error) {
	if saved.ActivationId == "" {
		return "there is none", nil
	}
	if parameter := saved.Differs(w.request); parameter != "" {
		return "it was made with another " + flagFor(parameter), nil
	}
	found := lookUp(ctx, s.service, s.op, saved.Ref())
	switch {
	case activation.HasCode(found.err, "ActivationId.NotFound"):
		return "it is gone", nil
	case found.err != nil:
		return "", found.err
	}
	now := s.now(found.answer)
	s.mentionClock(found.answer)
	saved.Update(found.code, now)
	return w.need.Unmet(found.code, now), nil
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
