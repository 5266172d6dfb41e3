// Command soak proves the promise that no activation code is lost and none is made twice. It
// runs the real program against the sandbox, kills it, cuts its output and spoils its answers
// at random, lets recover finish what was left, and then compares what was delivered with what
// the sandbox holds. It is never linked into the product.
//
// Its last line is the result; it exits with 1 unless nothing was lost and nothing duplicated.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
)

func main() {
	binary := flag.String("binary", "bin/ecs-activation", "the program to test")
	trials := flag.Int("trials", 1000, "how many trials")
	seed := flag.Uint64("seed", rand.Uint64(), "repeats the choices of a run, though not its timing")
	only := flag.String("kind", "", "only accidents of this kind, such as \"read-only state\"")
	verbose := flag.Bool("v", false, "tell every trial")
	flag.Parse()
	fmt.Printf("soak: seed=%d\n", *seed)
	sum, err := soak(*binary, named(kinds(), *only), *trials, *seed, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
	fmt.Print(sum.table())
	fmt.Println(sum.line())
	if total := sum.total(); total.lost+total.duplicated > 0 {
		os.Exit(1)
	}
}
