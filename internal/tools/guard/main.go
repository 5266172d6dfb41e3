// Command guard compares how much memory the hot paths allocate with the figures in figures.txt: a list page,
// decoding, rendering, signing, and the record of a create. Unlike times, these do not depend on how busy the machine
// is. It fails if a figure has grown, and says so if one has become smaller. It is never linked into the product.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// paths are the hot paths: a package, the pattern of its benchmarks, and the number of rounds.
var paths = []struct{ pkg, pattern, rounds string }{
	{"internal/ecs", "ListOfAPageOf50Codes|DecodeOfAPageOf50Codes|SignAndSend", "300x"},
	{"internal/view", "BenchmarkCodes/1000", "20x"},
	{"internal/pending", "Record", "100x"},
}

const (
	figures = "internal/tools/guard/figures.txt"
	heading = "# What the hot paths allocate for each operation. To renew: go run ./internal/tools/guard -update\n# benchmark  bytes  allocations\n"
)

// tolerance is the share by which a figure may differ: net/http reuses its buffers more or less often.
const tolerance = 0.03

func main() {
	update := flag.Bool("update", false, "write the figures instead of comparing them")
	flag.Parse()
	if err := run(*update); err != nil {
		fmt.Fprintln(os.Stderr, "guard:", err)
		os.Exit(1)
	}
}

func run(update bool) error {
	measured, err := measure()
	if err != nil {
		return err
	}
	if update {
		return os.WriteFile(filepath.FromSlash(figures), []byte(heading+write(measured)), 0o644)
	}
	text, err := os.ReadFile(filepath.FromSlash(figures))
	if err != nil {
		return err
	}
	kept, err := read(string(text))
	if err != nil {
		return err
	}
	fmt.Print(write(measured))
	return compare(kept, measured)
}

// figure is what one operation of a benchmark allocates.
type figure struct {
	name               string
	bytes, allocations int
}

// measure runs the benchmarks.
func measure() (all []figure, err error) {
	for _, path := range paths {
		cmd := exec.Command("go", "test", "./"+path.pkg, "-run", "^$", "-bench", path.pattern, "-benchtime", path.rounds, "-benchmem")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w: %s", path.pkg, err, out)
		}
		found := parse(out)
		if len(found) == 0 {
			return nil, fmt.Errorf("%s has no benchmark that matches %s", path.pkg, path.pattern)
		}
		all = append(all, found...)
	}
	return all, nil
}

// line matches the line of a benchmark in the output of go test.
var line = regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s.*\s(\d+) B/op\s+(\d+) allocs/op`)

// parse returns the figures in the output of go test.
func parse(out []byte) (found []figure) {
	for _, match := range line.FindAllStringSubmatch(string(bytes.TrimSpace(out)), -1) {
		found = append(found, figure{match[1], number(match[2]), number(match[3])})
	}
	return found
}

// number returns the number that a pattern has matched.
func number(digits string) int {
	n, _ := strconv.Atoi(digits) // the pattern matches only digits
	return n
}

// write returns figures as text.
func write(all []figure) string {
	var text strings.Builder
	for _, f := range all {
		fmt.Fprintf(&text, "%-28s %9d %7d\n", f.name, f.bytes, f.allocations)
	}
	return text.String()
}

// read parses the text of write.
func read(text string) (all []figure, err error) {
	for row := range strings.Lines(text) {
		if strings.HasPrefix(row, "#") {
			continue
		}
		var f figure
		if _, err := fmt.Sscan(row, &f.name, &f.bytes, &f.allocations); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", figures, row, err)
		}
		all = append(all, f)
	}
	return all, nil
}

// compare returns an error that names the figures that have grown, and those without a figure to compare with.
func compare(kept, measured []figure) error {
	before := map[string]figure{}
	for _, f := range kept {
		before[f.name] = f
	}
	var wrong []string
	for _, f := range measured {
		old, found := before[f.name]
		delete(before, f.name)
		switch {
		case !found:
			wrong = append(wrong, f.name+" has no figure")
		case grown(f.bytes, old.bytes) || grown(f.allocations, old.allocations):
			wrong = append(wrong, fmt.Sprintf("%s allocates %d bytes in %d allocations, before %d in %d", f.name, f.bytes, f.allocations, old.bytes, old.allocations))
		case grown(old.bytes, f.bytes) || grown(old.allocations, f.allocations):
			fmt.Printf("%s allocates less than before (%d bytes in %d allocations): renew the figures\n", f.name, old.bytes, old.allocations)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		wrong = append(wrong, name+" is no benchmark any more")
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s (if this is right, renew the figures with -update)", strings.Join(wrong, "; "))
	}
	return nil
}

// grown reports whether a figure is larger than before.
func grown(now, before int) bool { return float64(now) > float64(before)*(1+tolerance)+1 }
