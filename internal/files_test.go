package internal_test

import (
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// circles are the files of a package that may call each other in a circle, with the reason.
var circles = map[string]string{}

// The files of a package call downwards: there is an order in which every file calls only those behind
// it.
func TestFilesCallDownwards(t *testing.T) {
	found := map[string]bool{}
	for _, folder := range folders(t) {
		for _, circle := range callsOf(t, folder).circles() {
			name := filepath.ToSlash(folder) + ": " + strings.Join(circle, " ")
			found[name] = true
			if circles[name] == "" {
				t.Errorf("files that call each other in a circle: %q", name)
			}
		}
	}
	for name := range circles {
		if !found[name] {
			t.Errorf("no longer a circle: %q", name)
		}
	}
}

// most is the highest number of methods of a type.
const most = 12

// large are the types with more methods, with the reason. Package activation has the interface of the
// service, and sandbox/cloud has the service itself: both are left out.
var large = map[string]string{
	"disk.OS":               "implements disk.FS, which has one method for each operation that a power cut or a full disk can interrupt",
	"disk/disktest.Process": "implements disk.FS as well",
}

// A type has few methods, so that it has one purpose.
func TestTypesHaveFewMethods(t *testing.T) {
	found := map[string]bool{}
	for _, folder := range folders(t) {
		folder = filepath.ToSlash(folder)
		if folder == "activation" || folder == "sandbox/cloud" {
			continue
		}
		for receiver, methods := range methodsOf(t, folder) {
			name := folder + "." + receiver
			if len(methods) <= most {
				continue
			}
			found[name] = true
			if large[name] == "" {
				t.Errorf("%s has %d methods, and the limit is %d: %s", name, len(methods), most, strings.Join(slices.Sorted(maps.Keys(methods)), " "))
			}
		}
	}
	for name := range large {
		if !found[name] {
			t.Errorf("%s no longer has more than %d methods", name, most)
		}
	}
}

// methodsOf returns the names of the methods of each type of a folder, for all systems, without tests.
func methodsOf(t *testing.T, folder string) map[string]map[string]bool {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]map[string]bool{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Recv == nil {
				continue
			}
			name := receiverOf(function.Recv.List[0].Type)
			if types[name] == nil {
				types[name] = map[string]bool{}
			}
			types[name][function.Name.Name] = true
		}
	}
	return types
}

// receiverOf returns the name of the type of a receiver, without its pointer and its type parameters.
func receiverOf(receiver ast.Expr) string {
	switch r := receiver.(type) {
	case *ast.StarExpr:
		return receiverOf(r.X)
	case *ast.IndexExpr:
		return receiverOf(r.X)
	case *ast.IndexListExpr:
		return receiverOf(r.X)
	case *ast.Ident:
		return r.Name
	}
	return ""
}

// folders returns every folder with Go files.
func folders(t *testing.T) (folders []string) {
	for _, tree := range []string{"../cmd", "."} {
		err := filepath.WalkDir(tree, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.IsDir() {
				return err
			}
			if entry.Name() == "testdata" {
				return fs.SkipDir
			}
			folders = append(folders, path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return folders
}

// calls says which files of a package use functions and methods of which others.
type calls map[string]map[string]bool

// callsOf reads the files of a folder that belong to a build for this system, without tests.
func callsOf(t *testing.T, folder string) calls {
	pkg, err := build.ImportDir(folder, 0)
	if errors.As(err, new(*build.NoGoError)) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range pkg.GoFiles {
		file, err := parser.ParseFile(set, filepath.Join(folder, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	// What other packages declare does not matter here, so they are empty, and errors are ignored.
	config := types.Config{Importer: empty{}, Error: func(error) {}}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config.Check(folder, set, files, info) //nolint:errcheck // see above
	c := calls{}
	fileOf := func(pos token.Pos) string { return filepath.Base(set.Position(pos).Filename) }
	for ident, object := range info.Uses {
		function, ok := object.(*types.Func)
		if !ok || function.Pkg() == nil || function.Pkg().Path() != folder {
			continue
		}
		from, to := fileOf(ident.Pos()), fileOf(function.Pos())
		if from == to {
			continue
		}
		if c[from] == nil {
			c[from] = map[string]bool{}
		}
		c[from][to] = true
	}
	return c
}

// empty imports every package as an empty one.
type empty struct{}

func (empty) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, path[strings.LastIndex(path, "/")+1:])
	p.MarkComplete()
	return p, nil
}

// circles returns the sets of files that call each other in a circle, each in alphabetical order.
func (c calls) circles() (circles [][]string) {
	done := map[string]bool{}
	for _, file := range slices.Sorted(maps.Keys(c)) {
		if done[file] {
			continue
		}
		circle := []string{file}
		for _, other := range slices.Sorted(maps.Keys(c.reach(file))) {
			if other != file && c.reach(other)[file] {
				circle = append(circle, other)
				done[other] = true
			}
		}
		if len(circle) > 1 {
			circles = append(circles, circle)
		}
	}
	return circles
}

// reach returns the files that a file uses, directly or through others.
func (c calls) reach(file string) map[string]bool {
	reached := map[string]bool{}
	var visit func(string)
	visit = func(from string) {
		for to := range c[from] {
			if !reached[to] {
				reached[to] = true
				visit(to)
			}
		}
	}
	visit(file)
	return reached
}

// A circle is found, and a chain is none.
func TestCirclesAreFound(t *testing.T) {
	c := calls{"a.go": {"b.go": true}, "b.go": {"c.go": true, "d.go": true}, "c.go": {"a.go": true}}
	if got := c.circles(); len(got) != 1 || strings.Join(got[0], " ") != "a.go b.go c.go" {
		t.Errorf("%q", got)
	}
	delete(c, "c.go")
	if got := c.circles(); len(got) != 0 {
		t.Errorf("%q", got)
	}
}
