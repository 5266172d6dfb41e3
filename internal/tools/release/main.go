// Command release has the steps of a release that goreleaser does not have, and builds a release twice
// to prove that both have the same bytes (docs/release.md). It is never linked into the product.
package main

import (
	"context"
	"fmt"
	"os"

	"ecs-activation/internal/tools/group"
)

const usage = `usage: release dry GORELEASER-VERSION FOLDER warm|cold   build the release of HEAD twice in FOLDER, and compare
       release stage FOLDER                              write what packages and images need: manual pages, licences, certificates
       release sbom BINARY FILE                          write the list of the modules in BINARY`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	command := ""
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch {
	case command == "dry" && len(args) == 3:
		return group.UntilSignal(func(ctx context.Context) error { return dry(ctx, args[0], args[1], args[2]) })
	case command == "stage" && len(args) == 1:
		return stage(args[0])
	case command == "sbom" && len(args) == 2:
		return sbom(args[0], args[1])
	}
	return fmt.Errorf("unknown command\n%s", usage)
}
