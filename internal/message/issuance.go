package message

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

// Invocation is the command that is running, as far as messages repeat it.
type Invocation struct {
	Op    string   // its verb
	Again []string // its words, to run it once more
	Form  []string // the flags for the form in which it prints a code

	Line Line
	Flag func(parameter string) string // the flag of a parameter of the API

	// OwnToken: the user gave the client token, so repeating the command makes no second code.
	OwnToken bool
	// Replays: the command is recover, and repeating it makes no second code.
	Replays bool
}

// Note returns the text of a note; empty: there is nothing to say.
func (c Invocation) Note(n issuance.Note) string {
	switch n := n.(type) {
	case issuance.RecordStale:
		return "note: cannot update the record: " + clean(n.Err)
	case issuance.RecordUnreadable:
		return "warning: cannot read a record: " + clean(n.Err)
	case issuance.FolderMadePrivate:
		return "note: other users could read the folder of records; it is private now"
	case issuance.Unrecorded:
		return fmt.Sprintf("note: no record can be kept (%s); your client token is the only way to get this code again", clean(n.Err))
	case issuance.Waiting:
		return "waiting for another process that uses " + ui.Clean(n.File)
	case issuance.NewCode:
		return c.newCode(n)
	case issuance.NotChecked:
		return "note: could not check whether this is a NEW code" + because(n.Err)
	case issuance.InactiveCode:
		return fmt.Sprintf("note: the code is %s", n.Status)
	case issuance.Candidates:
		return c.candidates(n)
	case issuance.NotSearched:
		return fmt.Sprintf("note: could not search %s for it%s", n.RegionId, because(n.Err))
	case issuance.NotSavable:
		return "warning: the code is shown here and not saved: " + clean(n.Err)
	case issuance.NotReused:
		return fmt.Sprintf("note: %s is not reused: %s", ui.Clean(n.Ref.String()), c.unfit(n))
	case issuance.NotPrivate:
		return "warning: other users may be able to read the code: " + clean(n.Err)
	case issuance.EarlierUnfinished:
		return "note: a previous run was interrupted; its code would be recovered first"
	case issuance.EarlierRefused:
		return fmt.Sprintf("note: cannot recover the code of a previous run, so a NEW code is made%s; see:  %s",
			because(n.Err), c.Line.Run(RecoverWords(n.Token)))
	case issuance.RetireFailed:
		return "warning: could not retire an old code: " + clean(n.Err)
	}
	return ""
}

// newCode says that a code is not the one that was lost.
func (c Invocation) newCode(n issuance.NewCode) string {
	text := "warning: this is a NEW code"
	if n.CreationTime != "" {
		text += fmt.Sprintf(" (made %s)", ui.Clean(n.CreationTime))
	}
	text += "; the service has forgotten the first request"
	if n.Earlier == "" {
		return text + ", whose code may exist"
	}
	earlier := activation.Ref{RegionId: n.Ref.RegionId, ActivationId: n.Earlier}
	return text + ", whose code is " + ui.Clean(n.Earlier) + c.toDisable(earlier)
}

// candidates names the codes that may be the lost one, a line each.
func (c Invocation) candidates(n issuance.Candidates) string {
	if len(n.Codes) == 0 {
		return fmt.Sprintf("note: no other code in %s has its name, tags and time", n.RegionId)
	}
	lines := make([]string, len(n.Codes))
	for i, code := range n.Codes {
		lines[i] = fmt.Sprintf("note: it may be %s, made %s%s", ui.Clean(code.ActivationId), ui.Clean(code.CreationTime), c.toDisable(code.Ref()))
	}
	return strings.Join(lines, "\n")
}

// toDisable is the end of a sentence that names a code: the command that disables it.
func (c Invocation) toDisable(ref activation.Ref) string {
	if word, valid := ref.Word(); valid {
		return "; to stop it:  " + c.Line.Command("disable", word)
	}
	return ""
}

// unfit says why a code will not do.
func (c Invocation) unfit(n issuance.NotReused) string {
	switch {
	case n.Missing:
		return "it no longer exists"
	case n.Parameter != "":
		return "it was made with another " + c.Flag(n.Parameter)
	}
	return n.Unmet
}

