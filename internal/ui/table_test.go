package ui

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

var columns = []Column{{Title: "ID"}, {Title: "NAME", CanTruncate: true}, {Title: "USES"}}

// tableOf returns a table of rows.
func tableOf(columns []Column, rows [][]string) *Table {
	table := NewTable(columns)
	section := table.Section()
	for _, row := range rows {
		section.Add(row)
	}
	return table
}

func writeTable(s *Stream, columns []Column, rows [][]string) error {
	return tableOf(columns, rows).Write(s)
}

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
		if err := writeTable(s, columns, test.rows); err != nil || out.String() != test.want {
			t.Errorf("%s: %v\n got %q\nwant %q", test.name, err, out.String(), test.want)
		}
	}
}

func TestWideCharactersTakeTwoColumns(t *testing.T) {
	s, _ := terminal(80)
	got, err := tableOf([]Column{{Title: "SOURCE"}, {Title: "VALUE"}}, [][]string{{"选项 --lang", "zh"}, {"default", "60s"}, {"默认值", "是"}}).Lines(s)
	want := []string{"SOURCE       VALUE", "选项 --lang  zh", "default      60s", "默认值       是"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v\n got %q\nwant %q", err, got, want)
	}
}

// In a Chinese locale the library counts two columns for them, as few terminals do.
func TestCharactersOfAmbiguousWidthTakeOneColumnInEveryLocale(t *testing.T) {
	twwidth.SetCondition(&runewidth.Condition{EastAsianWidth: true})
	table := NewTable([]Column{{Title: "A", CanTruncate: true}, {Title: "B"}})
	section := table.Section()
	section.Add([]string{"██░░░ 3/10", "x"})
	section.Add([]string{"a name that is long", "y"})
	out := Stream{Terminal: true, Width: 14}
	if lines, err := table.Lines(&out); err != nil || strings.Join(lines, "|") != "A            B|██░░░ 3/10   x|a name tha…  y" {
		t.Errorf("%q, %v", lines, err)
	}
}

