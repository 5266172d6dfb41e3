package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/batch"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// create --from creates one code for each row of a list. Package batch has its rules.

// manyOptions are the flags of create for a list.
type manyOptions struct {
	from, saveDir, batch string
	renew                bool
}

// manyTimeout is the default of --timeout with --from.
const manyTimeout = "1h"

// addMany adds the flags of manyOptions.
func (o *manyOptions) addMany(f *pflag.FlagSet) {
	f.StringVar(&o.from, "from", "", "create one code for each row of a CSV or JSON Lines `file`; - is standard input")
	f.StringVar(&o.saveDir, "save-dir", "", "with --from: write each code to its own file in this `folder`, named by its instance name")
	f.StringVar(&o.batch, "batch", "", "with --from: `name` of the batch (default: a hash of the rows and flags)")
	f.BoolVar(&o.renew, "renew", false, "with --from: make new codes for the rows whose codes are expired, disabled or deleted")
}

// suffixes are the suffixes of the files in --save-dir that are scripts.
func suffixes() map[string]string {
	return map[string]string{bootstrap.Shell: ".sh", bootstrap.PowerShell: ".ps1", bootstrap.CloudInit: ".yaml"}
}

// many is one run of create --from.
type many struct {
	s       *invocation
	options createOptions
	folder  batch.Folder
	list    batch.Batch
	rows    *view.Rows

	advance func()
	dryRun  bool
	made    int
	held    int
	failed  []batch.Result
	written error // the error of the first result that could not be written
	lacking bool  // an expression of --jq left out activation codes
}

// runMany creates the codes of a list.
func runMany(s *invocation, o createOptions, wrong activation.Problems) error {
	m := &many{s: s, options: o, dryRun: o.dryRun, advance: func() {}}
	if err := m.check(); err != nil {
		return err
	}
	if err := cmdline.Invalid(s.op, wrong); err != nil {
		return err
	}
	issuer := newIssuer(s)
	unlock, err := m.read(issuer)
	defer unlock()
	if err != nil {
		return err
	}
	m.rows = view.NewRows(s.printer, m.list.Rows, longestFile(m.folder, m.list.Rows))
	run := &batch.Run{Batch: m.list, Form: m.folder.Form, Renew: o.renew, Issuer: issuer, Output: m}
	run.Issuer.Note = once(run.Issuer.Note)
	if run.Issuer.Store == nil {
		return describe(s).Batch(&issuance.NotRecorded{Err: run.Issuer.NoStore})
	}
	if run.Ledger, err = batchLedger(s.Process); err != nil {
		return err
	}
	if o.dryRun {
		return m.preview(run)
	}
	return m.create(run)
}

