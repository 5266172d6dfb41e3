// Command mutate checks the tests. It changes one condition, comparison or sync of the source at a time
// and runs the tests on the changed program. A change after which all tests pass is a gap in the tests.
// The source files are not modified: the compiler receives each changed file as an overlay. The command
// is never linked into the product.
//
// The last line of its output is the result. It exits with 1 if a mutant survived and equivalent.txt
// gives no reason for it, or if an entry of that file is wrong.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"ecs-activation/internal/tools/group"
)

func main() {
	o := options{equivalents: equivalents}
	list := flag.Bool("list", false, "print the mutants and run nothing")
	flag.StringVar(&o.pkg, "package", "", "only the mutants of this package, such as pending")
	flag.StringVar(&o.file, "file", "", "only the mutants of this file, such as pending/store.go")
	flag.StringVar(&o.only, "only", "", "only the mutant with this ID")
	flag.StringVar(&o.kinds, "kinds", "guard,comparison,logic,sync", "only these kinds of change; all: every kind")
	flag.BoolVar(&o.quick, "quick", false, "run only the tests of the changed package; survivors need a full run")
	flag.IntVar(&o.sample, "sample", 0, "only that many mutants, the same ones each time; 0 means all")
	flag.IntVar(&o.jobs, "jobs", 2, "how many mutants to run at once")
	flag.BoolVar(&o.verbose, "v", false, "print each mutant and the test that failed to standard error")
	flag.Parse()
	var r *report
	err := group.UntilSignal(func(ctx context.Context) (err error) {
		r, err = mutate(ctx, ".", targets(), o, *list)
		return err
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
	if *list {
		fmt.Print(r.list())
		return
	}
	fmt.Print(r.text())
	fmt.Println(r.line())
	if r.bad() {
		os.Exit(1)
	}
}
