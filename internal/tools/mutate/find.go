package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// findInFile returns the mutants of a file, in the order of the source.
func findInFile(root, path string, tests []test) ([]mutant, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	relative, err := filepath.Rel(root, path)
	if err != nil {
		return nil, err
	}
	name := filepath.ToSlash(relative)
	f := &finder{
		mutant:    mutant{path: relative, file: strings.TrimPrefix(name, "internal/"), tests: tests},
		source:    source{content, token.NewFileSet()},
		durations: map[ast.Node]bool{}, ids: map[string]int{}, changes: map[string]bool{},
	}
	file, err := parser.ParseFile(f.source.set, path, content, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, declaration := range file.Decls {
		f.declaration(declaration)
	}
	return f.found, nil
}

// declaration walks over a function, or over the values of a var or const.
func (f *finder) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		f.function = nameOf(d)
		f.walk(d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if values, ok := spec.(*ast.ValueSpec); ok {
				f.function = values.Names[0].Name
				f.walk(values)
			}
		}
	}
}

// nameOf returns Type.Method, or the name of a function.
func nameOf(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	receiver := d.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	if name, ok := receiver.(*ast.Ident); ok {
		return name.Name + "." + d.Name.Name
	}
	return d.Name.Name
}

// walk visits all nodes below a root.
func (f *finder) walk(root ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			f.parents = f.parents[:len(f.parents)-1]
			return true
		}
		f.parents = append(f.parents, n)
		visit(f, n)
		return true
	})
}