// longestFile returns the length of the longest name of a file of a batch, or 0 if there are no files.
func longestFile(folder batch.Folder, rows []batch.Row) (longest int) {
	if folder.Path == "" {
		return 0
	}
	for _, r := range rows {
		longest = max(longest, len(filepath.Join(folder.Path, r.Request.InstanceName+folder.Suffix)))
	}
	return longest
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

// checkSingle returns an error if flags for a list were given without one.
func (o manyOptions) checkSingle(s *invocation) error {
	for flag, given := range map[string]bool{"--save-dir": o.saveDir != "", "--batch": o.batch != "", "--renew": o.renew} {
		if given {
			return cmdline.Wrong(s.op, activation.Textf("%s requires --from FILE", flag)).Advise("give a list with one row for each code, or omit %s", flag)
		}
	}
	return nil
}

// check returns an error if flags contradict each other.
func (m *many) check() error {
	s, o, format := m.s, m.options, m.s.printer.Format
	_, isFile := suffixes()[format]
	switch {
	case o.clientToken != "":
		return cmdline.Usage(s.op, "--client-token cannot be combined with --from, because each row has its own token", "omit it; --batch NAME names the batch")
	case o.save != "":
		return cmdline.Usage(s.op, "--save cannot be combined with --from", "give --save-dir FOLDER: each row gets its own file there")
	case isFile && o.saveDir == "":
		return cmdline.Wrong(s.op, activation.Textf("-o %s with --from requires --save-dir FOLDER, because each row has its own script", format)).Advise("give --save-dir FOLDER")
	case format == view.FormatCode && o.saveDir != "":
		return cmdline.Wrong(s.op, activation.Textf("-o code cannot be combined with --from and --save-dir")).Advise("omit -o code or --save-dir")
	case format == bootstrap.Command || format == bootstrap.Environment:
		return cmdline.Wrong(s.op, activation.Textf("-o %s cannot be combined with --from", format)).Advise(
			"give -o json, jsonl, yaml or table, or --save-dir FOLDER with -o sh, powershell or cloud-init")
	case s.printer.Select != nil && s.printer.Document():
		return cmdline.Wrong(s.op, &message.NeedsFormat{Flag: "--jq with --from", Formats: []string{ui.FormatJSONLines}})
	case o.saveDir != "" && strings.Contains(o.machine.Proxy, "@"):
		return cmdline.Usage(s.op, "--machine-proxy with a user cannot be combined with --save-dir, because the records of the creates would contain the password", "give the proxy without a user")
	}
	return mayPrintCode(s, "")
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
	err = readInput(s, o.from, func(_ context.Context, in io.Reader) (err error) {
		texts, wrong, err = batch.Read(in)
		return err
	})
	if err != nil {
		return unlock, err
	}
	if m.folder, err = m.saveFolder(); err != nil {
		return unlock, err
	}
	if unlock, err = lockFolder(m, issuer); err != nil {
		return unlock, err
	}
	list, ofFlags, ofRows := batch.New(texts, flags, m.folder)
	m.list = list
	found := &message.ListError{From: ui.InputName(o.from), Flags: append(problems, ofFlags...), Rows: append(wrong, ofRows...)}
	sort.SliceStable(found.Rows, func(i, j int) bool { return found.Rows[i].Line < found.Rows[j].Line })
	if len(found.Flags)+len(found.Rows) > 0 {
		return unlock, &activation.Error{Kind: activation.KindUsage, Op: s.op, Err: found}
	}
	return unlock, nil
}

// lockFolder locks the folder for the files, so that only one batch at a time works on it. It waits for the lock under
// --timeout. A dry run locks nothing.
func lockFolder(m *many, issuer *issuance.Issuer) (unlock func(), err error) {
	if m.folder.Path == "" || m.dryRun {
		return func() {}, nil
	}
	ctx, stop := m.s.withTimeout()
	defer stop()
	unlock, err = issuance.LockFolder(ctx, issuer, m.folder.Path)
	if err != nil {
		return unlock, describe(m.s).Issuance(err)
	}
	return unlock, nil
}

// refused returns the error of a batch of which nothing was sent.
func (m *many) refused(err error) error {
	var blocked *batch.Blocked
	if errors.As(err, &blocked) {
		err = &message.ListError{From: ui.InputName(m.options.from), Rows: blocked.Problems}
		return &activation.Error{Kind: activation.KindUsage, Op: m.s.op, Err: err}
	}
	return describe(m.s).Batch(err)
}

// flags returns the values for what rows do not have, and the problems of empty values.
func (m *many) flags() (batch.Flags, activation.Problems, error) {
	s, o := m.s, m.options
	if err := resolveRegion(s); err != nil {
		return batch.Flags{}, nil, err
	}
	flags := batch.Flags{CreateText: o.CreateText, Region: s.settings.Text("region"), Lenient: o.skipValidation, Name: o.batch,
		Sandbox: s.sandbox(), Endpoint: s.settings.Text("endpoint")}
	if strings.Contains(flags.Region, ",") {
		return flags, nil, cmdline.Wrong(s.op, activation.Textf("%s lists several regions: %s", s.settings.Value("region").Source, flags.Region)).Advise(
			"give one region for rows without one, and the others in a column region")
	}
	if s.settings.ProfileIsExplicit() {
		flags.Account = []string{s.settings.Text("profile")}
	}
	problems := emptyValues(s)
	const longest = 100
	if strings.ContainsFunc(o.batch, func(r rune) bool { return ui.Clean(string(r)) != string(r) }) {
		problems.Add("Batch", o.batch, activation.FormText)
	}
	if n := len([]rune(o.batch)); n > longest {
		problems.Add("Batch", o.batch, activation.Length{Min: 1, Max: longest, Got: n})
	}
	return flags, problems, nil
}

// saveFolder returns the folder for the files.
func (m *many) saveFolder() (batch.Folder, error) {
	s, o := m.s, m.options
	if o.saveDir == "" {
		return batch.Folder{}, nil
	}
	path, err := codefile.RealFolder(o.saveDir) // the records compare the files
	if err != nil {
		return batch.Folder{}, unusableFolder(s, err)
	}
	folder := batch.Folder{Path: path, Suffix: ".json", Disk: disk.OS{}, Now: s.Now()}
	if suffix, isScript := suffixes()[s.printer.Format]; isScript {
		folder.Suffix, folder.Form = suffix, append([]string{s.printer.Format}, machineFlags(s.cmd)...)
	} else {
		folder.Accept = accept(s)
	}
	return folder, nil
}

// unusableFolder returns the error of a folder in which no files can be written.
func unusableFolder(s *invocation, err error) error {
	return cmdline.Wrong(s.op, activation.Textf("cannot create the folder for the codes: %w", err)).Advise("give a folder that you can write to")
}

// preview prints what would be made.
func (m *many) preview(run *batch.Run) error {
	steps, err := run.Preview()
	if err != nil {
		return m.refused(err)
	}
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
	m.s.notef("dry run: the rows are valid; nothing was sent")
	return cmp.Or(m.written, m.rows.End())
}

// create creates the codes and prints them.
func (m *many) create(run *batch.Run) error {
	s := m.s
	conn, err := connect(s)
	if err != nil {
		return err
	}
	if err := m.deliverable(); err != nil {
		return err
	}
	run.Account = accountOf(s, conn)
	ctx, stop := s.withTimeout()
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
		return deliverable(m.s, "")
	}
	if err := (disk.OS{}).MkdirAll(m.folder.Path); err != nil {
		return unusableFolder(m.s, err)
	}
	return deliverable(m.s, filepath.Join(m.folder.Path, ".ecs-activation-test"))
}

