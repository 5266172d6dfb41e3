// Package message turns typed errors and notes into sentences for people, with what to do about them,
// and knows the exit codes. It is the only package with such sentences. line.go writes command lines
// that can be pasted into a POSIX shell.
//
// Every text goes through a Language, whose zero value is English.
package message

import (
	"errors"
	"slices"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// Text is an error in sentences.
type Text struct {
	Kind     activation.Kind
	ExitCode int

	Message string
	Details []string // more about it, a line each
	Foreign bool     // some of Message is the service's, so its line breaks are not ours
	Hint    string   // what to do; empty: nothing is known to help
	Command string   // the command line that does it, or empty

	Code, RequestId string // the service's
	Answer          string // the line with Code and RequestId for people
	Parts           []Text // of a PartialError, what happened to each part that has not been reported
}

// Error returns the text of an error of a command.
func (c Invocation) Error(err error) Text {
	var partial *PartialError
	var rows *RowsError
	var known *activation.Error
	switch {
	case errors.As(err, &rows):
		return rowsText(c, rows)
	case errors.As(err, &partial):
		return partialText(c, partial)
	case errors.As(err, &known):
		return failure(c, known, err)
	}
	return Text{Kind: activation.KindOf(err), ExitCode: ExitCode(err), Message: reason(c.Language, err)}
}

// rowsText returns the text of an error that several rows have.
func rowsText(c Invocation, e *RowsError) Text {
	err := e.Err
	var known *activation.Error
	if errors.As(err, &known) && len(e.Rows) > 1 { // it is not about the code of the first row only
		several := *known
		several.ID.ActivationId = ""
		err = &several
	}
	t := c.Error(err)
	l := c.Language
	rows := l.Text("%s: %s", l.Count(len(e.Rows), "%s row", "%s rows"), rowNames(l, e.Rows))
	t.Details = append([]string{rows}, t.Details...)
	return t
}

// partialText returns the text of a command of which some or all parts failed.
func partialText(c Invocation, e *PartialError) Text {
	t := Text{Kind: e.kind(), ExitCode: ExitCode(e), Message: failedParts(c.Language, e)}
	if missing := e.missing(); missing != nil {
		return missingText(c, t, missing)
	}
	parts := e.Errs
	switch {
	case e.Reported:
		return t
	case e.Groups != nil:
		parts = e.Groups
	}
	for _, part := range parts {
		t.Parts = append(t.Parts, c.Error(part))
	}
	return t
}

// failure returns the text of an error that has its facts.
func failure(c Invocation, e *activation.Error, whole error) Text {
	t := Text{Kind: e.Kind, ExitCode: ExitCode(whole), Code: e.Code, RequestId: e.RequestID}
	t.Foreign = e.Action != "" || e.Code != "" || strings.Contains(e.ID.ActivationId, "\n")
	var problems activation.Problems
	if errors.As(e.Err, &problems) {
		t.Message, t.Details = problemLines(c.Language, c.Flag, e.Op, problems)
		t.Hint = problemHint(c.Language, c.Flag, problems)
		return t
	}
	var list *ListError
	if errors.As(e.Err, &list) {
		t.Message, t.Details = listLines(c.Language, c.Flag, e.Op, list)
		t.Hint = listHint(c.Language, c.Flag, list)
		return t
	}
	cause := knownCause(c.Language, e)
	t.Message = failed(c.Language, e, cause)
	if given := c.Flag.of(e.Parameter()).Given; e.Parameter() != "" && given != nil {
		t.Details = append(t.Details, c.Language.Limited(Words(given...)))
	}
	t.Details = append(t.Details, marked(e.Err)...)
	if e.Code == "" {
		t.Details = append(t.Details, answeredBy(c.Language, e, cause)...)
	} else if t.Answer = e.Code; e.RequestID != "" {
		t.Answer = c.Language.Text("%s, request %s", e.Code, e.RequestID)
	}
	t.Hint, t.Command = hint(c, e)
	return t
}

// answeredBy says where an error without a code comes from: the host that gave no usable answer, or
// the request.
func answeredBy(l Language, e *activation.Error, cause string) []string {
	switch {
	case e.Host != "" && !strings.Contains(cause, e.Host):
		return []string{l.Text("endpoint %s", e.Host)}
	case e.RequestID != "":
		return []string{l.Text("request %s", e.RequestID)}
	}
	return nil
}

// Sentence returns the sentence of an error, without details and without what to do.
func (c Invocation) Sentence(err error) string { return c.Error(err).Message }

// Cause returns why an error happened, without what was attempted.
func (c Invocation) Cause(err error) string { return causeOf(c.Language, err) }

// Lines returns the message and its details, safe to print on a terminal.
func (t Text) Lines() []string {
	lines := []string{ui.CleanLines(t.Message)}
	if t.Foreign {
		lines[0] = ui.Clean(t.Message)
	}
	for _, detail := range append(slices.Clip(t.Details), t.Answer) {
		if detail != "" {
			lines = append(lines, "  "+ui.Clean(detail))
		}
	}
	return lines
}

// OneLine returns the message with its details and its parts, for a program.
func (t Text) OneLine() string {
	text := t.Message
	if len(t.Details) > 0 {
		text += ": " + strings.Join(t.Details, "; ")
	}
	for _, part := range t.Parts {
		text += "; " + part.OneLine()
	}
	return text
}

// Advice returns what to do, with the command line that does it at the end of the line.
func (t Text) Advice() string {
	if t.Command == "" {
		return t.Hint
	}
	return t.Hint + ":  " + t.Command
}

// AllAdvice returns what to do about the error and about its parts, for a program: a line each, without
// repetitions.
func (t Text) AllAdvice() string {
	advice := t.Advice()
	for _, part := range t.Parts {
		if more := part.AllAdvice(); !strings.Contains(advice, more) {
			advice = strings.TrimPrefix(advice+"\n"+more, "\n")
		}
	}
	return advice
}
