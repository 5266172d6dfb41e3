package message

import (
	"errors"
	"strings"

	"ecs-activation/internal/ui"
)

// NeedsFormat is the error of a flag that needs another format.
type NeedsFormat struct {
	Flag    string
	Formats []string // with which it can be used
}

func (e *NeedsFormat) Error() string { return e.Flag + " requires -o " + strings.Join(e.Formats, "|") }

// NoJSON is the error of --jq with a command that prints no JSON.
type NoJSON struct{ Path string }

func (e *NoJSON) Error() string { return e.Path + " prints no JSON" }

// NotCombined is the error of two flags that contradict each other.
type NotCombined struct{ Flag, Other string }

func (e *NotCombined) Error() string { return e.Flag + " and " + e.Other + " cannot be combined" }

// SeveralIDs is the error of an argument that has several IDs.
type SeveralIDs struct{ Text string }

func (e *SeveralIDs) Error() string { return "several IDs in one argument" }

// OnlyForRecords is the error of a flag of recover that is for the list of creates.
type OnlyForRecords struct{ Flag string }

func (e *OnlyForRecords) Error() string { return e.Flag + " is only for the list of creates" }

// InvalidExpression is the error of an expression of --jq that cannot be run.
type InvalidExpression struct {
	Text   string
	Offset int // of the first byte that is wrong; -1: unknown
	Reason string
}

func (e *InvalidExpression) Error() string { return "--jq: " + e.Reason }

// ExpressionFailed is the error of an expression of --jq that does not suit the result of a command.
type ExpressionFailed struct {
	Reason  string
	Changed bool // the command has changed something
}

func (e *ExpressionFailed) Error() string { return "--jq: " + e.Reason }

// NotInScript is the error of a code that no script can contain.
type NotInScript struct{ Err error }

func (e *NotInScript) Error() string { return e.Err.Error() + "; -o json can" }
func (e *NotInScript) Unwrap() error { return e.Err }

// outputReason returns the sentence of an error about the output, or "" for other errors.
func outputReason(l Language, err error) string {
	switch e := err.(type) { //nolint:errorlint // one that is wrapped is part of another sentence
	case *NeedsFormat:
		return l.Text("%s requires -o %s", l.Find(e.Flag), strings.Join(e.Formats, "|"))
	case *NoJSON:
		return l.Text("--jq requires JSON, which %s does not print", e.Path)
	case *NotCombined:
		return l.Text("%s and %s cannot be combined", e.Flag, e.Other)
	case *SeveralIDs:
		return l.Text("one argument has %d IDs, beginning with %s", len(strings.Fields(e.Text)), l.Shortened(strings.Fields(e.Text)[0]))
	case *OnlyForRecords:
		return l.Text("%s is only for the list of creates, without TOKEN, --all, --last and --discard", l.Find(e.Flag))
	case *InvalidExpression:
		return l.Text("--jq: %s", ui.Clean(l.Find(e.Reason)))
	case *ExpressionFailed:
		if e.Changed {
			return l.Text("--jq: %s; the command has made its changes, and only its result cannot be printed", ui.Clean(l.Find(e.Reason)))
		}
		return l.Text("--jq: %s", ui.Clean(l.Find(e.Reason)))
	}
	return ""
}

// outputHint returns what to do about an error about the output, or "" for other errors.
func outputHint(l Language, err error) string {
	var format *NeedsFormat
	var two *NotCombined
	switch {
	case errors.As(err, &format) && format.Flag == "--columns":
		return l.Text("omit --columns; to choose fields of JSON, use --jq")
	case errors.As(err, &format) && format.Flag == "--no-headers":
		return l.Text("omit --no-headers: this output has no headers")
	case errors.As(err, &format):
		return l.Text("omit -o, or omit %s", format.Flag)
	case errors.As(err, &two) && two.Flag == "--quiet":
		return l.Text("omit one of the two: each says what is printed")
	}
	return ""
}

// An expression is shown with so many characters before and behind its error, so that it fits a terminal.
const shownBefore, shownBehind = 50, 20

// marked returns the part of an expression that is wrong with a mark below, or nothing for other errors.
func marked(err error) []string {
	var e *InvalidExpression
	if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(e.Text) {
		return nil
	}
	lineBefore := e.Text[strings.LastIndexByte(e.Text[:e.Offset], '\n')+1 : e.Offset]
	lineAfter, _, _ := strings.Cut(e.Text[e.Offset:], "\n")
	before, after := []rune(ui.Clean(lineBefore)), []rune(ui.Clean(lineAfter))
	if cut := len(before) - shownBefore; cut > 0 {
		before = append([]rune("…"), before[cut:]...)
	}
	if len(after) > shownBehind {
		after = append(after[:shownBehind:shownBehind], '…')
	}
	return []string{string(before) + string(after), strings.Repeat(" ", ui.Width(string(before))) + "^"}
}

// Dropped returns a note about columns that a terminal is too narrow for. selects reports whether the command
// has --columns.
func Dropped(l Language, titles []string, selects bool) string {
	names := strings.ToLower(list(l, titles))
	switch {
	case selects && len(titles) == 1:
		return l.Text("note: 1 column does not fit: %s; see --columns", names)
	case selects:
		return l.Text("note: %d columns do not fit: %s; see --columns", len(titles), names)
	case len(titles) == 1:
		return l.Text("note: 1 column does not fit: %s; a wider terminal shows it", names)
	}
	return l.Text("note: %d columns do not fit: %s; a wider terminal shows them", len(titles), names)
}

// CodeNotPrinted returns a note about an output that --jq made without the activation code. token is the client
// token of its record, or "" if there is none.
func (c Invocation) CodeNotPrinted(token string) string {
	if token == "" {
		return c.Language.Text("note: the output does not contain the activation code; the same command without --jq prints it")
	}
	return c.Language.Text("note: the output does not contain the activation code; to print it:  %s", c.Line.Run(recoverWords(token, "-q")))
}