func TestColourIsNotCountedInTheWidth(t *testing.T) {
	rows := func(s *Stream) [][]string {
		return [][]string{{"4ECE", s.Paint(Green, "Active"), "3"}, {"5F", s.Paint(Faint, "Expired"), s.Paint(Red, "10")}}
	}
	plain, plainOut := pipe()
	coloured, colouredOut := pipe()
	coloured.Color = true
	if err := errors.Join(writeTable(plain, columns, rows(plain)), writeTable(coloured, columns, rows(coloured))); err != nil {
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
		if err := writeTable(s, columns, rows()); err != nil {
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

func TestTheWidestColumnIsTruncatedFirst(t *testing.T) {
	s, out := terminal(40)
	columns := []Column{{Title: "A", CanTruncate: true}, {Title: "B", CanTruncate: true}}
	if err := writeTable(s, columns, [][]string{{strings.Repeat("x", 10), strings.Repeat("y", 60)}}); err != nil {
		t.Fatal(err)
	}
	if got := lines(out.String())[1]; got != strings.Repeat("x", 10)+"  "+strings.Repeat("y", 27)+"…" {
		t.Errorf("%q", got)
	}
}

func TestAColumnIsTruncatedLastWhenAllOthersAreNarrow(t *testing.T) {
	columns := []Column{{Title: "ID", TruncateLast: true}, {Title: "NAME", CanTruncate: true}}
	row := strings.Repeat("x", 20) + " " + strings.Repeat("y", 30)
	for width, want := range map[int]string{
		60: strings.Repeat("x", 20) + "  " + strings.Repeat("y", 30),
		40: strings.Repeat("x", 20) + "  " + strings.Repeat("y", 17) + "…",
		30: strings.Repeat("x", 20) + "  " + strings.Repeat("y", 7) + "…",
		25: strings.Repeat("x", 14) + "…  " + strings.Repeat("y", 7) + "…",
		10: strings.Repeat("x", 7) + "…  " + strings.Repeat("y", 7) + "…",
	} {
		s, _ := terminal(width)
		got, err := tableOf(columns, [][]string{strings.Fields(row)}).Lines(s)
		if err != nil || len(got) != 2 || got[1] != want {
			t.Errorf("%d columns: %v\n got %q\nwant %q", width, err, got, want)
		}
	}
}

func TestColouredCellsFitATerminalToo(t *testing.T) {
	s, out := terminal(40)
	s.Color = true
	row := []string{"4ECEEE12", s.Paint(Magenta, strings.Repeat("name ", 12)), s.Paint(Red, "10/10")}
	if err := writeTable(s, columns, [][]string{row}); err != nil {
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
	if err := writeTable(s, columns, [][]string{{"a", long, "c"}}); err != nil || !strings.Contains(out.String(), long) {
		t.Errorf("%v: %q", err, out)
	}
}

func TestATableThatCannotBeWrittenIsAnError(t *testing.T) {
	for _, left := range []int{0, 10} {
		if err := writeTable(&Stream{Writer: &full{left}}, columns, [][]string{{"a", "b", "c"}}); !errors.Is(err, errFull) {
			t.Errorf("after %d bytes: %v", left, err)
		}
	}
}

func TestAShortTableIsWrittenInOneWrite(t *testing.T) {
	var out counting
	rows := make([][]string, 500)
	for i := range rows {
		rows[i] = []string{"a", "b", "c"}
	}
	if err := writeTable(&Stream{Writer: &out}, columns, rows); err != nil || out.calls != 1 || len(lines(out.String())) != 501 {
		t.Errorf("%v, %d writes, %d lines", err, out.calls, len(lines(out.String())))
	}
}

func TestANarrowTerminalGetsTheNarrowLayout(t *testing.T) {
	columns := []Column{
		{Title: "ID", TruncateLast: true}, {Title: "USES", Layout: FullLayout}, {Title: "USES", Layout: NarrowLayout}, {Title: "NAME", CanTruncate: true},
	}
	row := []string{"4ECEEE12-56F1", "##... 2/5", "2/5", "a long name"}
	for width, want := range map[int]string{
		37: "4ECEEE12-56F1  ##... 2/5  a long name",
		34: "4ECEEE12-56F1  ##... 2/5  a long …",
		33: "4ECEEE12-56F1  2/5   a long name",
		28: "4ECEEE12-56…  2/5   a long …",
		0:  "4ECEEE1…  2/5   a long …",
	} {
		s, out := terminal(width)
		if err := writeTable(s, columns, [][]string{row}); err != nil || lines(out.String())[1] != want {
			t.Errorf("%d columns: %v\n%s", width, err, out)
		}
	}
	s, out := pipe()
	if err := writeTable(s, columns, [][]string{row}); err != nil || !strings.Contains(out.String(), "##... 2/5  a long name") {
		t.Errorf("a pipe: %v\n%s", err, out)
	}
}

func TestSectionsComeInTheirOrderAndOneCanBeCleared(t *testing.T) {
	table := NewTable(columns)
	first, second, third := table.Section(), table.Section(), table.Section()
	third.Add([]string{"c", "3", ""})
	first.Add([]string{"a", "1", ""})
	second.Add([]string{"a long ID", "2", ""})
	first.Add([]string{"b", "1", ""})
	second.Clear()
	s, out := pipe()
	if err := table.Write(s); err != nil || out.String() != "ID  NAME  USES\na   1\nb   1\nc   3\n" || table.Len() != 3 {
		t.Errorf("%v, %d rows:\n%s", err, table.Len(), out)
	}
}

func TestATableCanBeWithoutTitles(t *testing.T) {
	for _, count := range []int{1, drawnRows + 1} {
		table := tableOf(columns, slices.Repeat([][]string{{"a", "b", "c"}}, count))
		table.Untitled = true
		s, out := pipe()
		if err := table.Write(s); err != nil || out.String() != strings.Repeat("a   b     c\n", count) {
			t.Errorf("%d rows: %v", count, err)
		}
	}
}

func TestALongTableIsWrittenInPiecesOfWholeLines(t *testing.T) {
	out := &pieces{}
	row := []string{strings.Repeat("网", 10), "", "café"}
	if err := writeTable(&Stream{Writer: out}, columns, slices.Repeat([][]string{row}, 5000)); err != nil || len(out.sizes) < 2 {
		t.Errorf("%v, %d pieces", err, len(out.sizes))
	}
	for _, size := range out.sizes {
		if size > chunkSize {
			t.Errorf("a piece of %d bytes", size)
		}
	}
	if out.open {
		t.Error("a piece ends within a line")
	}
	for _, left := range []int{0, 10, chunkSize + 10} {
		if err := writeTable(&Stream{Writer: &full{left}}, columns, slices.Repeat([][]string{row}, 5000)); !errors.Is(err, errFull) {
			t.Errorf("after %d bytes: %v", left, err)
		}
	}
}

// pieces is a writer that remembers the sizes of what it gets.
type pieces struct {
	sizes []int
	open  bool // one did not end with a line
}

func (p *pieces) Write(b []byte) (int, error) {
	p.sizes, p.open = append(p.sizes, len(b)), p.open || !bytes.HasSuffix(b, []byte("\n"))
	return len(b), nil
}

// tablewriter draws short tables and writeRows long ones: for the same rows both write the same bytes.
func TestBothWaysToWriteATableWriteTheSame(t *testing.T) {
	for name, stream := range streams() {
		for _, row := range variedRows(stream) {
			expectSame(t, fmt.Sprintf("%s, %q", name, row), stream, [][]string{row})
		}
		expectSame(t, name+", all rows", stream, variedRows(stream))
		expectSame(t, name+", no rows", stream, nil)
	}
}

// The texts of a fuzzing run are cleaned as those of every table.
func FuzzBothWaysToWriteATableWriteTheSame(f *testing.F) {
	for _, seed := range []string{"", "web", "网页服务器", "e\u0301", " a ", "|", "\ufffd", "👩‍👩‍👧", "·"} {
		f.Add(seed, "x", uint8(20))
	}
	f.Fuzz(func(t *testing.T, a, b string, width uint8) {
		a, b = Clean(a), Clean(b)
		for name, stream := range streams() {
			stream.Width = int(width)
			expectSame(t, name, stream, [][]string{{a, b, stream.Paint(Green, a)}, {b, a, ""}, {"", "", b}})
		}
	})
}

// streams returns a stream of each kind.
func streams() map[string]*Stream {
	return map[string]*Stream{
		"pipe": {}, "coloured pipe": {Color: true}, "terminal": {Terminal: true, Width: 200},
		"narrow terminal": {Terminal: true, Width: 30, Color: true}, "terminal without a width": {Terminal: true, Color: true},
	}
}

// variedRows returns rows with every kind of cell.
func variedRows(s *Stream) [][]string {
	return [][]string{
		{"4ECE", "web", "3/10"}, {"", "", ""}, {"a", "", ""}, {"", "b", ""}, {"", "", "c"},
		{"网页服务器", "网页服务器网页服务器网页服务器", "网"}, {"e\u0301te\u0301", strings.Repeat("e\u0301", 40), "e\u0301"},
		{s.Paint(Green, "Active"), s.Paint(Red, strings.Repeat("red ", 20)), s.Paint(Faint, "3")},
		{"  blanks  ", " ", "  "}, {"|", "---", "+"}, {"a\\b", "%s", "<b>"}, {"👍🏽", strings.Repeat("👩‍👩‍👧", 20), "🇫🇷"},
		{"█░", "…", "·±"}, {"total", "SUM", "Total"}, {strings.Repeat("x", 300), strings.Repeat("long name ", 50), "c"},
	}
}

// expectSame reports if tablewriter and writeRows write different bytes.
func expectSame(t *testing.T, name string, s *Stream, rows [][]string) {
	t.Helper()
	table := tableOf([]Column{{Title: "ID", TruncateLast: true}, {Title: "A LONG TITLE", CanTruncate: true}, {Title: "USES"}}, rows)
	d := drawing{table: table, layout: table.layoutFor(s), stream: s}
	drawn, err := d.draw()
	var written bytes.Buffer
	if err := errors.Join(err, d.writeRows(&written)); err != nil || !bytes.Equal(drawn, written.Bytes()) {
		t.Errorf("%s: %v\n  drawn %q\nwritten %q", name, err, drawn, written.Bytes())
	}
}

// A list that is watched draws thousands of tables with new texts.
func TestNoTextIsKeptWhenATableIsDrawn(t *testing.T) {
	heap := func() int64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	before := heap()
	for i := range 200 {
		row := []string{fmt.Sprint(i), strings.Repeat("x", 20_000) + fmt.Sprint(i), "c"}
		if err := writeTable(&Stream{Writer: io.Discard}, columns, [][]string{row}); err != nil {
			t.Fatal(err)
		}
	}
	if grown := heap() - before; grown > 1<<20 {
		t.Errorf("200 tables keep %d bytes", grown)
	}
}

func BenchmarkTable(b *testing.B) {
	for _, count := range []int{1000, 5000} {
		rows := make([][]string, count)
		for i := range rows {
			rows[i] = []string{fmt.Sprintf("4ECEEE12-56F1-4FBC-9AB1-890F%08d", i), fmt.Sprintf("web-%d", i), "Active", fmt.Sprintf("%d/100", i%100), "2026-01-20T15:00:00Z"}
		}
		table := tableOf([]Column{{Title: "ID"}, {Title: "NAME"}, {Title: "STATUS"}, {Title: "USES"}, {Title: "EXPIRES"}}, rows)
		d := drawing{table: table, layout: table.layoutFor(&Stream{}), stream: &Stream{}}
		b.Run(fmt.Sprintf("%d rows by tablewriter", count), func(b *testing.B) {
			for b.Loop() {
				if _, err := d.draw(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%d rows by writeRows", count), func(b *testing.B) {
			for b.Loop() {
				if err := d.writeRows(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestATerminalThatIsTooNarrowShowsFewerColumns(t *testing.T) {
	columns := []Column{{Title: "ID"}, {Title: "NAME", CanTruncate: true, Drop: 1}, {Title: "GROUP", Drop: 2}, {Title: "TAGS", Drop: 3}, {Title: "END"}}
	rows := [][]string{{"0123456789", "a long name of a code", "group", "tags", "end"}}
	for width, want := range map[int]string{
		80: "",
		50: "",                // the name is shorter
		38: "",                // as short as possible
		37: "TAGS",            // and then longer again
		30: "GROUP TAGS",      // 10 + 8 + 3 and two gaps are 25
		24: "NAME GROUP TAGS", // the other columns cannot be dropped
		10: "NAME GROUP TAGS",
	} {
		s := &Stream{Terminal: true, Width: width}
		table := tableOf(columns, rows)
		if got := strings.Join(table.Dropped(s), " "); got != want {
			t.Errorf("%d: %q, want %q", width, got, want)
		}
		lines, err := table.Lines(s)
		if err != nil || !strings.HasPrefix(lines[1], "0123456789") || width >= 24 && Width(lines[1]) > width {
			t.Errorf("%d: %v, %q", width, err, lines)
		}
		if dropped := tableOf(columns, rows).Dropped(&Stream{}); dropped != nil {
			t.Errorf("%q are dropped in a pipe", dropped)
		}
	}
}
