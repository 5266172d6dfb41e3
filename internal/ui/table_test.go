package ui

import (
	"errors"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

var columns = []Column{{Title: "ID"}, {Title: "NAME", Shrinks: true}, {Title: "USES"}}

func TestATableAlignsItsColumnsWithoutTrailingBlanks(t *testing.T) {
	for _, test := range []struct {
		name string
		rows [][]string
		want string
	}{
		{"plain", [][]string{{"4ECE", "web", "3/10"}, {"5F", "database", "10/1000"}},
			"ID    NAME      USES\n4ECE  web       3/10\n5F    database  10/1000\n"},
		{"narrow cells", [][]string{{"a", "b", "c"}}, "ID  NAME  USES\na   b     c\n"},
		{"empty cells", [][]string{{"a", "", ""}, {"", "b", ""}, {"", "", "c"}, {"", "", ""}},
			"ID  NAME  USES\na\n    b\n          c\n\n"},
		{"blanks in a cell stay", [][]string{{"a", "  x  y", "z"}}, "ID  NAME    USES\na     x  y  z\n"},
		{"Chinese is twice as wide", [][]string{{"a", "网页服务器", "1"}, {"b", "web", "2"}},
			"ID  NAME        USES\na   网页服务器  1\nb   web         2\n"},
		{"cells that look like markup", [][]string{{"|", "---", "+"}, {"a\\b", "%s", "<b>"}},
			"ID   NAME  USES\n|    ---   +\na\\b  %s    <b>\n"},
		{"a long cell", [][]string{{"a", strings.Repeat("x", 300), "c"}},
			"ID  NAME" + strings.Repeat(" ", 298) + "USES\na   " + strings.Repeat("x", 300) + "  c\n"},
		{"no rows", nil, "ID  NAME  USES\n"},
	} {
		s, out := pipe()
		if err := Table(s, columns, test.rows); err != nil || out.String() != test.want {
			t.Errorf("%s: %v\n got %q\nwant %q", test.name, err, out.String(), test.want)
		}
	}
}

func TestColourIsNotCountedInTheWidth(t *testing.T) {
	rows := func(s *Stream) [][]string {
		return [][]string{{"4ECE", s.Paint(Green, "Active"), "3"}, {"5F", s.Paint(Faint, "Expired"), s.Paint(Red, "10")}}
	}
	plain, plainOut := pipe()
	coloured, colouredOut := pipe()
	coloured.Color = true
	if err := errors.Join(Table(plain, columns, rows(plain)), Table(coloured, columns, rows(coloured))); err != nil {
		t.Fatal(err)
	}
	if bare(colouredOut.String()) != plainOut.String() {
		t.Errorf("\n got %q\nwant %q", bare(colouredOut.String()), plainOut.String())
	}
	if !strings.Contains(colouredOut.String(), "\x1b[1mID\x1b[0m") || !strings.Contains(colouredOut.String(), "\x1b[32mActive\x1b[0m") {
		t.Errorf("the colours are lost: %q", colouredOut.String())
	}
}

func TestATableFitsItsTerminal(t *testing.T) {
	const id = "4ECEEE12-56F1-4FBC-9AB1-890F12345678"
	rows := func() [][]string {
		return [][]string{{id, "a very long name of a web server", "3/10"}, {id, "网页服务器网页服务器网页服务器", "10/10"}}
	}
	for _, test := range []struct{ width, widest int }{{200, 77}, {77, 77}, {76, 76}, {70, 70}, {60, 60}, {53, 53}, {40, 53}, {0, 53}} {
		s, out := terminal(test.width)
		if err := Table(s, columns, rows()); err != nil {
			t.Fatal(err)
		}
		widest := 0
		for _, line := range lines(out.String()) {
			widest = max(widest, twwidth.Width(line))
		}
		if widest > test.widest || strings.Count(out.String(), id) != 2 || !strings.Contains(out.String(), "10/10\n") {
			t.Errorf("%d columns: a line has %d, want at most %d:\n%s", test.width, widest, test.widest, out)
		}
		if cut := strings.Contains(out.String(), "…"); cut != (test.width < 77) {
			t.Errorf("%d columns: cut %t:\n%s", test.width, cut, out)
		}
	}
}

func TestTheWidestShrinkingColumnIsCutFirst(t *testing.T) {
	s, out := terminal(40)
	columns := []Column{{Title: "A", Shrinks: true}, {Title: "B", Shrinks: true}}
	if err := Table(s, columns, [][]string{{strings.Repeat("x", 10), strings.Repeat("y", 60)}}); err != nil {
		t.Fatal(err)
	}
	if got := lines(out.String())[1]; got != strings.Repeat("x", 10)+"  "+strings.Repeat("y", 27)+"…" {
		t.Errorf("%q", got)
	}
}

func TestAColumnYieldsWhenAllThatShrinksIsNarrow(t *testing.T) {
	columns := []Column{{Title: "ID", Yields: true}, {Title: "NAME", Shrinks: true}}
	row := strings.Repeat("x", 20) + " " + strings.Repeat("y", 30)
	for width, want := range map[int]string{
		60: strings.Repeat("x", 20) + "  " + strings.Repeat("y", 30),
		40: strings.Repeat("x", 20) + "  " + strings.Repeat("y", 17) + "…",
		30: strings.Repeat("x", 20) + "  " + strings.Repeat("y", 7) + "…",
		25: strings.Repeat("x", 14) + "…  " + strings.Repeat("y", 7) + "…",
		10: strings.Repeat("x", 7) + "…  " + strings.Repeat("y", 7) + "…",
	} {
		s, _ := terminal(width)
		got, err := TableLines(s, columns, [][]string{strings.Fields(row)})
		if err != nil || len(got) != 2 || got[1] != want {
			t.Errorf("%d columns: %v\n got %q\nwant %q", width, err, got, want)
		}
	}
}

func TestColouredCellsFitATerminalToo(t *testing.T) {
	s, out := terminal(40)
	s.Color = true
	row := []string{"4ECEEE12", s.Paint(Magenta, strings.Repeat("name ", 12)), s.Paint(Red, "10/10")}
	if err := Table(s, columns, [][]string{row}); err != nil {
		t.Fatal(err)
	}
	for _, line := range lines(out.String()) {
		if twwidth.Width(bare(line)) > 40 || strings.Count(line, "\x1b[")%2 != 0 {
			t.Errorf("%q", line)
		}
	}
}

func TestAPipeGetsEveryCellWhole(t *testing.T) {
	s, out := pipe()
	s.Width = 10
	long := strings.Repeat("long ", 50) + "end"
	if err := Table(s, columns, [][]string{{"a", long, "c"}}); err != nil || !strings.Contains(out.String(), long) {
		t.Errorf("%v: %q", err, out)
	}
}

func TestATableThatCannotBeWrittenIsAnError(t *testing.T) {
	for _, left := range []int{0, 10} {
		if err := Table(&Stream{Writer: &full{left}}, columns, [][]string{{"a", "b", "c"}}); !errors.Is(err, errFull) {
			t.Errorf("after %d bytes: %v", left, err)
		}
	}
}

func TestATableIsWrittenAtOnce(t *testing.T) {
	var out counting
	rows := make([][]string, 500)
	for i := range rows {
		rows[i] = []string{"a", "b", "c"}
	}
	if err := Table(&Stream{Writer: &out}, columns, rows); err != nil || out.calls != 1 || len(lines(out.String())) != 501 {
		t.Errorf("%v, %d writes, %d lines", err, out.calls, len(lines(out.String())))
	}
}

func TestATableFitsOnlyIfNothingHasToYield(t *testing.T) {
	columns := []Column{{Title: "ID", Yields: true}, {Title: "NAME", Shrinks: true}}
	rows := [][]string{{"4ECEEE12-56F1", "a long name"}}
	for width, want := range map[int]bool{40: true, 23: true, 22: false} {
		if got := Fits(&Stream{Terminal: true, Width: width}, columns, rows); got != want {
			t.Errorf("in %d columns: %t, want %t", width, got, want)
		}
	}
	if rows[0][1] != "a long name" {
		t.Errorf("asking changed the row: %q", rows[0])
	}
}
