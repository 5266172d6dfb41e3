// Package many runs create --from, which creates one code for each row of a list. Package batch has its rules.
//
// many.go reads the list and creates the codes, options.go has the flags, and results.go prints the codes and reports
// the rows that failed.
package many

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sort"
	"sync"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/batch"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// many is one run of create --from.
type many struct {
	s       *invoke.Invocation
	options Options
	folder  batch.Folder
	list    batch.Batch
	rows    *view.Rows

	advance func()
	made    int
	held    int
	failed  []batch.Result
	written error // the error of the first result that could not be written
	lacking bool  // an expression of --jq left out activation codes
}

// Create creates the codes of a list.
func Create(s *invoke.Invocation, o Options, wrong activation.Problems) error {
	m := &many{s: s, options: o, advance: func() {}}
	if err := m.check(); err != nil {
		return err
	}
	if err := cmdline.Invalid(s.Op, wrong); err != nil {
		return err
	}
	issuer := issue.NewIssuer(s)
	unlock, err := m.read(issuer)
	defer unlock()
	if err != nil {
		return err
	}
	m.rows = view.NewRows(s.Printer, m.list.Rows, o.DryRun)
	run := &batch.Run{Batch: m.list, Form: m.folder.Form, Renew: o.renew, Issuer: issuer, Output: m}
	run.Issuer.Note = once(run.Issuer.Note)
	if run.Issuer.Store == nil {
		return issue.Describe(s).Batch(&issuance.NotRecorded{Err: run.Issuer.NoStore})
	}
	if run.Ledger, err = invoke.BatchLedger(s.Process); err != nil {
		return err
	}
	if o.DryRun {
		return m.preview(run)
	}
	return m.create(run)
}

// once returns a function that reports each note once, because many rows may have the same one. It is safe for
// concurrent use.
func once(note func(issuance.Note)) func(issuance.Note) {
	var mu sync.Mutex
	seen := map[string]bool{}
	return func(n issuance.Note) {
		mu.Lock()
		defer mu.Unlock()
		if key := fmt.Sprintf("%T %v", n, n); !seen[key] {
			seen[key] = true
			note(n)
		}
	}
}

// read reads the list and checks all of its rows. It locks the folder before it reads the files there.
func (m *many) read(issuer *issuance.Issuer) (unlock func(), err error) {
	s, o, unlock := m.s, m.options, func() {}
	flags, problems, err := m.flags()
	if err != nil {
		return unlock, err
	}
	var texts []batch.Text
	var wrong []batch.Problem
	err = invoke.ReadInput(s, o.From, func(_ context.Context, in io.Reader) (err error) {
		texts, wrong, err = batch.Read(in)
		return err
	})
	switch {
	case errors.As(err, new(*activation.Error)):
		return unlock, err
	case err != nil:
		return unlock, cmdline.Wrong(s.Op, err).Advise("give a file that can be read: CSV with a header, or JSON Lines")
	}
	if m.folder, err = m.saveFolder(); err != nil {
		return unlock, err
	}
	if unlock, err = lockFolder(m, issuer); err != nil {
		return unlock, err
	}
	list, ofFlags, ofRows := batch.New(texts, flags, m.folder)
	m.list = list
	found := &message.ListError{From: ui.InputName(o.From), Flags: append(problems, ofFlags...), Rows: append(wrong, ofRows...)}
	sort.SliceStable(found.Rows, func(i, j int) bool { return found.Rows[i].Line < found.Rows[j].Line })
	if len(found.Flags)+len(found.Rows) > 0 {
		return unlock, &activation.Error{Kind: activation.KindUsage, Op: s.Op, Err: found}
	}
	return unlock, nil
}

// lockFolder locks the folder for the files, so that only one batch at a time works on it. It waits for the lock under
// --timeout. A dry run locks nothing.
func lockFolder(m *many, issuer *issuance.Issuer) (unlock func(), err error) {
	if m.folder.Path == "" || m.options.DryRun {
		return func() {}, nil
	}
	ctx, stop := m.s.WithTimeout()
	defer stop()
	unlock, err = issuance.LockFolder(ctx, issuer, m.folder.Path)
	if err != nil {
		return unlock, issue.Describe(m.s).Issuance(err)
	}
	return unlock, nil
}

// refused returns the error of a batch of which nothing was sent.
func (m *many) refused(err error) error {
	var blocked *batch.Blocked
	if errors.As(err, &blocked) {
		err = &message.ListError{From: ui.InputName(m.options.From), Rows: blocked.Problems}
		return &activation.Error{Kind: activation.KindUsage, Op: m.s.Op, Err: err}
	}
	return issue.Describe(m.s).Batch(err)
}

// preview prints what would be made.
func (m *many) preview(run *batch.Run) error {
	steps, err := run.Preview()
	if err != nil {
		return m.refused(err)
	}
	_, stop := m.s.WithTimeout()
	defer stop()
	for _, step := range steps {
		result := batch.Result{Step: step, Issued: issuance.Issued{Code: codefile.FromRequest(step.Request), Save: step.File}}
		if step.Done {
			result.Code = step.Held()
		}
		result.DryRun = true
		if step.File == "" {
			m.written = cmp.Or(m.written, m.rows.Code(result.Code))
		}
		m.Report(result)
	}
	ended := cmp.Or(m.written, m.rows.End())
	m.s.Notef("dry run: the rows are valid; nothing was sent")
	return ended
}

// create creates the codes and prints them.
func (m *many) create(run *batch.Run) error {
	s := m.s
	conn, err := invoke.Connect(s)
	if err != nil {
		return err
	}
	if err := m.deliverable(); err != nil {
		return err
	}
	run.Account = issue.AccountOf(s, conn)
	ctx, stop := s.WithTimeout()
	defer stop()
	advance, stopProgress := view.CountProgress(s.IO, message.Progress("create"), len(m.list.Rows))
	m.advance = advance
	err = run.Do(ctx)
	stopProgress()
	if err != nil {
		return m.refused(err)
	}
	return m.end()
}

// deliverable returns an error if the codes could not be delivered. It makes the folder for the files.
func (m *many) deliverable() error {
	if m.folder.Path == "" {
		return issue.Deliverable(m.s, "")
	}
	if err := (disk.OS{}).MkdirAll(m.folder.Path); err != nil {
		return unusableFolder(m.s, err)
	}
	return issue.Deliverable(m.s, filepath.Join(m.folder.Path, ".ecs-activation-test"))
}