// Issuance returns an error of package issuance as one for the user: what failed, why, and what to
// do. Other errors are returned as they are.
func (c Invocation) Issuance(err error) error {
	var (
		unfinished *issuance.UnfinishedError
		unrecorded *issuance.NotRecorded
		unreadable *issuance.Unreadable
		busy       *issuance.Busy
		finished   *issuance.Finished
		missing    *issuance.NoRecord
		other      *issuance.OtherIdentity
		late       *issuance.CodeExpired
		notOurs    *issuance.NotReplaceable
		full       *issuance.QuotaFull
		exists     *codefile.Exists
		unwritable *codefile.NotWritable
	)
	known := &activation.Error{Kind: activation.KindOther, Op: c.Op, Err: err}
	switch {
	case errors.As(err, &unfinished):
		return c.unfinished(unfinished)
	case errors.As(err, &unrecorded):
		known.ID.RegionId = unrecorded.RegionId
		known.Err = fmt.Errorf("no record of the request can be kept, so its code could be lost; nothing was sent: %w", unrecorded.Err)
		known.Hint = "make the folder writable (XDG_STATE_HOME moves it), or give create --client-token TOKEN and keep the token"
	case errors.As(err, &unreadable):
		known.Err = fmt.Errorf("a record of a create cannot be read, and its code may be for this file; nothing was sent: %w", unreadable.Err)
		known.Hint, known.Command = "see the records", []string{Program, "recover"}
	case errors.As(err, &busy):
		return c.busy(busy)
	case errors.As(err, &finished):
		known.Kind, known.Err = activation.KindNotFound, errors.New("another process has finished the create meanwhile")
	case errors.As(err, &missing):
		known.Kind, known.Err = activation.KindNotFound, errors.New("there are no records of creates")
		known.Hint = "a record is deleted when its code has expired"
		if missing.Token != "" {
			known.Err = fmt.Errorf("there is no record of the token %q", missing.Token)
			known.Hint, known.Command = "see the records", []string{Program, "recover"}
		}
	case errors.As(err, &other):
		r := other.Record
		known.Kind, known.ID.RegionId = activation.KindIdentity, r.Request.RegionId
		known.Err = fmt.Errorf("the create was sent as %s (%s), and the current identity is %s (%s): replaying it with this identity could create a second code",
			r.Identity, r.Source, other.Identity, other.Source)
		known.Hint = "use the first identity again; if both belong to the same account (temporary keys change), this retrieves the code"
		known.Command = RecoverWords(r.Request.ClientToken, "--same-account")
	case errors.As(err, &late):
		r := late.Record
		known.ID.RegionId = r.Request.RegionId
		known.Err = fmt.Errorf("a code of this create expired at %s, and sending it again would make a new code", r.Expires().Format(time.RFC3339))
		known.Hint, known.Command = "delete its record", []string{Program, "recover", "--discard", r.Request.ClientToken}
	case errors.As(err, &notOurs):
		known.Kind, known.Err = activation.KindUsage, fmt.Errorf("%s is left as it is: %w", notOurs.File, notOurs.Err)
		known.Hint = "move it away, or name another file"
	case errors.As(err, &full):
		return c.quotaFull(full)
	case errors.As(err, &exists), errors.As(err, &unwritable):
		known.Kind, known.Hint = activation.KindUsage, OtherFile
	default:
		return err
	}
	return known
}

// OtherFile is what to do about a file that cannot be written.
const OtherFile = "name a new file in a folder that you can write to"

