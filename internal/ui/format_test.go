package ui

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type thing struct {
	Zone  string
	Count int
	Tags  []string
	Inner *thing `json:",omitempty"`
}

// many writes values as a sequence.
func many[T any](w io.Writer, format string, values []T) error {
	sequence := NewSequence(w, format)
	for i := range values {
		if err := sequence.Add(&values[i]); err != nil {
			return err
		}
	}
	return sequence.End()
}

func TestEveryFormatForProgramsHasTheKeysOfJSONInTheirOrder(t *testing.T) {
	things := []thing{{Zone: "a", Count: 1, Tags: []string{"x", "1"}}, {Zone: "b", Inner: &thing{Tags: []string{}}}}
	for format, want := range map[string]string{
		FormatJSON: "[\n  {\n    \"Zone\": \"a\",\n    \"Count\": 1,\n    \"Tags\": [\n      \"x\",\n      \"1\"\n    ]\n  },\n" +
			"  {\n    \"Zone\": \"b\",\n    \"Count\": 0,\n    \"Tags\": null,\n    \"Inner\": {\n      \"Zone\": \"\",\n      \"Count\": 0,\n      \"Tags\": []\n    }\n  }\n]\n",
		FormatJSONLines: `{"Zone":"a","Count":1,"Tags":["x","1"]}` + "\n" + `{"Zone":"b","Count":0,"Tags":null,"Inner":{"Zone":"","Count":0,"Tags":[]}}` + "\n",
		FormatYAML: "- Zone: a\n  Count: 1\n  Tags:\n    - x\n    - \"1\"\n" +
			"- Zone: b\n  Count: 0\n  Tags: null\n  Inner:\n    Zone: \"\"\n    Count: 0\n    Tags: []\n",
	} {
		var out counting
		if err := many(&out, format, things); err != nil || out.calls != 1 || out.String() != want {
			t.Errorf("%s: %v in %d writes\n got %s\nwant %s", format, err, out.calls, out.String(), want)
		}
	}
}

func TestNoValuesAreAnEmptySequence(t *testing.T) {
	for format, want := range map[string]string{FormatJSON: "[]\n", FormatJSONLines: "", FormatYAML: "[]\n"} {
		_, out := pipe()
		if err := many[thing](out, format, nil); err != nil || out.String() != want {
			t.Errorf("%s: %v, %q", format, err, out)
		}
	}
}

func TestWhatIsAddedToASequenceIsWrittenByFlush(t *testing.T) {
	for _, format := range []string{FormatJSON, FormatJSONLines, FormatYAML} {
		_, out := pipe()
		sequence := NewSequence(out, format)
		for _, zone := range []string{"first", "second"} {
			if err := errors.Join(sequence.Add(thing{Zone: zone}), sequence.Flush()); err != nil || !strings.Contains(out.String(), zone) {
				t.Errorf("%s: %v, %q", format, err, out)
			}
		}
		if err := sequence.End(); err != nil {
			t.Error(err)
		}
		_, whole := pipe()
		if err := many(whole, format, []thing{{Zone: "first"}, {Zone: "second"}}); err != nil || whole.String() != out.String() {
			t.Errorf("%s: %v, %q and %q", format, err, whole, out)
		}
	}
}

func TestYAMLNeverControlsATerminalAndKeepsItsTexts(t *testing.T) {
	value := map[string]string{}
	for _, text := range []string{
		"", "web", "网页服务器 😀", "yes", "No", "no", "on", "y", "true", "NULL", "null", "~", "1", "1e5", "1e3", ".inf", "0o17", "1_000",
		"!!tag", "!!int 1", "<<", "=", "---", "--- a", "...", "? a", "| a", "> a", "%YAML 1.1", "0x1f", "1:20", "12:34:56", "2021-01-20T06:00:00Z",
		"- a", "a: b", "a #b", "#a", "&a", "*a", "!a", "%a", "@a", "`a", "{a", "[a", "'", `"`, `\`, " a ", "a\n", "two\nlines", "a\r\nb", "a\tb",
		"\u009b31m", "\x7f\x1b]0;x\x07", "\u202eleft", "\U000e0041tag", "a\u200b\ufeff\u00ad", "\u2028", "a\u0085b", strings.Repeat("long words ", 100),
	} {
		value["k"+text] = text
	}
	var out counting
	if err := One(&out, FormatYAML, value); err != nil || out.calls != 1 {
		t.Fatalf("%v in %d writes", err, out.calls)
	}
	for _, line := range lines(out.String()) {
		if Clean(line) != line {
			t.Errorf("%q controls a terminal", line)
		}
	}
	var got map[string]string
	if err := yaml.Unmarshal(out.Bytes(), &got); err != nil || !maps.Equal(got, value) {
		t.Errorf("%v: %q", err, got)
	}
}

func FuzzYAMLText(f *testing.F) {
	for _, seed := range []string{"", "web", "yes", "1_000", "\x1b[31m", "\u202e", "a\nb", "\u2028", "网", "\U000e0041", "a: b", "\ufffe"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, out := pipe()
		if err := One(out, FormatYAML, []string{text}); err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var want string
		if err := json.Unmarshal(encoded, &want); err != nil { // what is no UTF-8 is replaced
			t.Fatal(err)
		}
		var got []any
		if err := yaml.Unmarshal(out.Bytes(), &got); err != nil || len(got) != 1 || got[0] != want {
			t.Fatalf("%q becomes %q: %v, %q", text, out, err, got)
		}
	})
}

func TestFormatErrors(t *testing.T) {
	for _, format := range []string{FormatJSON, FormatJSONLines, FormatYAML} {
		_, out := pipe()
		if err := many(out, format, []any{"a", func() {}}); err == nil || out.Len() > 0 {
			t.Errorf("%s: %v after %q", format, err, out)
		}
		if err := One(&full{}, format, "a"); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", format, err)
		}
	}
}
