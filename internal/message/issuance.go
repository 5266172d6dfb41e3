package message

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

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
		return unfinishedError(c, unfinished)
	case errors.As(err, &unrecorded):
		known.ID.RegionId = unrecorded.RegionId
		known.Err = activation.Textf("no record of the request can be kept, so its code could be lost; nothing was sent: %w", unrecorded.Err)
		known = known.Advise("make the folder writable (XDG_STATE_HOME moves it), or give create --client-token TOKEN and keep the token")
		if errors.As(err, new(*pending.Damaged)) {
			known = known.Advise("delete that file, and repeat the command with the same account: the client token is the same, so the service returns the same code")
		}
	case errors.As(err, &unreadable):
		known.Err = activation.Textf("a record of a create cannot be read, and its code may be for this file; nothing was sent: %w", unreadable.Err)
		known.Advise("see the records").Command = []string{Program, "recover"}
	case errors.As(err, &busy):
		return busyError(c.Op, busy)
	case errors.As(err, &finished):
		known.Kind, known.Err = activation.KindNotFound, activation.Textf("another process has finished the create meanwhile")
	case errors.As(err, &missing):
		known.Kind, known.Err = activation.KindNotFound, activation.Textf("there are no records of creates")
		known = known.Advise("a record is deleted when its code has expired")
		if missing.Token != "" {
			known.Err = activation.Textf("there is no record of the token %q", missing.Token)
			known.Advise("see the records").Command = []string{Program, "recover"}
		}
	case errors.As(err, &other):
		r := other.Record
		known.Kind, known.ID.RegionId = activation.KindIdentity, r.Request.RegionId
		known.Err = activation.Textf("the create was sent as %s (%s), and the current identity is %s (%s): replaying it with this identity could create a second code",
			r.Identity, activation.Origin(r.Source), other.Identity, activation.Origin(other.Source))
		known = known.Advise("use the first identity again; if both belong to the same account (temporary keys change), this retrieves the code")
		known.Command = recoverWords(r.Request.ClientToken, "--same-account")
	case errors.As(err, &late):
		r := late.Record
		known.ID.RegionId = r.Request.RegionId
		known.Err = activation.Textf("a code of this create expired at %s, and sending it again would make a new code", r.Expires().Format(time.RFC3339))
		known.Advise("delete its record").Command = []string{Program, "recover", "--discard", r.Request.ClientToken}
	case errors.As(err, &notOurs):
		known.Kind, known.Err = activation.KindUsage, activation.Textf("%s was not changed: %w", notOurs.File, notOurs.Err)
		known = known.Advise("move it away, or name another file")
	case errors.As(err, &full):
		return quotaError(c, full)
	case errors.As(err, &exists), errors.As(err, &unwritable):
		known.Kind = activation.KindUsage
		known = known.Advise(OtherFile(err))
	default:
		return err
	}
	return known
}

// OtherFile returns the hint about a file that exists or cannot be written.
func OtherFile(err error) string {
	if errors.As(err, new(*codefile.Exists)) {
		return "give another name; ensure --save FILE reuses the code in a file as long as it can be used"
	}
	return "give a new file in a folder that you can write to"
}

// unfinishedError adds to an error the command that retrieves the code. A create with an unknown outcome must not be
// repeated, so its error is no longer "worth retrying", except if the user gave the client token, or if the
// command is ensure or recover.
func unfinishedError(c Invocation, e *issuance.UnfinishedError) error {
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
	repeatable := e.Repeatable || c.OwnToken && cmp.Or(known.Code, known.LastCode) == "IdempotentProcessing"
	if known.Kind != activation.KindInterrupted && !repeatable {
		known.Kind = activation.KindOther
	}
	known = *known.Advise("the code may exist; to retrieve it without creating another")
	if e.Outcome == pending.MadeUndelivered {
		known = *known.Advise("the code was created; to retrieve it without creating another")
	}
	known.Command = wayTo(c, e)
	return &known
}

