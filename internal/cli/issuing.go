package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

// This file connects create, recover and ensure with package issuance, which decides what becomes of
// a code and its record. Here are the folder, the account, the output, and the sentences.

// records is the folder of creates that are not finished.
func (a *App) records() (*pending.Store, error) {
	folder, err := a.folder("XDG_STATE_HOME", filepath.Join(".local", "state"))
	if err != nil {
		return nil, err
	}
	return pending.New(disk.OS{}, filepath.Join(folder, "pending"), a.Now), nil
}

// issuer returns what issues codes in this session. Its reader is the standard output.
func (s *session) issuer() *issuance.Issuer {
	store, err := s.records()
	i := &issuance.Issuer{Disk: disk.OS{}, Store: store, NoStore: err, Deliver: s, Now: s.Now, Note: s.note}
	if store != nil {
		tightened, err := store.Tighten()
		if tightened && err == nil {
			i.Note(issuance.FolderTightened{})
		}
	}
	return i
}

// account is the account that the session is connected to.
func (s *session) account() issuance.Account {
	account := issuance.Account{
		Service: s.service, Identity: s.identity.Name(), Source: s.identity.Source,
		Endpoint: s.settings.Text("endpoint"), Sandbox: s.sandbox(),
	}
	if s.settings.ProfileIsExplicit() {
		account.Profile = s.settings.Text("profile")
	}
	return account
}

// dial connects to the account and the endpoint of a record.
func (s *session) dial(ctx context.Context, c pending.Create) (issuance.Account, func() error, error) {
	given := map[string]string{"sandbox": strconv.FormatBool(c.Sandbox), "endpoint": c.Endpoint}
	if c.Profile != "" {
		given["profile"] = c.Profile
	}
	settings, err := s.loadSettings(s.cmd, given)
	if err != nil {
		return issuance.Account{}, nil, err
	}
	own := *s
	own.settings, own.closers, own.ctx = settings, nil, ctx
	if err := own.connect(); err != nil {
		return issuance.Account{}, nil, own.close(err)
	}
	return own.account(), func() error { return own.close(nil) }, nil
}

// note prints a note.
func (s *session) note(n issuance.Note) {
	if clock, ok := n.(issuance.Clock); ok {
		s.mentionClock(clock.Answer)
		return
	}
	if text := s.invocation().Note(n); text != "" {
		s.say("%s", text)
	}
}

// invocation is this command, as far as messages repeat it.
func (s *session) invocation() message.Invocation {
	c := s.App.invocation(s.cmd)
	c.Op, c.Again, c.Form = s.op, s.again(), s.formFlags()
	return c
}

// formFlags are the flags for the form in which the code was asked for.
func (s *session) formFlags() (words []string) {
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

// again is this command with the flags that it was given, but for those of s.line.
func (s *session) again() []string {
	words := strings.Fields(s.cmd.CommandPath())
	s.cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "profile" && f.Name != "endpoint" && (f.Name != "sandbox" || !s.line.Sandbox) {
			words = append(words, flagWords(f)...)
		}
	})
	return words
}

// mentionRecords tells a person at a terminal of codes that were not delivered and can still be used.
func (s *session) mentionRecords() {
	if !s.printer.Err.Terminal || s.printer.Quiet {
		return
	}
	store, err := s.records()
	if err != nil {
		return // there is no folder, so there are no records
	}
	ctx, stop := s.limited()
	defer stop()
	records, unread := store.List(ctx)
	ours, _ := issuance.Of(records, s.sandbox())
	if n := issuance.Recoverable(ours, s.Now()); n > 0 {
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
