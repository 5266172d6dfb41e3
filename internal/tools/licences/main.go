// Command licences checks the licences of all modules that are linked into the product, on Linux, macOS and Windows.
// licences.txt has the licence of each module and a hash of its text. A module that is not in the list, a text that
// has changed, and a licence that is not allowed are errors: somebody has to read the text. With -texts it prints all
// licences, for the archives and packages of a release. It is never linked into the product.
package main

import (
	"crypto/sha256"
	_ "embed" // the list is part of the program
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed licences.txt
var list string

// allowed are the licences that a module may have. All of them permit the use in a program under Apache-2.0.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT AND Apache-2.0"}

// product is the package of the product.
const product = "./cmd/ecs-activation"

func main() {
	texts := flag.Bool("texts", false, "print the text of each licence")
	flag.Parse()
	if err := run(*texts); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(texts bool) error {
	folders, err := linked()
	if err != nil {
		return err
	}
	known, err := parse(list)
	if err != nil {
		return err
	}
	var wrong error
	for _, module := range slices.Sorted(maps.Keys(folders)) {
		text, err := licenceIn(folders[module])
		if err == nil {
			err = check(module, text, known)
		}
		wrong = errors.Join(wrong, err)
		delete(known, module)
		if texts {
			fmt.Printf("==== %s\n\n%s\n", module, text)
		}
	}
	for _, module := range slices.Sorted(maps.Keys(known)) {
		wrong = errors.Join(wrong, fmt.Errorf("%s is not linked any more: remove it from the list", module))
	}
	if wrong == nil && !texts {
		fmt.Printf("%d modules have allowed licences\n", len(folders))
	}
	return wrong
}

// linked returns the folder of each module that is linked into the product on one of the three systems. The standard
// library has the licence of golang.org/x/sys.
func linked() (map[string]string, error) {
	folders := map[string]string{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", product)
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		for line := range strings.Lines(string(out)) {
			if module, folder, found := strings.Cut(strings.TrimSpace(line), "\t"); found {
				folders[module] = folder
			}
		}
	}
	return folders, nil
}

// licenceIn returns the text of the licence files in a folder.
func licenceIn(folder string) (string, error) {
	var text strings.Builder
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "NOTICE*"} {
		paths, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			return "", err
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				return "", err
			}
			text.Write(content)
		}
	}
	if text.Len() == 0 {
		return "", fmt.Errorf("%s has no licence file", folder)
	}
	return text.String(), nil
}

// entry is what the list says about a module.
type entry struct{ licence, hash string }

// parse parses the list: module, licence, and the beginning of the hash of its text.
func parse(list string) (map[string]entry, error) {
	known := map[string]entry{}
	for line := range strings.Lines(list) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 3 {
			return nil, fmt.Errorf("licences.txt: %q is not a module, its licence and a hash", line)
		}
		last := len(fields) - 1
		known[fields[0]] = entry{strings.Join(fields[1:last], " "), fields[last]}
	}
	return known, nil
}

// check returns an error if the licence of a module is not in the list or is not allowed.
func check(module, text string, known map[string]entry) error {
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte(strings.ReplaceAll(text, "\r\n", "\n"))))[:16]
	e, found := known[module]
	switch {
	case !found:
		return fmt.Errorf("%s is not in licences.txt: read its licence and add it with the hash %s", module, hash)
	case e.hash != hash:
		return fmt.Errorf("the licence of %s has changed: read it and write the hash %s", module, hash)
	case !slices.Contains(allowed, e.licence):
		return fmt.Errorf("%s has the licence %s, which is not allowed", module, e.licence)
	}
	return nil
}
