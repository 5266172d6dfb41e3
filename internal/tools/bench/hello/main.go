// Command hello is a minimal Go program, the reference for the start time.
package main

import "os"

func main() {
	if _, err := os.Stdout.WriteString("hello, world\n"); err != nil {
		os.Exit(1)
	}
}
