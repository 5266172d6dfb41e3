package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/batch"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/process"
	"ecs-activation/internal/ui"
)

// This file connects create, recover and ensure with package issuance, which creates, delivers and records
// codes. The functions here supply the folder of records, the account, the output and the messages.

// recordStore returns the store of the records of creates.
func recordStore(p *process.Process) (*pending.Store, error) {
	folder, err := p.StateFolder()
	if err != nil {
		return nil, err
	}
	return pending.New(disk.OS{}, filepath.Join(folder, "pending"), p.Now), nil
}

// batchLedger returns the ledger of the batches.
func batchLedger(p *process.Process) (*batch.Ledger, error) {
	folder, err := p.StateFolder()
	if err != nil {
		return nil, err
	}
	return batch.NewLedger(disk.OS{}, filepath.Join(folder, "batches"), p.Now), nil
}

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
		Endpoint: recordedEndpoint(s), Sandbox: s.sandbox(),
	}
	if s.settings.ProfileIsExplicit() {
		account.Profile = s.settings.Text("profile")
	}
	return account
}

// recordedEndpoint returns the endpoint of the settings as records have it. The sandbox has none.
func recordedEndpoint(s *invocation) string {
	if s.sandbox() {
		return ""
	}
	return s.settings.Text("endpoint")
}

// dial returns a function that connects to the account and the endpoint of a record.
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
	if text := describe(s).Note(n); text != "" {
		s.note(text)
	}
}

// describe returns what messages say about this command, with its operation and its flags.
func describe(s *invocation) message.Invocation {
	words := s.app.describe(s.cmd)
	words.Op, words.Again, words.Form = s.op, cmdline.Again(s.cmd, s.settings, s.line.Flags()...), formFlags(s)
	if from := s.cmd.Flag("from"); from != nil {
		words.Stream = isStream(from.Value.String())
	}
	return words
}

// isStream reports whether an input can be read only once, or only by this process.
func isStream(from string) bool {
	if from == "-" || strings.HasPrefix(from, "/dev/") || strings.HasPrefix(from, "/proc/") {
		return true
	}
	info, err := os.Stat(from)
	return err == nil && !info.Mode().IsRegular()
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

// unreadable returns an error if records could not be read, because they may be about more codes.
func unreadable(failed []error) error {
	if len(failed) == 0 {
		return nil
	}
	if len(failed) == 1 {
		return activation.Textf("1 record could not be read; there may be more codes to recover")
	}
	return activation.Textf("%s records could not be read; there may be more codes to recover", ui.Number(len(failed)))
}

// ageRecords moves the records of creates in the sandbox into the past, as sandbox advance moves the codes.
func ageRecords(s *invocation, by time.Duration) error {
	store, err := recordStore(s.Process)
	if err != nil {
		return err
	}
	ledger, err := batchLedger(s.Process)
	if err != nil {
		return err
	}
	return errors.Join(store.Age(by), ledger.Age(by))
}
