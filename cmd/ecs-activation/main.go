// Command ecs-activation manages the activation codes with which servers outside Alibaba
// Cloud register as managed instances.
package main

import (
	"os"

	"ecs-activation/internal/cli"
)

// version is set by the linker (see the Makefile).
var version = "dev"

func main() { os.Exit(cli.Main(version)) }
