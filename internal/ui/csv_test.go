package ui

import (
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestAFormulaInACellOfCSVGetsAnApostrophe(t *testing.T) {
	_, out := pipe()
	c := NewCSV(out)
	for _, row := range [][]string{{"a", "b,c", `say "x"`}, {"=1+1", "+1", "-1"}, {"=cmd|'/C calc'!A0", `=cmd("x")`, "=cmd()"}, {"@x", "\tx", "\rx"}, {"'", "", "é=1"}, {"a-b", "x@y", " =1"}} {
		if err := c.Add(row); err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() > 0 {
		t.Error("rows are written before Flush")
	}
	want := "a,\"b,c\",\"say \"\"x\"\"\"\n'=1+1,'+1,'-1\n'=cmd|'/C calc'!A0,\"'=cmd(\"\"x\"\")\",'=cmd()\n'@x,'\tx,\"'\rx\"\n',,é=1\na-b,x@y,\" =1\"\n"
	if err := c.Flush(); err != nil || out.String() != want {
		t.Errorf("%v\n got %q\nwant %q", err, out, want)
	}
}

func TestEveryRowOfCSVIsReadAsItIs(t *testing.T) {
	_, out := pipe()
	c := NewCSV(out)
	var want [][]string
	for _, cell := range []string{"plain", "", `"`, ",", "a\nb", strings.Repeat("x", 100_000), `\.`, "#", " "} {
		want = append(want, []string{"id", cell})
		if err := c.Add([]string{"id", cell}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%v, %d rows", err, len(got))
	}
}

func TestAFailedWriteOfCSVIsReported(t *testing.T) {
	full := errors.New("full")
	c := NewCSV(failing{full})
	if err := errors.Join(c.Add([]string{"a"}), c.Flush()); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
	if err := c.Add([]string{strings.Repeat("x", 2*chunkSize)}); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
