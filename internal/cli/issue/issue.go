// Package issue connects the commands that deliver codes with package issuance, which creates, delivers and records
// them.
//
// issue.go supplies the account and the messages, and delivery.go prints a code. request.go has the flags that
// describe a code, and machine.go the flags for the machine that registers with it.
package issue

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"

	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/ui"
)

// NewIssuer returns an Issuer that delivers codes on standard output.
func NewIssuer(s *invoke.Invocation) *issuance.Issuer {
	store, err := invoke.RecordStore(s.Process)
	i := &issuance.Issuer{Disk: disk.OS{}, Store: store, NoStore: err, Deliver: delivery{s}, Now: s.Now, Note: func(n issuance.Note) { Note(s, n) }, Script: scriptOf}
	if store == nil {
		return i
	}
	switch tightened, err := store.MakePrivate(); {
	case err != nil:
		s.Notef("warning: other users may be able to read the records of creates: %s", ui.Clean(invoke.CauseOf(s, err)))
	case tightened:
		i.Note(issuance.FolderMadePrivate{})
	}
	return i
}

// AccountOf returns the account of a connection.
func AccountOf(s *invoke.Invocation, conn *invoke.Connection) issuance.Account {
	account := issuance.Account{
		Service: conn, Identity: conn.Identity.Name(), Source: conn.Identity.Source,
		Endpoint: RecordedEndpoint(s), Sandbox: s.Sandbox(),
	}
	if s.Settings.ProfileIsExplicit() {
		account.Profile = s.Settings.Text("profile")
	}
	return account
}

// RecordedEndpoint returns the endpoint of the settings as records have it. The sandbox has none.
func RecordedEndpoint(s *invoke.Invocation) string {
	if s.Sandbox() {
		return ""
	}
	return s.Settings.Text("endpoint")
}

// Dial returns a function that connects to the account and the endpoint of a record.
func Dial(s *invoke.Invocation) issuance.Dial {
	return func(ctx context.Context, c pending.Create) (issuance.Account, func() error, error) {
		given := map[string]string{"sandbox": strconv.FormatBool(c.Sandbox), "endpoint": c.Endpoint}
		if c.Profile != "" {
			given["profile"] = c.Profile
		}
		recorded, err := s.With(ctx, given)
		if err != nil {
			return issuance.Account{}, nil, err
		}
		conn, err := invoke.Connect(recorded)
		if err != nil {
			return issuance.Account{}, nil, recorded.Close(err)
		}
		return AccountOf(recorded, conn), func() error { return recorded.Close(nil) }, nil
	}
}

// Note prints a note.
func Note(s *invoke.Invocation, n issuance.Note) {
	if clock, ok := n.(issuance.Clock); ok {
		invoke.MentionClock(s, clock.Answer)
		return
	}
	if text := Describe(s).Note(n); text != "" {
		s.Note(text)
	}
}

// Describe returns what messages say about this command, with its operation and its flags.
func Describe(s *invoke.Invocation) message.Invocation {
	words := s.Program.Describe(s.Cmd)
	words.Op, words.Again, words.Form = s.Op, cmdline.Again(s.Cmd, s.Settings, s.Line.Flags()...), formFlags(s)
	if from := s.Cmd.Flag("from"); from != nil {
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
func formFlags(s *invoke.Invocation) (words []string) {
	if v := s.Settings.Value("output"); v.FromFlag() {
		words = append(words, "-o", v.Value)
	}
	if s.Settings.Value("quiet").FromFlag() {
		words = append(words, "-q")
	}
	if slices.Contains(bootstrap.Runnable(), s.Printer.Format) {
		words = append(words, MachineFlags(s.Cmd)...)
	}
	return words
}

// MentionRecords prints a note on a terminal if there are codes that were not delivered and can still be
// used.
func MentionRecords(s *invoke.Invocation) {
	if !s.Printer.Err.Terminal || s.Printer.Quiet {
		return
	}
	codes, unread := Recoverable(s)
	if codes > 0 {
		s.NoteCount(codes, "note: %s code to recover; see:  %s", "note: %s codes to recover; see:  %s", s.Line.Command("recover"))
	}
	if unread > 0 {
		s.Notef("warning: cannot read all records of creates; see:  %s", s.Line.Command("recover"))
	}
}

// Recoverable returns how many codes were not delivered and can still be used, and how many records could not
// be read.
func Recoverable(s *invoke.Invocation) (codes, unread int) {
	store, err := invoke.RecordStore(s.Process)
	if err != nil {
		return 0, 0 // there is no folder, so there are no records
	}
	ctx, stop := s.WithTimeout()
	defer stop()
	records, failed := store.List(ctx)
	ours, _ := issuance.SplitBySandbox(records, s.Sandbox())
	return issuance.CountRecoverable(ours, s.Now()), len(failed)
}

// RecordOf returns the record of the create that created a code, if this machine still has it.
func RecordOf(s *invoke.Invocation, activationID string) (issuance.Record, bool) {
	store, err := invoke.RecordStore(s.Process)
	if err != nil {
		return issuance.Record{}, false // there is no folder, so there are no records
	}
	ours, _ := issuance.SplitBySandbox(store.Peek(), s.Sandbox())
	return issuance.FindByActivationId(ours, activationID)
}

// Accept returns a function that rejects a file with a real code if the command uses the sandbox, in which
// a real code does not exist.
func Accept(s *invoke.Invocation) func(codefile.File) error {
	return func(f codefile.File) error {
		if s.Sandbox() && !sandbox.Made(f.ActivationCode) {
			return errors.New("it contains a real code, which does not exist in the sandbox")
		}
		return nil
	}
}
