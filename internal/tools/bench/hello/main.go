// Command hello is the least that a Go program can be: what every start is measured against.
package main

import "os"

func main() {
	if _, err := os.Stdout.WriteString("hello, world\n"); err != nil {
		os.Exit(1)
	}
}
