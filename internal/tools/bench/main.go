// Command bench measures the program against what it could be at best, side by side in one run:
// a hello world, a bare net/http program that signs and sends the same requests (./bare), and
// the walk from page to page. It builds what it runs, serves it with the sandbox, and prints a
// table of ratios. It is never linked into the product.
//
// The machine may be busy: each ratio is the median of pairs of runs, one right after the other.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
)

func main() {
	only := flag.String("only", "", "measure only work whose name matches this `pattern`")
	share := flag.Float64("rounds", 1, "how many pairs of runs, as a `factor`")
	flag.Parse()
	if err := run(*only, *share); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures everything that is asked for, and prints each row as soon as it is known.
func run(only string, share float64) (err error) {
	chosen, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	b, err := build()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	fmt.Print(heading())
	for _, work := range works() {
		if !chosen.MatchString(work.name) {
			continue
		}
		rows, err := work.measure(b, max(1, int(float64(work.rounds)*share)))
		if err != nil {
			return fmt.Errorf("%s: %w", work.name, err)
		}
		for _, row := range rows {
			fmt.Println(row)
		}
	}
	return nil
}
