package cli

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/ui"
)

// This file connects create, recover and ensure with package issuance, which creates, delivers and records
// codes. The functions here supply the account, the output and the messages.

// newIssuer returns an Issuer that delivers codes on standard output.
func newIssuer(s *invocation) *issuance.Issuer {
	store, err := recordStore(s.Process)
	i := &issuance.Issuer{Disk: disk.OS{}, Store: store, NoStore: err, Deliver: delivery{s}, Now: s.Now, Note: func(n issuance.Note) { note(s, n) }, Script: scriptOf}
	if store == nil {
		return i
	}
	switch tightened, err := store.MakePrivate(); {
	case err != nil:
		s.notef("warning: other users may be able to read the records of creates: %s", ui.Clean(causeOf(s, err)))
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

// dial returns a function that connects to the account and the endpoint of a record.
func dial(s *invocation) issuance.Dial {
	return func(ctx context.Context, c pending.Create) (issuance.Account, func() error, error) {
		given := map[string]string{"sandbox": strconv.FormatBool(c.Sandbox), "endpoint": c.Endpoint}
		if c.Profile != "" {
			given["profile"] = c.Profile
		}
		recorded, err := s.with(ctx, given)
		if err != nil {
			return issuance.Account{}, nil, err
		}
		conn, err := connect(recorded)
		if err != nil {
			return issuance.Account{}, nil, recorded.close(err)
		}
		return accountOf(recorded, conn), func() error { return recorded.close(nil) }, nil
	}
}

// note prints a note.
func note(s *invocation, n issuance.Note) {
	if clock, ok := n.(issuance.Clock); ok {
		mentionClock(s, clock.Answer)
		return
	}
	if text := describe(s).Note(n); text != "" {
		s.note(text)
	}
}

// describe returns what messages say about this command, with its operation and its flags.
func describe(s *invocation) message.Invocation {
	words := s.app.describe(s.cmd)
	words.Op, words.Again, words.Form = s.op, cmdline.Again(s.cmd, s.line.Flags()...), formFlags(s)
	return words
}

// formFlags returns the flags that select the form in which the code is printed.
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

// mentionRecords prints a note on a terminal if there are codes that were not delivered and can still be
// used.
func mentionRecords(s *invocation) {
	if !s.printer.Err.Terminal || s.printer.Quiet {
		return
	}
	codes, unread := recoverable(s)
	if codes > 0 {
		s.noteCount(codes, "note: %s code to recover; see:  %s", "note: %s codes to recover; see:  %s", s.line.Command("recover"))
	}
	if unread > 0 {
		s.notef("warning: cannot read all records of creates; see:  %s", s.line.Command("recover"))
	}
}

// recoverable returns how many codes were not delivered and can still be used, and how many records could not
// be read.
func recoverable(s *invocation) (codes, unread int) {
	store, err := recordStore(s.Process)
	if err != nil {
		return 0, 0 // there is no folder, so there are no records
	}
	ctx, stop := s.withTimeout()
	defer stop()
	records, failed := store.List(ctx)
	ours, _ := issuance.SplitBySandbox(records, s.sandbox())
	return issuance.CountRecoverable(ours, s.Now()), len(failed)
}

// recordOf returns the record of the create that created a code, if this machine still has it.
func recordOf(s *invocation, activationID string) (issuance.Record, bool) {
	store, err := recordStore(s.Process)
	if err != nil {
		return issuance.Record{}, false // there is no folder, so there are no records
	}
	ours, _ := issuance.SplitBySandbox(store.Peek(), s.sandbox())
	return issuance.FindByActivationId(ours, activationID)
}

// accept returns a function that rejects a file with a real code if the command uses the sandbox, in which
// a real code does not exist.
func accept(s *invocation) func(codefile.File) error {
	return func(f codefile.File) error {
		if s.sandbox() && !sandbox.Made(f.ActivationCode) {
			return errors.New("it contains a real code, which does not exist in the sandbox")
		}
		return nil
	}
}
