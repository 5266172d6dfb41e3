// Command load asks a served sandbox for everything at once: many connections that create,
// repeat, list, disable and delete, signed by hand in both dialects, with every answer judged.
// Then it kills the server in the middle of the work, starts it again, and compares what it
// holds with what it had acknowledged. It is never linked into the product.
//
// Its last line is the result; it exits with 1 when an answer was not the one that the rules
// ask for, or when anything acknowledged was lost.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/ecs-activation", "the program to test")
	flag.IntVar(&o.connections, "connections", 50, "how many work at once, each over a connection of its own")
	flag.DurationVar(&o.lasts, "for", time.Minute, "how long they work before the server is killed")
	flag.Parse()
	r, err := load(o)
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
