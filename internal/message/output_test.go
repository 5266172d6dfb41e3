package message

import (
	"strings"
	"testing"

	"ecs-activation/internal/activation"
)

// outputErrors returns errors about the output, and the sentence of each.
func outputErrors() map[string]error {
	return map[string]error{
		"--columns requires -o table|csv":                                                      &NeedsFormat{"--columns", []string{"table", "csv"}},
		"--jq requires JSON, which program bootstrap does not print":                           &NoJSON{"program bootstrap"},
		"--quiet and --jq cannot be combined":                                                  &NotCombined{"--quiet", "--jq"},
		"-o csv is only for the list of creates, without TOKEN, --all, --last and --discard":   &OnlyForRecords{"-o csv"},
		`--jq: unexpected token "}\x1b"`:                                                       &InvalidExpression{Text: "}", Offset: 0, Reason: "unexpected token \"}\x1b\""},
		`--jq: expected an object but got: \x1b`:                                               &ExpressionFailed{Reason: "expected an object but got: \x1b"},
		"--jq: wrong; the command has made its changes, and only its result cannot be printed": &ExpressionFailed{Reason: "wrong", Changed: true},
	}
}

func TestErrorsAboutTheOutput(t *testing.T) {
	for want, err := range outputErrors() {
		if got := inv.Cause(err); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

func TestWhatIsWrongInAnExpressionIsMarked(t *testing.T) {
	for _, test := range []struct {
		text        string
		offset      int
		line, below string
	}{
		{".[] | }", 6, ".[] | }", "      ^"},
		{".[", 2, ".[", "  ^"},
		{"", 0, "", "^"},
		{"first,\nsecond }\nthird", 14, "second }", "       ^"},
		{`"中文" }`, 9, `"中文" }`, "       ^"},
		{strings.Repeat("a|", 50) + "}" + strings.Repeat("|b", 50), 100, "…" + strings.Repeat("a|", 25) + "}" + strings.Repeat("|b", 9) + "|…", strings.Repeat(" ", 51) + "^"},
		{"\"é\x1b\" }", 6, `"é\x1b" }`, "        ^"},
	} {
		lines := inv.Error(&activation.Error{Op: "list", Err: &InvalidExpression{test.text, test.offset, "wrong"}}).Details
		if len(lines) != 2 || lines[0] != test.line || lines[1] != test.below {
			t.Errorf("%q: %q", test.text, lines)
		}
	}
	for _, offset := range []int{-1, 100} {
		if lines := inv.Error(&activation.Error{Op: "list", Err: &InvalidExpression{".", offset, "wrong"}}).Details; lines != nil {
			t.Errorf("%d: %q", offset, lines)
		}
	}
}

func TestNotesAboutTheOutput(t *testing.T) {
	for want, got := range map[string]string{
		"note: 1 column does not fit: tags; see --columns":                                                           Dropped(inv.Language, []string{"TAGS"}, true),
		"note: 2 columns do not fit: tags, group; see --columns":                                                     Dropped(inv.Language, []string{"TAGS", "GROUP"}, true),
		"note: 1 column does not fit: tags; a wider terminal shows it":                                               Dropped(inv.Language, []string{"TAGS"}, false),
		"note: 2 columns do not fit: tags, group; a wider terminal shows them":                                       Dropped(inv.Language, []string{"TAGS", "GROUP"}, false),
		"note: the output does not contain the activation code; the same command without --jq prints it":             inv.CodeNotPrinted(""),
		"note: the output does not contain the activation code; to print it:  ecs-activation --sandbox recover T -q": inv.CodeNotPrinted("T"),
	} {
		if got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

func TestUsedCodesAreCountedInWords(t *testing.T) {
	one := []activation.Activation{{ActivationId: "A"}}
	if got, want := Kept(nil, one), "note: 1 expired or disabled code was used and cannot be deleted: A"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
