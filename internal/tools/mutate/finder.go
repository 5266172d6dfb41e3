package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// mutant is one change of one file.
type mutant struct {
	id       string // file, function and change; other edits of the file do not change it
	kind     kind
	path     string // of the file, relative to the module's folder
	file     string // the same without internal/
	line     int
	from, to int    // the range that is replaced
	text     string // the replacement
	tests    []test
}

// source is the text of a file.
type source struct {
	content []byte
	set     *token.FileSet
}

// text returns the source of a node.
func (s source) text(n ast.Node) string { return s.between(n.Pos(), n.End()) }

// between returns the source between two positions.
func (s source) between(from, to token.Pos) string {
	return string(s.content[s.set.Position(from).Offset:s.set.Position(to).Offset])
}

// finder walks over one file and collects its mutants.
type finder struct {
	mutant // the fields that all mutants of the file share

	source   source
	function string
	parents  []ast.Node // the enclosing nodes, and the current node as the last element

	durations map[ast.Node]bool // numbers that are multiplied by a unit of time
	ids       map[string]int
	changes   map[string]bool
	found     []mutant
}

// replace adds the mutant in which a node is replaced by a text.
func (f *finder) replace(k kind, n ast.Node, text, what string) {
	f.edit(k, n.Pos(), n.End(), text, what)
}

// edit adds the mutant in which the source between two positions is replaced by a text.
func (f *finder) edit(k kind, from, to token.Pos, text, what string) {
	m := f.mutant
	m.kind, m.text = k, text
	m.from, m.to, m.line = f.source.set.Position(from).Offset, f.source.set.Position(to).Offset, f.source.set.Position(from).Line
	change := fmt.Sprint(m.from, m.to, text)
	if f.changes[change] {
		return // the same change was found before
	}
	f.changes[change] = true
	m.id = fmt.Sprintf("%s %s: %s", f.file, f.function, what)
	if f.ids[m.id]++; f.ids[m.id] > 1 {
		m.id = fmt.Sprintf("%s #%d", m.id, f.ids[m.id])
	}
	f.found = append(f.found, m)
}

// short returns the source of a node for an ID, on one line and with limited length. If the node is only
// an error, short adds the statement that assigned the error.
func (f *finder) short(n ast.Node) string {
	text := short(f.source.text(n))
	if text != "err" && text != "err != nil" && text != "err == nil" {
		return text
	}
	if call, ok := f.parent(0).(*ast.CallExpr); ok {
		return text + " in " + short(f.source.text(call))
	}
	return text + f.origin()
}

// short returns a text on one line with limited length.
func short(text string) string {
	const most = 70
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) > most {
		line = append(line[:most-1], '…')
	}
	return string(line)
}

// origin returns the assignment of the current error: the one in or before the innermost if statement.
func (f *finder) origin() string {
	for i := len(f.parents) - 1; i > 0; i-- {
		s, ok := f.parents[i].(*ast.IfStmt)
		if !ok {
			continue
		}
		from := s.Init
		if block, ok := f.parents[i-1].(*ast.BlockStmt); ok && from == nil {
			if at := slices.Index(block.List, ast.Stmt(s)); at > 0 {
				from = block.List[at-1]
			}
		}
		if a, ok := from.(*ast.AssignStmt); ok && strings.Contains(f.source.text(s.Cond), "err") {
			return " of " + short(f.source.text(a))
		}
		return ""
	}
	return ""
}

// place returns the statement or element around the current node.
func (f *finder) place() string {
	for i := len(f.parents) - 1; i >= 0; i-- {
		switch p := f.parents[i].(type) {
		case *ast.AssignStmt, *ast.ReturnStmt, *ast.ExprStmt, *ast.IncDecStmt, *ast.ValueSpec, *ast.KeyValueExpr:
			return " in " + short(f.source.text(p))
		case *ast.IfStmt:
			return " in if " + short(f.source.text(p.Cond))
		case *ast.ForStmt:
			return " in " + short(f.source.between(p.Pos(), p.Body.Lbrace))
		case *ast.RangeStmt:
			return " in " + short(f.source.between(p.Pos(), p.Body.Lbrace))
		case *ast.CaseClause:
			return " in " + short(f.source.between(p.Case, p.Colon))
		}
	}
	return ""
}

// parent returns the node that is the given number of levels above the current node, or nil.
func (f *finder) parent(steps int) ast.Node {
	if len(f.parents) <= steps {
		return nil
	}
	return f.parents[len(f.parents)-1-steps]
}

// results returns the types of the results of the innermost function, one for each result.
func (f *finder) results() (types []string) {
	var list *ast.FieldList
	for _, p := range f.parents {
		switch p := p.(type) {
		case *ast.FuncDecl:
			list = p.Type.Results
		case *ast.FuncLit:
			list = p.Type.Results
		}
	}
	if list == nil {
		return nil
	}
	for _, field := range list.List {
		for range max(1, len(field.Names)) {
			types = append(types, f.source.text(field.Type))
		}
	}
	return types
}
