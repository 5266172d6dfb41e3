package ui

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"testing"
)

func TestJSONStaysReadableAndIsWrittenInOneWrite(t *testing.T) {
	value := map[string]any{"Description": "<a> & 'b' 激活 \u2028\x1b\xff", "Count": 3, "Tags": []string{}}
	var out counting
	if err := JSON(&out, value); err != nil || out.calls != 1 {
		t.Errorf("%v in %d writes", err, out.calls)
	}
	const want = "{\n  \"Count\": 3,\n  \"Description\": \"<a> & 'b' 激活 \\u2028\\u001b\\ufffd\",\n  \"Tags\": []\n}\n"
	if out.String() != want {
		t.Errorf("\n got %q\nwant %q", out.String(), want)
	}
	var line counting
	if err := JSONLine(&line, value); err != nil || line.calls != 1 || len(lines(line.String())) != 1 {
		t.Errorf("%v in %d writes: %q", err, line.calls, line.String())
	}
}

func TestJSONNeverControlsATerminalAndKeepsItsValues(t *testing.T) {
	value := map[string]string{
		"a": "\u009b31m", "b": "\x7f\x1b]0;x\x07", "c": "\u202eleft", "d": "\U000e0041tag", "e": "two\nlines\t网", "f": "\u200b\ufeff\u00ad",
	}
	for name, write := range map[string]func(io.Writer, any) error{"JSON": JSON, "JSONLine": JSONLine} {
		var out counting
		if err := write(&out, value); err != nil {
			t.Fatal(err)
		}
		for _, line := range lines(out.String()) {
			if Clean(line) != line {
				t.Errorf("%s: %q controls a terminal", name, line)
			}
		}
		var got map[string]string
		if err := json.Unmarshal(out.Bytes(), &got); err != nil || !maps.Equal(got, value) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestJSONThatCannotBeMadeWritesNothing(t *testing.T) {
	var out counting
	if err := JSON(&out, map[string]any{"f": func() {}}); err == nil || out.Len() > 0 {
		t.Errorf("%v after %q", err, out.String())
	}
}

func TestFieldsStandBelowEachOtherAndEmptyOnesAreLeftOut(t *testing.T) {
	s, out := pipe()
	fields := []Field{{"ActivationId", "4ECE"}, {"Description", ""}, {"Tags", "env=prod"}, {"AVeryLongNameThatIsEmpty", ""}}
	if err := Fields(s, fields); err != nil || out.String() != "ActivationId  4ECE\nTags          env=prod\n" {
		t.Errorf("%v: %q", err, out)
	}
	coloured, colouredOut := pipe()
	coloured.Color = true
	if err := Fields(coloured, fields); err != nil || bare(colouredOut.String()) != out.String() || bare(colouredOut.String()) == colouredOut.String() {
		t.Errorf("%v: %q", err, colouredOut)
	}
}

func TestFieldsAreBrokenAtWordsOnATerminal(t *testing.T) {
	s, out := pipe()
	s.Width = 30
	fields := []Field{{"ID", "4ECEEE12-56F1-4FBC-9AB1-890F12345678"}, {"Description", "web servers in Hamburg and Kiel"}}
	want := "ID           4ECEEE12-56F1-4FBC-9AB1-890F12345678\nDescription  web servers in\n             Hamburg and Kiel\n"
	if err := Fields(s, fields); err != nil || out.String() != want {
		t.Errorf("%v: %q", err, out)
	}
}

func TestWhatCannotBeWrittenIsAnError(t *testing.T) {
	for name, err := range map[string]error{
		"JSON":     JSON(&full{}, "x"),
		"JSONLine": JSONLine(&full{left: 2}, "text"),
		"Fields":   Fields(&Stream{Writer: &full{}}, []Field{{"a", "b"}}),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