// unfinished adds to an error the command that brings the code. A create whose outcome is not known
// must not simply be repeated, so its error is no longer "worth retrying"; one with a token of the
// user's own may be, and so may ensure and recover.
func (c Invocation) unfinished(e *issuance.UnfinishedError) error {
	known := activation.Error{Kind: activation.KindOther, Op: c.Op, Err: e.Err}
	var failed *activation.Error
	if errors.As(e.Err, &failed) {
		known = *failed
		if c.Replays && e.Ref.ActivationId == "" {
			known.Op = c.Op
			return &known
		}
	} else {
		known.Op, known.ID = "deliver the code of", activation.Ref{RegionId: e.Ref.RegionId, ActivationId: ui.Clean(e.Ref.ActivationId)}
	}
	repeatable := e.Ensured || c.OwnToken && cmp.Or(known.Code, known.LastCode) == "IdempotentProcessing"
	if known.Kind != activation.KindInterrupted && !repeatable {
		known.Kind = activation.KindOther
	}
	known.Hint = "the code may exist; to retrieve it without creating another"
	if e.Outcome == pending.MadeUndelivered {
		known.Hint = "the code was made; to retrieve it without creating another"
	}
	known.Command = c.wayTo(e)
	return &known
}

// wayTo is the command that brings the code of an unfinished create.
func (c Invocation) wayTo(e *issuance.UnfinishedError) []string {
	var unreadable *codefile.Unreadable
	noFile := errors.As(e.Err, &unreadable) // recover shows it
	if e.Ensured && !noFile || !e.Recorded {
		return c.Again
	}
	form := c.Form
	var notSaved *issuance.NotSaved
	if errors.As(e.Err, &notSaved) && !noFile {
		form = append(slices.Clone(form), "--save", otherName(e.Ref.ActivationId))
	}
	return RecoverWords(e.Token, form...)
}

// otherName is a name for the file of a code whose own could not be written.
func otherName(activationID string) string {
	if name, valid := (activation.Ref{ActivationId: activationID}).Word(); valid {
		return name + ".json"
	}
	return "activation-code.json"
}

// RecoverWords are the command that recovers the create with a token.
func RecoverWords(token string, flags ...string) []string {
	if strings.HasPrefix(token, "-") { // it would be taken for a flag
		return slices.Concat([]string{Program, "recover"}, flags, []string{"--", token})
	}
	return slices.Concat([]string{Program, "recover", token}, flags)
}

// busy says that another process is at work.
func (c Invocation) busy(e *issuance.Busy) error {
	known := &activation.Error{Kind: activation.KindInterrupted, Op: c.Op, ID: activation.Ref{RegionId: e.RegionId}}
	switch {
	case errors.Is(e.Err, pending.ErrRunning):
		known.Kind = activation.KindConflict
		known.Err, known.Hint = errors.New("another process is still working on the create"), "wait until it ends"
		return known
	case errors.Is(e.Err, context.DeadlineExceeded):
		known.Kind = activation.KindUnavailable
	}
	known.Err = fmt.Errorf("another process is using this client token: %w", e.Err)
	if e.File != "" {
		known.Err = fmt.Errorf("another process is using %s: %w", e.File, e.Err)
	}
	return known
}

// quotaFull names what prune would delete in a region that is full.
func (c Invocation) quotaFull(e *issuance.QuotaFull) error {
	var failed *activation.Error
	if !errors.As(e.Err, &failed) {
		return e.Err
	}
	known := *failed
	if len(e.Unused) == 0 {
		known.Hint = "prune would delete nothing: all expired and disabled codes there were used; delete codes that are not needed, or ask Alibaba Cloud to raise the quota"
		return &known
	}
	ids := make([]string, len(e.Unused))
	for i, code := range e.Unused {
		ids[i] = ui.Clean(code.ActivationId)
	}
	known.Hint = fmt.Sprintf("prune would delete %s (%s)", ui.Count(len(ids), "code"), Some(ids))
	known.Command = []string{Program, "prune", "--region", e.RegionId}
	return &known
}

// mostNamed is how many of many a message names.
const mostNamed = 20

// Some names the first of many.
func Some(ids []string) string {
	text := strings.Join(ids[:min(len(ids), mostNamed)], ", ")
	if len(ids) > mostNamed {
		text += ", …"
	}
	return text
}

// because is the end of a sentence that has a reason, which may not be known.
func because(err error) string {
	if err == nil {
		return ": the service did not say when the code was made"
	}
	return ": " + clean(cause(err))
}

// cause is an error without what was attempted.
func cause(err error) error {
	var known *activation.Error
	if errors.As(err, &known) {
		return errors.New(known.Cause())
	}
	return err
}

func clean(err error) string { return ui.Clean(err.Error()) }