// Deliver implements batch.Output.
func (m *many) Deliver(code codefile.Code) error {
	if m.s.printer.Select == nil {
		if err := m.rows.Code(code); err != nil {
			return err
		}
		return m.s.SyncOut()
	}
	printed, err := printCode(m.s, code)
	if err != nil {
		return err
	}
	m.lacking = m.lacking || !printed
	return m.s.SyncOut()
}

// Report implements batch.Output.
func (m *many) Report(r batch.Result) {
	m.advance()
	state := view.StateCreated
	switch {
	case r.Err != nil:
		r.Err = describe(m.s).Batch(r.Err)
		m.failed = append(m.failed, r)
		return
	case r.Done:
		m.held++
		state = view.StateReused
	default:
		m.made++
	}
	if r.Save != "" {
		m.written = cmp.Or(m.written, m.rows.Saved(view.Row{Code: r.Code, State: state, Save: r.File}))
	}
}

// end reports the rows that failed.
func (m *many) end() error {
	s, total := m.s, len(m.list.Rows)
	ended := cmp.Or(m.written, m.rows.End())
	if !s.printer.Quiet {
		s.notef("%s", message.BatchEnd(s.app.Language, m.list.Name, m.made, m.held, len(m.failed)))
	}
	if m.lacking {
		s.note(describe(s).CodeNotPrinted(""))
	}
	if ended != nil {
		ended = activation.Textf("cannot write the result: %w", ended)
	}
	if len(m.failed) == 0 {
		mentionRecords(s)
		return ended
	}
	if total == 1 {
		return m.failed[0].Err
	}
	failed := &message.PartialError{Op: s.op, Total: total, What: "codes", Groups: []error{}}
	untried := 0
	var groups []*message.RowsError
	for _, r := range m.failed {
		failed.Errs = append(failed.Errs, r.Err)
		if fleet.Untried(r.Err) {
			untried++
			continue
		}
		groups = m.group(groups, r)
	}
	for _, g := range groups {
		failed.Groups = append(failed.Groups, g)
	}
	mentionUntried(s, untried, total)
	return failed
}

// group adds a row that failed to the rows that failed for the same reason in the same region.
func (m *many) group(groups []*message.RowsError, r batch.Result) []*message.RowsError {
	reason := func(err error, row batch.Row) string { return row.Request.RegionId + " " + causeOf(m.s, err) }
	for _, g := range groups {
		if reason(g.Err, g.Rows[0]) == reason(r.Err, r.Row) {
			g.Rows = append(g.Rows, r.Row)
			return groups
		}
	}
	var known *activation.Error
	if errors.As(r.Err, &known) && known.ID.RegionId == "" {
		known.ID.RegionId = r.Request.RegionId
	}
	return append(groups, &message.RowsError{Rows: []batch.Row{r.Row}, Err: r.Err})
}
