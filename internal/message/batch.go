package message

import (
	"errors"
	"slices"
	"strings"
	"syscall"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/batch"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

// Batch returns an error of package batch as one for the user. Other errors are those of Issuance.
func (c Invocation) Batch(err error) error {
	known := &activation.Error{Kind: activation.KindOther, Op: c.Op}
	var dead *batch.Dead
	var other *batch.OtherIdentity
	var old *issuance.DeadCode
	var notTried *batch.NotTried
	var unrecorded *issuance.NotRecorded
	switch {
	case errors.As(err, &notTried):
		known.Err = activation.Textf("nothing was sent, because another code could not be delivered: %w", notTried.Err)
		known.Advise("when codes can be written again").Command = c.Again
		if c.Stream {
			known.Advise("when codes can be written again, repeat the command with the same list").Command = nil
		}
	case errors.As(err, &other):
		known.Kind = activation.KindIdentity
		known.Err = activation.Textf("the creates of %d of %d rows were sent as %s (%s), and the current identity is %s (%s): sending them again with this identity could create second codes; nothing was sent: %s",
			len(other.Rows), other.Total, other.Record.Identity, activation.Origin(other.Record.Source), other.Current.Identity, activation.Origin(other.Current.Source), namedRows(other.Rows))
		known.Advise("use the first identity again, or give another --batch NAME and --save-dir for other codes; if both belong to the same account (temporary keys change), this retrieves the codes").Command = []string{Program, "recover", "--all", "--same-account"}
		if !other.Unfinished { // recover --all leaves delivered codes alone
			known.Advise("use the first identity again, or give another --batch NAME and --save-dir for other codes; the codes were delivered: if both identities belong to the same account (temporary keys change), this prints the first of them again").Command = recoverWords(other.Record.Request.ClientToken, "--same-account")
		}
	case errors.As(err, &dead):
		known.Kind = activation.KindConflict
		known.Err = activation.Textf("the codes of %d of %d rows are expired, disabled or deleted, so the same codes cannot be returned; nothing was sent: %s",
			len(dead.Rows), dead.Total, namedRows(dead.Rows))
		known.Advise("to make new codes for these rows").Command = append(slices.Clone(c.Again), "--renew")
		if c.Stream {
			known.Advise("to make new codes for these rows, repeat the command with the same list and --renew").Command = nil
		}
	case errors.As(err, &old):
		known.Kind = activation.KindConflict
		known.Err = activation.Textf("the service returned the code of an earlier run, which is %s", old.Status)
		known.Advise("to make new codes for these rows").Command = append(slices.Clone(c.Again), "--renew")
	case errors.As(err, &unrecorded):
		errors.As(c.Issuance(err), &known)
		switch {
		case errors.As(err, new(*pending.Damaged)): // Issuance has the hint
		case errors.Is(err, syscall.EMFILE):
			known = known.Advise("allow more open files (ulimit -n), and repeat the command")
		default:
			known = known.Advise("make the folder writable (XDG_STATE_HOME moves it), and repeat the command")
		}
	default:
		return c.Issuance(err)
	}
	return known
}

// OfRow returns the error of a row with what to do about it, if the row has a region that the service does not know.
func OfRow(err error, row batch.Row) error {
	var known *activation.Error
	if !errors.As(err, &known) || !row.OwnRegion || known.Code != "InvalidRegionId.NotFound" && known.Code != "RegionId.ApiNotSupported" {
		return err
	}
	advised := *known
	return advised.Advise("correct the column region of line %d", row.Line)
}

// ListError is the error of a list of codes with problems. Nothing was sent.
type ListError struct {
	From  error               // the name of the list, as ui.InputName returns it
	Flags activation.Problems // of the flags
	Rows  []batch.Problem
}

func (e *ListError) Error() string { return e.From.Error() + " has problems: " + e.all().Error() }

// all returns the problems of flags and rows.
func (e *ListError) all() activation.Problems {
	all := slices.Clone(e.Flags)
	for _, p := range e.Rows {
		all = append(all, p.Problem)
	}
	return all
}

// listLines returns what is wrong with a list: a message, and one line for each of the first problems.
func listLines(l Language, flags Flags, op string, e *ListError) (string, []string) {
	var lines []string
	for _, p := range e.Flags {
		lines = append(lines, problem(l, flags, p))
	}
	for _, p := range e.Rows[:min(len(e.Rows), mostNamed)] {
		lines = append(lines, rowProblem(l, p))
	}
	if more := len(e.Rows) - mostNamed; more > 0 {
		lines = append(lines, l.Count(more, "and %s more problem", "and %s more problems"))
	}
	n := len(e.Flags) + len(e.Rows)
	found := l.Count(n, "%s problem", "%s problems")
	return failed(l, &activation.Error{Op: op}, l.Text("%s in %s, nothing was sent", found, ui.Clean(reason(l, e.From)))), lines
}

// listHint returns what to do about a list with problems.
func listHint(l Language, flags Flags, e *ListError) string {
	if hint := problemHint(l, flags, e.all()); hint != "" || len(e.Rows) == 0 {
		return hint
	}
	return l.Text("correct these lines of %s and repeat the command", ui.Clean(reason(l, e.From)))
}

// rowProblem returns one problem of a row: its line, the column with its value, and the rule.
func rowProblem(l Language, p batch.Problem) string {
	if p.Column == "" {
		return l.Text("line %d: %s", p.Line, rowRule(l, p))
	}
	given := ui.Clean(l.Shortened(p.Column))
	if p.Value != "" {
		given += " " + quoted(l, p.Value)
	}
	if p.Source == (activation.Source{}) {
		return l.Text("line %d, %s: %s", p.Line, given, rowRule(l, p))
	}
	return l.Text("line %d, %s: %s (%s, %s)", p.Line, given, rowRule(l, p), p.Source.Page, p.Source.Date)
}

// rowRule returns the sentence of a rule that a row breaks, with what to do.
func rowRule(l Language, p batch.Problem) string {
	switch r := p.Rule.(type) { //nolint:errorlint // a rule is not wrapped
	case batch.UnknownColumn:
		return unknownColumn(l, p.Column)
	case batch.NoName:
		return l.Text("the header has an empty cell: name the column, or delete it")
	case batch.SameColumn:
		return l.Text("the column is given twice: delete one of them")
	case batch.WrongCells:
		return l.Text("the line has %d cells, and the header has %d: quote a value that contains a comma", r.Got, r.Want)
	case batch.EmptyRow:
		return l.Text("all cells are empty: delete the line")
	case batch.NotCSV:
		return l.Text(`not valid CSV (%s): write a value with a quote as "a ""quoted"" word"`, reason(l, r.Err))
	case batch.NotJSON:
		return l.Text(`not one JSON object (%s): write one object on each line, such as {"instance-name":"web-1"}`, reason(l, r.Err))
	case batch.WrongType:
		if r.Tag {
			return l.Text(`must be an object such as {"env":"prod"}, or an array of texts such as ["env=prod"]`)
		}
		return l.Text("must be a text or a number")
	case batch.KeyWithEquals:
		return l.Text(`a tag key must not contain "="`)
	case batch.NoRows:
		return l.Text("there are no rows: write a header and one line for each code, or one JSON object on each line")
	case batch.NotFileName:
		return l.Text(`cannot be the name of a file on every system: start with a letter or digit and use only letters, digits, ".", "_" and "-"`)
	case batch.SameName:
		return l.Text("line %d has the same name: with --save-dir every row needs its own, and case does not distinguish them", r.Line)
	case batch.Taken:
		return taken(l, r)
	case batch.Unfinished:
		return unfinishedFile(l, r)
	case activation.NotSet:
		return l.Text("not set: with --save-dir every row needs a name, which becomes the name of its file")
	}
	return rule(l, p.Problem)
}

// unknownColumn returns the sentence for a column that does not exist.
func unknownColumn(l Language, name string) string {
	columns := list(l, batch.Columns())
	near := nearest(strings.ToLower(name), name, batch.Columns())
	switch {
	case strings.ContainsAny(name, ";\t"):
		return l.Text("there is no such column: separate columns with commas")
	case near != "":
		return l.Text("there is no such column; did you mean %s? The columns are %s", near, columns)
	}
	return l.Text("there is no such column; the columns are %s", columns)
}

// taken returns the sentence for a file that is not changed.
func taken(l Language, t batch.Taken) string {
	file := ui.Clean(t.File)
	switch {
	case t.Err != nil:
		return l.Text("%s exists and is not changed (%s): move it away, or give another --save-dir", file, reason(l, t.Err))
	case t.Form:
		return l.Text("%s was made with another -o or other flags for the machine and is not changed: move it away, or give another --save-dir", file)
	}
	return l.Text("%s has a code with another %s and is not changed: move it away, or give another --save-dir", file, t.Column)
}

// unfinishedFile returns the sentence for a file for which another create is unfinished.
func unfinishedFile(l Language, u batch.Unfinished) string {
	file, token := ui.Clean(u.File), ui.Clean(u.Token)
	if u.Column == "" {
		return l.Text("%s has an unfinished create: run `recover %s` or `recover --discard %s` first", file, token, token)
	}
	return l.Text("%s has an unfinished create with another %s: run `recover %s` or `recover --discard %s` first", file, u.Column, token, token)
}

// RowsError is an error that several rows of a batch have.
type RowsError struct {
	Rows []batch.Row
	Err  error // of the first row
}

func (e *RowsError) Error() string { return e.Err.Error() }
func (e *RowsError) Unwrap() error { return e.Err }

// BatchEnd returns a note about what a batch has made.
func BatchEnd(l Language, name string, made, held, failed int) string {
	text := l.Text("batch %s: %s", ui.Clean(name), l.Count(made, "%s code delivered", "%s codes delivered"))
	if held > 0 {
		text = l.Text("%s, %s", text, l.Count(held, "%s file left as it is", "%s files left as they are"))
	}
	if failed > 0 {
		text = l.Text("%s, %s", text, l.Count(failed, "%s row not finished; the same command continues with it", "%s rows not finished; the same command continues with them"))
	}
	return text
}

// BatchRecords returns a note about how the creates of batches are finished.
func BatchRecords(l Language, line Line) string {
	return l.Text("note: some of them belong to a batch; run the same create --from again, or:  %s", line.Command("recover", "--all"))
}
