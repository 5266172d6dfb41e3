// Command picture runs the program on a pseudo-terminal, in a sandbox, and draws what a user sees as an SVG
// (docs/terminal.svg). It is never linked into the product. Its test fails if the committed picture differs
// from a new one.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"ecs-activation/internal/tools/group"
)

func main() {
	binary := flag.String("binary", "bin/ecs-activation", "the program to run")
	language := flag.String("lang", "en", "language of the program: en or zh")
	file := flag.String("out", "docs/terminal.svg", "file to write")
	flag.Parse()
	err := group.UntilSignal(func(ctx context.Context) error { return write(ctx, *binary, *language, *file) })
	if err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func write(ctx context.Context, binary, language, file string) error {
	svg, err := picture(ctx, binary, language)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(svg), 0o644)
}

// picture runs the story and returns it as an SVG.
func picture(ctx context.Context, binary, language string) (string, error) {
	text, err := play(ctx, binary, language)
	if err != nil {
		return "", err
	}
	lines, err := split(sample(text))
	if err != nil {
		return "", err
	}
	return draw(lines, language), nil
}
