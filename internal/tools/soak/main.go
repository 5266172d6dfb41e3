// Command soak tests that no activation code is lost and none is created twice. It runs the real program
// against the sandbox, and at random kills it, closes its output, or makes the sandbox return errors.
// Then it runs recover, and compares the delivered codes with the codes in the sandbox. It is never
// linked into the product.
//
// The last line of its output is the result. It exits with 1 if a code was lost or duplicated.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"

	"ecs-activation/internal/tools/group"
)

func main() {
	binary := flag.String("binary", "bin/ecs-activation", "the program to test")
	trials := flag.Int("trials", 1000, "number of trials")
	seed := flag.Uint64("seed", rand.Uint64(), "seed of the random choices; the timing of a run cannot be repeated")
	only := flag.String("kind", "", "run only this kind of failure, such as \"read-only state\"")
	verbose := flag.Bool("v", false, "print every trial")
	flag.Parse()
	fmt.Printf("soak: seed=%d\n", *seed)
	var sum *summary
	err := group.UntilSignal(func(ctx context.Context) (err error) {
		sum, err = soak(ctx, *binary, named(kinds(), *only), *trials, *seed, *verbose)
		return err
	})
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
