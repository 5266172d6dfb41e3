// Command bench compares the speed of the program with a hello world program, with a minimal net/http
// program that signs and sends the same requests (./bare), and with a program that reads page after page.
// It builds these programs, serves a sandbox for them, and prints a table of ratios. It is never linked
// into the product.
//
// Each ratio is the median of pairs of runs, one right after the other, because the machine may be busy.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"

	"ecs-activation/internal/tools/group"
)

func main() {
	only := flag.String("only", "", "run only the benchmarks whose name matches this `pattern`")
	share := flag.Float64("rounds", 1, "`factor` for the number of runs")
	flag.Parse()
	err := group.UntilSignal(func(ctx context.Context) error { return run(ctx, *only, *share) })
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run runs the selected benchmarks, and prints each row when it is complete.
func run(ctx context.Context, only string, share float64) (err error) {
	chosen, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	b, err := build(ctx)
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
