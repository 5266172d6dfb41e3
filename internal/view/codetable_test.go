package view_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// manyCodes returns n codes with different texts.
func manyCodes(count int) []view.Listed {
	codes := make([]view.Listed, count)
	for i := range codes {
		codes[i] = numbered(i)
	}
	return codes
}

// numbered returns a code whose texts contain a number.
func numbered(i int) view.Listed {
	code := web()
	code.ActivationId = fmt.Sprintf("4ECEEE12-56F1-4FBC-9AB1-890F%08d", i)
	code.InstanceName = fmt.Sprintf("web-server-%05d", i)
	code.RegisteredCount, code.InstanceCount = i%100, 100
	return view.NewListed(code, noon)
}

func TestTheRowsOfRegionsComeInTheirOrderAndCanBeDropped(t *testing.T) {
	p, out := printer(view.FormatTable)
	table := view.NewCodeTable(p, noon, true)
	for _, region := range []string{"cn-beijing", "cn-hangzhou", "cn-shanghai"} {
		table.Region(region)
	}
	in := func(region, id string) view.Listed {
		code := web()
		code.RegionId, code.ActivationId = region, id
		return view.NewListed(code, noon)
	}
	table.Region("cn-shanghai").Add(in("cn-shanghai", "D"))
	table.Region("cn-hangzhou").Add(in("cn-hangzhou", "a long ID"), in("cn-hangzhou", "C"))
	table.Region("cn-beijing").Add(in("cn-beijing", "A"))
	table.Region("cn-beijing").Add(in("cn-beijing", "B"))
	table.Region("cn-hangzhou").Drop()
	if table.Len() != 3 {
		t.Errorf("%d codes", table.Len())
	}
	const rest = "  " + clean + "  Active  3/10  2026-01-20T15:00:00Z\n"
	expect(t, "regions", table.End(), out, "ID  REGION       NAME        STATUS  USES  EXPIRES\n"+
		"A   cn-beijing "+rest+"B   cn-beijing "+rest+"D   cn-shanghai"+rest)
}

func TestATableFromWhichAllIsDroppedIsNotPrinted(t *testing.T) {
	p, out := printer(view.FormatTable)
	table := view.NewCodeTable(p, noon, false)
	table.Region("cn-beijing").Add(list(web())...)
	table.Region("cn-beijing").Drop()
	expect(t, "dropped", table.End(), out, "")
}

func TestALongTableHasTheLinesOfAShortOne(t *testing.T) {
	for _, width := range []int{0, 60, 200} {
		p, out := printer(view.FormatTable)
		if width > 0 {
			terminal(p, width)
		}
		short, long := manyCodes(1000), manyCodes(1001)
		if err := view.PrintCodes(p, short, noon, false); err != nil {
			t.Fatal(err)
		}
		want := out.String()
		out.Reset()
		if err := view.PrintCodes(p, long, noon, false); err != nil || !strings.HasPrefix(out.String(), want) || strings.Count(out.String(), "\n") != 1002 {
			t.Errorf("%d columns: %v, %d lines, which begin %q", width, err, strings.Count(out.String(), "\n"), out.String()[:200])
		}
	}
}

func TestALongTableThatCannotBeWrittenIsAnError(t *testing.T) {
	p, _ := printer(view.FormatTable)
	p.Out = &ui.Stream{Writer: full{}}
	if err := view.PrintCodes(p, manyCodes(1001), noon, false); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

// A table needs memory for the text of its cells, and not for the codes.
func TestATableKeepsTheTextOfItsCellsOnly(t *testing.T) {
	for format, most := range map[string]uint64{view.FormatTable: 12 << 20, view.FormatWide: 20 << 20} {
		p, _ := printer(format)
		p.Out = &ui.Stream{Writer: io.Discard}
		before := heap()
		table := view.NewCodeTable(p, noon, false)
		for i := range 80_000 {
			table.Add(numbered(i))
		}
		if held := heap() - before; held > most {
			t.Errorf("%s: 80,000 codes hold %d bytes, want at most %d", format, held, most)
		}
		if err := table.End(); err != nil {
			t.Error(err)
		}
	}
}

// The formats for programs need memory for one encoded code at a time. The heap is measured with its
// garbage, so the limit is not strict.
func TestALongListForProgramsIsEncodedCodeByCode(t *testing.T) {
	const size, count = 150_000, 60
	code := web()
	code.Description = strings.Repeat("d", size)
	codes := list(make([]activation.Activation, count)...)
	for i := range codes {
		codes[i] = view.NewListed(code, noon) // all share one description
	}
	for _, format := range []string{"json", "yaml", "jsonl"} {
		p, _ := printer(format)
		highest := &peak{}
		p.Out = &ui.Stream{Writer: highest}
		before := heap()
		if err := view.PrintCodes(p, codes, noon, false); err != nil || highest.written < size*count {
			t.Errorf("%s: %v after %d bytes", format, err, highest.written)
		}
		if used := int64(highest.heap) - int64(before); used > size*count {
			t.Errorf("%s: %d bytes of memory for %d bytes of output", format, used, highest.written)
		}
	}
}

// peak is a writer that counts what is written and remembers the largest heap.
type peak struct {
	written int
	heap    uint64
}

func (p *peak) Write(b []byte) (int, error) {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	p.written, p.heap = p.written+len(b), max(p.heap, stats.HeapAlloc)
	return len(b), nil
}

// heap returns how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func BenchmarkCodes(b *testing.B) {
	for _, count := range []int{1000, 80_000} {
		codes := manyCodes(count)
		for _, format := range []string{view.FormatTable, view.FormatWide, "json", "jsonl"} {
			b.Run(fmt.Sprintf("%d/%s", count, format), func(b *testing.B) {
				p, _ := printer(format)
				p.Out = &ui.Stream{Writer: io.Discard}
				b.ReportAllocs()
				for b.Loop() {
					if err := view.PrintCodes(p, codes, noon, false); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkCodeTable measures the memory that a table holds before it is printed.
func BenchmarkCodeTable(b *testing.B) {
	for _, count := range []int{1000, 80_000} {
		for _, format := range []string{view.FormatTable, view.FormatWide} {
			b.Run(fmt.Sprintf("%d/%s", count, format), func(b *testing.B) {
				p, _ := printer(format)
				p.Out = &ui.Stream{Writer: io.Discard}
				for b.Loop() {
					before := heap()
					table := view.NewCodeTable(p, noon, false)
					for i := range count {
						table.Add(numbered(i))
					}
					b.ReportMetric(float64(heap()-before), "held-bytes")
					if err := table.End(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
