package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// inEnglish are the packages whose texts do not go through a language: the sandbox answers as the service
// does, and the tools and the doubles are for ourselves. Package message has a stricter test of its own.
var inEnglish = []string{"sandbox", "tools", "message", "activation/activationtest", "identity/identitytest", "disk/disktest"}

// wordsInARow recognizes a sentence.
var wordsInARow = regexp.MustCompile(`[a-z]{2,} [a-z]{2,}`)

// forLogs are the functions that may build an English text.
var forLogs = []string{"Error", "String", "next"}

// parts are texts that are put together and are no sentences: a key of message/ops.go, a line of a script for
// fish, and the name of an identity, which records have.
var parts = []string{" without confirmation", "    set args $args[1] (string escape -- $args[2..-1])\n", ", access configuration "}

func TestNoSentenceIsBuiltOutsideTheCatalogue(t *testing.T) {
	checked := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && slices.Contains(inEnglish, filepath.ToSlash(path)) {
			return leftOut(err)
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			checked++
			checkSentences(t, path)
		}
		return nil
	})
	if err != nil || checked < 100 {
		t.Fatal(checked, err)
	}
}

// leftOut returns the error of a walk, or the value that leaves a folder out.
func leftOut(err error) error {
	if err != nil {
		return err
	}
	return fs.SkipDir
}

// checkSentences finds sentences that are formatted or put together in the code: only a whole format can
// be translated.
func checkSentences(t *testing.T, path string) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return !slices.Contains(forLogs, n.Name.Name)
		case *ast.GenDecl: // a constant may be written in several parts
			return n.Tok != token.CONST
		case *ast.CallExpr:
			if formats(n) && wordsInARow.MatchString(literal(n.Args[0])) {
				t.Errorf("%s: %s is not of the catalogue", set.Position(n.Pos()), literal(n.Args[0]))
			}
		case *ast.BinaryExpr:
			for _, part := range []string{literal(n.X), literal(n.Y)} {
				if n.Op == token.ADD && wordsInARow.MatchString(part) && !slices.Contains(parts, part) {
					t.Errorf("%s: %q is part of a sentence", set.Position(n.Pos()), part)
				}
			}
		}
		return true
	})
}

// formats reports whether a call is fmt.Sprintf or fmt.Errorf.
func formats(call *ast.CallExpr) bool {
	name, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || name.Sel.Name != "Sprintf" && name.Sel.Name != "Errorf" {
		return false
	}
	pkg, ok := name.X.(*ast.Ident)
	return ok && pkg.Name == "fmt"
}

// literal returns the text of a string literal, or "".
func literal(expr ast.Expr) string {
	lit, ok := expr.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(lit.Value) // the parser has checked it
	return text
}
