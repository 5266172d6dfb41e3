package jq_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/jq"
)

// run returns the results of an expression, a line each, strings marked with ">".
func run(ctx context.Context, t *testing.T, text, document string) (string, error) {
	t.Helper()
	expression, err := jq.Compile(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var lines strings.Builder
	err = expression.Run(ctx, []byte(document), func(result string, isString bool) error {
		if isString {
			result = ">" + result
		}
		lines.WriteString(result + "\n")
		return nil
	})
	return lines.String(), err
}

func TestResults(t *testing.T) {
	const document = `{"a":[1,"x\u001b\n",{"z":1,"b":"<&>"}],"n":9007199254740993,"s":"text","none":null}`
	for text, want := range map[string]string{
		".a[]":              "1\n>x\x1b\n\n{\"b\":\"<&>\",\"z\":1}\n",
		".n, .s, .none":     "9007199254740993\n>text\nnull\n",
		"empty":             "",
		"1.5, 100000000000": "1.5\n100000000000\n",
		".s | halt":         "",
		"1, halt, 2":        "1\n",
		"env, $ENV":         "{}\n{}\n",
		`env.HOME, $ENV.PATH, (env | has("PATH"))`: "null\nnull\nfalse\n",
		"[limit(3; repeat(1))]":                    "[1,1,1]\n",
		"try error(1) catch .":                     "1\n",
	} {
		if got, err := run(t.Context(), t, text, document); err != nil || got != want {
			t.Errorf("%s: %v, got %q, want %q", text, err, got, want)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for text, want := range map[string]int{
		".[":                 2,
		".a | }":             5,
		"{a: }":              4,
		`"\x"`:               1,
		"foo":                -1,
		"input":              -1,
		"$missing":           -1,
		`import "x" as x; .`: -1,
		".é | ]":             1,
	} {
		_, err := jq.Compile(text)
		var wrong *jq.SyntaxError
		if !errors.As(err, &wrong) || wrong.Offset != want || wrong.Error() == "" {
			t.Errorf("%s: %+v, want the offset %d", text, err, want)
		}
	}
}

// A reason without values has no part of the value "a-secret-value".
func TestFailures(t *testing.T) {
	for text, want := range map[string][2]string{
		".[]":                         {`cannot iterate over: string ("a-secret-value")`, "cannot iterate over: string"},
		".a":                          {`expected an object but got: string ("a-secret-value")`, "expected an object but got: string"},
		"error":                       {"error: a-secret-value", "the expression raised an error"},
		`error({a: .})`:               {`error: {"a":"a-secret-value"}`, "the expression raised an error"},
		"halt_error":                  {"halt error: a-secret-value", "the expression raised an error"},
		"tonumber":                    {`tonumber cannot be applied to "a-secret-value": invalid number`, "tonumber cannot be applied to"},
		"fromjson":                    {"", "fromjson cannot be applied to"},
		`test("(" + .)`:               {"", ""},
		"1 / 0":                       {"", "cannot divide number"},
		". as $x | [1] | .[$x]":       {"", "expected an object but got: array"},
		"{(.): 1} | keys | .[0] | .x": {"", "expected an object but got: string"},
	} {
		_, err := run(t.Context(), t, text, `"a-secret-value"`)
		var failed *jq.Failure
		if !errors.As(err, &failed) {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if want[0] != "" && failed.Error() != want[0] || want[1] != "" && failed.Bare() != want[1] {
			t.Errorf("%s: %q, %q", text, failed.Error(), failed.Bare())
		}
		if strings.Contains(failed.Bare(), "secret") || failed.Bare() == "" {
			t.Errorf("%s: %q", text, failed.Bare())
		}
	}
}

func TestOtherErrors(t *testing.T) {
	full := errors.New("no space")
	expression, err := jq.Compile(".[]")
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	err = expression.Run(t.Context(), []byte("[1,2]"), func(string, bool) error { calls++; return full })
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%v after %d results", err, calls)
	}
	if err := expression.Run(t.Context(), []byte("["), func(string, bool) error { return nil }); err == nil {
		t.Error("half a document has results")
	}
	late := fmt.Errorf("time is up")
	ctx, stop := context.WithTimeoutCause(t.Context(), 10*time.Millisecond, late)
	defer stop()
	if _, err := run(ctx, t, "last(range(infinite))", "1"); !errors.Is(err, late) {
		t.Errorf("%v", err)
	}
}
