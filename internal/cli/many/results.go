package many

import (
	"cmp"
	"errors"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/batch"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// Deliver implements batch.Output.
func (m *many) Deliver(code codefile.Code) error {
	if m.s.Printer.Select == nil {
		if err := m.rows.Code(code); err != nil {
			return err
		}
		return m.s.SyncOut()
	}
	printed, err := issue.PrintCode(m.s, code)
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
		r.Err = message.OfRow(issue.Describe(m.s).Batch(r.Err), r.Row)
		m.failed = append(m.failed, r)
		return
	case r.Done:
		m.held++
		state = view.StateReused
	case r.Earlier:
		m.made++
		state = view.StateRecovered
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
	if !s.Printer.Quiet {
		s.Notef("%s", message.BatchEnd(s.Program.Language, m.list.Name, m.made, m.held, len(m.failed)))
	}
	if m.lacking {
		s.Note(issue.Describe(s).CodeNotPrinted(""))
	}
	if ended != nil {
		ended = activation.Textf("cannot write the result: %w", ended)
	}
	if len(m.failed) == 0 {
		issue.MentionRecords(s)
		return ended
	}
	if total == 1 {
		return m.failed[0].Err
	}
	failed := &message.PartialError{Op: s.Op, Total: total, What: "codes", Groups: []error{}}
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
	if ended != nil {
		failed.Groups = append(failed.Groups, ended)
	}
	invoke.MentionUntried(s, untried, total)
	return failed
}

// group adds a row that failed to the rows that failed for the same reason in the same region.
func (m *many) group(groups []*message.RowsError, r batch.Result) []*message.RowsError {
	reason := func(err error, row batch.Row) string { return row.Request.RegionId + " " + invoke.CauseOf(m.s, err) }
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
