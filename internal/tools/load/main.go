// Command load sends many requests at once to a served sandbox: its connections create, repeat, list,
// disable and delete codes, with both kinds of signatures, and check every response. Then it kills the
// server, starts it again, and checks that all acknowledged changes were kept. It is never linked into
// the product.
//
// The last line of its output is the result. It exits with 1 if a response was wrong or an acknowledged
// change was lost.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"ecs-activation/internal/tools/group"
)

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/ecs-activation", "the program to test")
	flag.IntVar(&o.connections, "connections", 50, "number of connections")
	flag.DurationVar(&o.lasts, "for", time.Minute, "time before the server is killed")
	flag.Parse()
	var r *report
	err := group.UntilSignal(func(ctx context.Context) (err error) {
		r, err = load(ctx, o)
		return err
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	fmt.Print(r.table())
	fmt.Println(r.line())
	if r.bad() {
		os.Exit(1)
	}
}
