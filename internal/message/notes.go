package message

import (
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/ui"
)

// Note returns the text of a note; empty: there is nothing to say.
func (c Invocation) Note(n issuance.Note) string {
	l := c.Language
	switch n := n.(type) {
	case issuance.RecordStale:
		return l.Text("note: cannot update the record: %s", sentenceOf(c, n.Err))
	case issuance.RecordUnreadable:
		return l.Text("warning: cannot read a record: %s", sentenceOf(c, n.Err))
	case issuance.FolderMadePrivate:
		return l.Text("note: other users could read the folder of records; it is private now")
	case issuance.Unrecorded:
		return l.Text("note: no record can be kept (%s); your client token is the only way to get this code again", sentenceOf(c, n.Err))
	case issuance.Waiting:
		if n.Batch != "" {
			return l.Text("waiting for another process that works on the batch %s", ui.Clean(n.Batch))
		}
		return l.Text("waiting for another process that uses %s", ui.Clean(n.File))
	case issuance.NewCode:
		return newCode(l, c.Line, n)
	case issuance.NotChecked:
		return l.Text("note: could not check whether this is a NEW code: %s", because(l, n.Err))
	case issuance.InactiveCode:
		return l.Text("note: the code is %s", state(l, n.Status))
	case issuance.DeletedCode:
		return l.Text("note: the code does not exist any more: it was deleted, so no machine can register with it")
	case issuance.Candidates:
		return candidates(l, c.Line, n)
	case issuance.NotSearched:
		return l.Text("note: could not search %s for it: %s", n.RegionId, because(l, n.Err))
	case issuance.NotSavable:
		return l.Text("warning: the code is shown here and not saved: %s", sentenceOf(c, n.Err))
	case issuance.NotReused:
		return l.Text("note: %s is not reused: %s", ui.Clean(n.Ref.String()), unfit(l, c.Flag, n))
	case issuance.NotPrivate:
		return l.Text("warning: other users may be able to read the code: %s", sentenceOf(c, n.Err))
	case issuance.EarlierUnfinished:
		return l.Text("note: a previous run was interrupted; its code would be recovered first")
	case issuance.EarlierRefused:
		return l.Text("note: cannot recover the code of a previous run, so a NEW code is created: %s; see:  %s",
			because(l, n.Err), c.Line.Run(recoverWords(n.Token)))
	case issuance.NotListed:
		return l.Text("note: could not list the codes in %s, so times of codes may be missing: %s", n.RegionId, because(l, n.Err))
	case issuance.Surplus:
		return surplus(c, n)
	case issuance.RetireFailed:
		return l.Text("warning: could not retire an old code: %s", sentenceOf(c, n.Err))
	}
	return ""
}

// newCode returns the warning that a code is not the lost one.
func newCode(l Language, line Line, n issuance.NewCode) string {
	made := ui.Clean(n.CreationTime)
	earlier := activation.Ref{RegionId: n.Ref.RegionId, ActivationId: n.Earlier}
	switch {
	case n.Earlier == "" && made == "":
		return l.Text("warning: this is a NEW code; the service has forgotten the first request, whose code may exist")
	case n.Earlier == "":
		return l.Text("warning: this is a NEW code (created %s); the service has forgotten the first request, whose code may exist", made)
	case made == "":
		return toDisable(l, line, l.Text("warning: this is a NEW code; the service has forgotten the first request, whose code is %s", ui.Clean(n.Earlier)), earlier)
	}
	return toDisable(l, line, l.Text("warning: this is a NEW code (created %s); the service has forgotten the first request, whose code is %s", made, ui.Clean(n.Earlier)), earlier)
}

// candidates returns one line for each code that may be the lost one.
func candidates(l Language, line Line, n issuance.Candidates) string {
	if len(n.Codes) == 0 {
		return l.Text("note: no other code in %s has its name, tags and time", n.RegionId)
	}
	lines := make([]string, len(n.Codes))
	for i, code := range n.Codes {
		lines[i] = toDisable(l, line, l.Text("note: it may be %s, created %s", ui.Clean(code.ActivationId), ui.Clean(code.CreationTime)), code.Ref())
	}
	return strings.Join(lines, "\n")
}

// surplus returns one line for each code that may be a second code of a batch.
func surplus(c Invocation, n issuance.Surplus) string {
	l := c.Language
	if n.Err != nil {
		return l.Text("note: creates were sent more than once, and the codes in %s could not be listed to find second codes: %s", n.RegionId, because(l, n.Err))
	}
	lines := make([]string, len(n.Codes))
	for i, code := range n.Codes {
		lines[i] = toDisable(l, c.Line, l.Text("warning: %s (%s, created %s) may be a second code of a row, because its create was sent more than once",
			ui.Clean(code.ActivationId), ui.Clean(code.InstanceName), ui.Clean(code.CreationTime)), code.Ref())
	}
	return strings.Join(lines, "\n")
}

// toDisable returns a sentence about a code with the command that disables the code.
func toDisable(l Language, line Line, sentence string, ref activation.Ref) string {
	if word, valid := ref.Word(); valid {
		return l.Text("%s; to stop it:  %s", sentence, line.Command("disable", word))
	}
	return sentence
}

// unfit returns why a code cannot be reused.
func unfit(l Language, flags Flags, n issuance.NotReused) string {
	switch {
	case n.Missing:
		return l.Text("it no longer exists")
	case n.Parameter != "":
		return l.Text("it was created with another %s", flags.of(n.Parameter).Name)
	}
	return reason(l, n.Unmet)
}

// because returns the reason of a note.
func because(l Language, err error) string {
	if err == nil {
		return l.Text("the service did not return when the code was created")
	}
	return ui.Clean(causeOf(l, err))
}

// sentenceOf returns the sentence of an error, safe to print.
func sentenceOf(c Invocation, err error) string { return ui.Clean(c.Sentence(err)) }

// Clock returns a note about this machine's clock, if it was more than a minute wrong when an answer came;
// otherwise "".
func (c Invocation) Clock(answer activation.Answer) string {
	off := answer.ReceivedAt.Sub(answer.Date)
	switch {
	case answer.Date.IsZero() || off.Abs() <= time.Minute:
		return ""
	case off < 0:
		return c.Language.Text("note: this machine's clock is %s behind the service's clock; the times shown are the service's", ui.Span(off))
	}
	return c.Language.Text("note: this machine's clock is %s ahead of the service's clock; the times shown are the service's", ui.Span(off))
}

// Kept returns a note about expired and disabled codes that prune cannot delete.
func Kept(l Language, used []activation.Activation) string {
	ids := make([]string, len(used))
	for i, code := range used {
		ids[i] = ui.Clean(code.Ref().String())
	}
	return l.Count(len(ids), "note: %s expired or disabled code was used and cannot be deleted: %s",
		"note: %s expired or disabled codes were used and cannot be deleted: %s", some(l, ids))
}

// Others returns a note about records that recover ignores: those of the sandbox, or of the real service.
func (c Invocation) Others(n int, inSandbox bool) string {
	if inSandbox {
		return c.Language.Text("note: %s more to recover in the sandbox:  %s", ui.Number(n), c.Line.Elsewhere(true).Command("recover"))
	}
	return c.Language.Text("note: %s more to recover in the real service:  %s", ui.Number(n), c.Line.Elsewhere(false).Command("recover"))
}
