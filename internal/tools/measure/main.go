// Command measure prints how long the functions and files of the product are, how many files its packages have, and
// how much of it is comments and tests: the figures of "Measures" in docs/design.md. It is never linked into the
// product.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

func main() {
	m, err := measure(os.DirFS("internal"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
	fmt.Print(m)
}

// measures are what was counted.
type measures struct {
	functions, files     []int          // their lengths in lines
	packages             map[string]int // the number of files
	lines, comments      int            // without tests
	tests                int            // lines of tests and of packages for tests only
	exported, documented int            // functions, methods and types
}

// measure counts the files of all packages but those of the tools.
func measure(code fs.FS) (*measures, error) {
	m := &measures{packages: map[string]int{}}
	return m, fs.WalkDir(code, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name == "tools" {
			return fs.SkipDir
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(code, name)
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(path.Dir(name), "test") {
			m.tests += strings.Count(string(text), "\n")
			return nil
		}
		m.packages[path.Dir(name)]++
		return m.add(name, text)
	})
}

// add adds a file.
func (m *measures) add(name string, text []byte) error {
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(strings.TrimSpace(line), "//") {
			m.comments++
		}
	}
	lines := strings.Count(string(text), "\n")
	m.lines, m.files = m.lines+lines, append(m.files, lines)
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments)
	if err != nil {
		return err
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			m.functions = append(m.functions, set.Position(decl.End()).Line-set.Position(decl.Pos()).Line+1)
			m.export(decl.Name, decl.Doc)
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if spec, isType := spec.(*ast.TypeSpec); isType && spec.Doc != nil {
					m.export(spec.Name, spec.Doc)
				} else if isType {
					m.export(spec.Name, decl.Doc)
				}
			}
		}
	}
	return nil
}

// export counts a name if it is exported. Error, Unwrap and other methods that every error has need no comment.
func (m *measures) export(name *ast.Ident, doc *ast.CommentGroup) {
	if !name.IsExported() || slices.Contains([]string{"Error", "Unwrap", "Is", "String"}, name.Name) {
		return
	}
	m.exported++
	if doc != nil {
		m.documented++
	}
}

// String returns the figures as the rows of a table.
func (m *measures) String() string {
	var packages []int
	for _, files := range m.packages {
		packages = append(packages, files)
	}
	long := 0
	for _, lines := range m.functions {
		if lines >= 40 {
			long++
		}
	}
	share := func(part, whole int) string { return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole)) }
	return fmt.Sprintf(`functions: %d, median %d lines, nine in ten up to %d, %d of 40 or more (longest %d)
files: %d, median %d lines, eight in ten from %d to %d (longest %d)
packages: %d, with %d to %d files, median %d
comments: %s of %d lines
tests: %d lines, %.2f times the code
exported names with a comment: %s of %d
`, len(m.functions), part(m.functions, 0.5), part(m.functions, 0.9), long, part(m.functions, 1),
		len(m.files), part(m.files, 0.5), part(m.files, 0.1), part(m.files, 0.9), part(m.files, 1),
		len(packages), part(packages, 0), part(packages, 1), part(packages, 0.5),
		share(m.comments, m.lines), m.lines, m.tests, float64(m.tests)/float64(m.lines), share(m.documented, m.exported), m.exported)
}

// part returns the number below which a part of the numbers lies.
func part(numbers []int, share float64) int {
	slices.Sort(numbers)
	return numbers[int(share*float64(len(numbers)-1))]
}