// wayTo returns the command that retrieves the code of an unfinished create.
func wayTo(c Invocation, e *issuance.UnfinishedError) []string {
	form := c.Form
	if e.Recorded && errors.As(e.Err, new(*NotInScript)) {
		return recoverWords(e.Token, "-o", "json")
	}
	var unreadable *codefile.Unreadable
	noFile := errors.As(e.Err, &unreadable) // recover shows it
	var notSaved *issuance.NotSaved
	taken := errors.As(e.Err, &notSaved) && errors.Is(e.Err, fs.ErrExist) // the same command would fail again
	repeats := e.Repeatable && !noFile && !taken
	switch {
	case repeats && c.Stream:
		return []string{Program, "recover", "--all"}
	case repeats || !e.Recorded:
		return c.Again
	}
	if errors.As(e.Err, &notSaved) && !noFile {
		form = append(slices.Clone(form), "--save", otherName(e.Ref.ActivationId))
	}
	return recoverWords(e.Token, form...)
}

// otherName returns another name for the file of a code, if its file could not be written.
func otherName(activationID string) string {
	if name, valid := (activation.Ref{ActivationId: activationID}).Word(); valid {
		return name + ".json"
	}
	return "activation-code.json"
}

// recoverWords returns the command that recovers the create with a token.
func recoverWords(token string, flags ...string) []string {
	if strings.HasPrefix(token, "-") { // it would be parsed as a flag
		return slices.Concat([]string{Program, "recover"}, flags, []string{"--", token})
	}
	return slices.Concat([]string{Program, "recover", token}, flags)
}

// busy returns the error for a create or a file that another process is using.
func busyError(op string, e *issuance.Busy) error {
	known := &activation.Error{Kind: activation.KindInterrupted, Op: op, ID: activation.Ref{RegionId: e.RegionId}}
	switch {
	case errors.Is(e.Err, pending.ErrRunning):
		known.Kind = activation.KindConflict
		known.Err = activation.Textf("another process is still working on the create")
		return known.Advise("wait until it ends")
	case errors.Is(e.Err, context.DeadlineExceeded):
		known.Kind = activation.KindUnavailable
	}
	known.Err = activation.Textf("another process is using this client token: %w", e.Err)
	switch {
	case e.File != "":
		known.Err = activation.Textf("another process is using %s: %w", e.File, e.Err)
	case e.Batch != "":
		known.Err = activation.Textf("another process is working on the batch %s: %w", e.Batch, e.Err)
	}
	return known
}

// quotaError returns the error for a region whose quota is used up. Its hint names the codes that prune would
// delete, or says how else there can be room for a code.
func quotaError(c Invocation, e *issuance.QuotaFull) error {
	var failed *activation.Error
	if !errors.As(e.Err, &failed) {
		return e.Err
	}
	known := *failed
	known.Op = c.Op
	if len(e.Unused) == 0 {
		known = *known.Advise("no code there is expired or disabled; delete one that is not needed, give another --region, or ask Alibaba Cloud to raise the quota; these codes were never used")
		if e.Used {
			known = *known.Advise("prune would delete nothing: all expired and disabled codes there were used; delete a code that is not needed, give another --region, or ask Alibaba Cloud to raise the quota; these codes were never used")
		}
		known.Command = []string{Program, "list", "--unused", "--region", e.RegionId}
		return &known
	}
	ids := make([]string, len(e.Unused))
	for i, code := range e.Unused {
		ids[i] = ui.Clean(code.ActivationId)
	}
	known = *known.Advise("prune would delete %s codes (%s)", ui.Number(len(ids)), some(nil, ids))
	if len(ids) == 1 {
		known = *known.Advise("prune would delete 1 code (%s)", ids[0])
	}
	known.Command = []string{Program, "prune", "--region", e.RegionId}
	return &known
}
