package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/process"
	"ecs-activation/internal/ui"
)

// This file connects create, recover and ensure with package issuance, which decides what becomes of
// a code and its record. Here are the folder, the account, the output, and the sentences.

// recordStore returns the folder of creates that are not finished.
func recordStore(p *process.Process) (*pending.Store, error) {
	folder, err := p.StateFolder()
	if err != nil {
		return nil, err
	}
	return pending.New(disk.OS{}, filepath.Join(folder, "pending"), p.Now), nil
}

// newIssuer returns what issues codes and delivers them on standard output.
func newIssuer(s *invocation) *issuance.Issuer {
	store, err := recordStore(s.Process)
	i := &issuance.Issuer{Disk: disk.OS{}, Store: store, NoStore: err, Deliver: delivery{s}, Now: s.Now, Note: func(n issuance.Note) { note(s, n) }}
	if store == nil {
		return i
	}
	switch tightened, err := store.MakePrivate(); {
	case err != nil:
		s.say("warning: other users may be able to read the records of creates: %s", ui.Clean(err.Error()))
	case tightened:
		i.Note(issuance.FolderMadePrivate{})
	}
	return i
}

// accountOf returns the account of a connection.
func accountOf(s *invocation, conn *connection) issuance.Account {
	account := issuance.Account{
		Service: conn, Identity: conn.identity.Name(), Source: conn.identity.Source,
		Endpoint: s.settings.Text("endpoint"), Sandbox: s.sandbox(),
	}
	if s.settings.ProfileIsExplicit() {
		account.Profile = s.settings.Text("profile")
	}
	return account
}

// dial returns what connects to the account and the endpoint of a record.
func dial(s *invocation) issuance.Dial {
	return func(ctx context.Context, c pending.Create) (issuance.Account, func() error, error) {
		given := map[string]string{"sandbox": strconv.FormatBool(c.Sandbox), "endpoint": c.Endpoint}
		if c.Profile != "" {
			given["profile"] = c.Profile
		}
		settings, err := s.app.loadSettings(s.cmd, given)
		if err != nil {
			return issuance.Account{}, nil, err
		}
		recorded := *s
		recorded.settings, recorded.closers, recorded.ctx = settings, nil, ctx
		conn, err := connect(&recorded)
		if err != nil {
			return issuance.Account{}, nil, recorded.close(err)
		}
		return accountOf(&recorded, conn), func() error { return recorded.close(nil) }, nil
	}
}

// note prints a note.
func note(s *invocation, n issuance.Note) {
	if clock, ok := n.(issuance.Clock); ok {
		mentionClock(s, clock.Answer)
		return
	}
	if text := wordsOf(s).Note(n); text != "" {
		s.say("%s", text)
	}
}

// invocation is this command, as far as messages repeat it.
func wordsOf(s *invocation) message.Invocation {
	words := s.app.words(s.cmd)
	words.Op, words.Again, words.Form = s.op, cmdline.Again(s.cmd, s.line.Flags()...), formFlags(s)
	return words
}

// formFlags are the flags for the form in which the code was asked for.
func formFlags(s *invocation) (words []string) {
	if v := s.settings.Value("output"); v.FromFlag() {
		words = append(words, "-o", v.Value)
	}
	if s.settings.Value("quiet").FromFlag() {
		words = append(words, "-q")
	}
	if slices.Contains(bootstrap.Runnable(), s.printer.Format) {
		words = append(words, machineFlags(s.cmd)...)
	}
	return words
}

// mentionRecords tells a person at a terminal of codes that were not delivered and can still be used.
func mentionRecords(s *invocation) {
	if !s.printer.Err.Terminal || s.printer.Quiet {
		return
	}
	store, err := recordStore(s.Process)
	if err != nil {
		return // there is no folder, so there are no records
	}
	ctx, stop := s.limited()
	defer stop()
	records, unread := store.List(ctx)
	ours, _ := issuance.SplitBySandbox(records, s.sandbox())
	if n := issuance.CountRecoverable(ours, s.Now()); n > 0 {
		s.say("note: %s to recover; see:  %s", ui.Count(n, "code"), s.line.Command("recover"))
	}
	if len(unread) > 0 {
		s.say("warning: cannot read all records of creates; see:  %s", s.line.Command("recover"))
	}
}

// unreadable is the error of records that could not be read: what they are about is not known.
func unreadable(failed []error) error {
	if len(failed) == 0 {
		return nil
	}
	return errors.New(ui.Count(len(failed), "record") + " could not be read, so there may be more codes to recover")
}

// ageRecords moves the records of creates in the sandbox into the past, as sandbox advance does with the
// codes.
func ageRecords(s *invocation, by time.Duration) error {
	store, err := recordStore(s.Process)
	if err != nil {
		return err
	}
	return store.Age(by)
}
