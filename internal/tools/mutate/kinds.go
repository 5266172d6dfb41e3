package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// kind is a kind of change.
type kind string

// The kinds, in the order of the columns of the table.
const (
	guard      kind = "guard"      // a condition that is always true or false, a case or loop left out
	comparison kind = "comparison" // == for !=, < for <=, ...
	logic      kind = "logic"      // && for ||, an operand or a ! left out
	syncing    kind = "sync"       // a sync left out, or its error ignored
	failing    kind = "error"      // another call that can fail left out, or its error ignored
	statement  kind = "statement"  // an assignment or a call left out
	constant   kind = "constant"   // a number, duration or boolean changed
	element    kind = "element"    // an element of a literal left out
)

// kinds returns all kinds.
func kinds() []kind {
	return []kind{guard, comparison, logic, syncing, failing, statement, constant, element}
}

// visit adds the mutants that start at a node. If possible, a mutant keeps the old text at a place where
// it has no effect, so that no variable and no import becomes unused.
func (f *finder) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.IfStmt:
		f.guard(n.Cond)
		f.testedError(n)
	case *ast.ForStmt:
		f.loop(n, n.Body)
	case *ast.RangeStmt:
		f.loop(n, n.Body)
	case *ast.BlockStmt:
		f.block(n)
	case *ast.CaseClause:
		f.switchCase(n)
		f.statements(n.Body)
	case *ast.CommClause:
		f.leaveOut(guard, n, "case "+f.short(commOf(n)))
		f.statements(n.Body)
	case *ast.AssignStmt:
		f.assignment(n)
	case *ast.ReturnStmt:
		f.returned(n)
	case *ast.CallExpr:
		f.call(n)
	case *ast.BinaryExpr:
		f.binary(n)
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			f.replace(logic, n, f.text(n.X), "! of "+f.short(n)+" dropped")
		}
	case *ast.CompositeLit:
		f.elements(n)
	case *ast.BasicLit, *ast.Ident, *ast.SelectorExpr:
		f.constant(n)
	}
}

// guard adds the mutants in which a condition is always true, and always false. The condition is still
// evaluated.
func (f *finder) guard(condition ast.Expr) {
	if name, ok := condition.(*ast.Ident); ok && (name.Name == "true" || name.Name == "false") {
		return
	}
	text := f.text(condition)
	f.replace(guard, condition, "("+text+") || true", "always "+f.short(condition))
	f.replace(guard, condition, "("+text+") && false", "never "+f.short(condition))
}

// testedError leaves out the call whose error an if statement checks. Ignoring its error is the same as
// a condition that is always false.
func (f *finder) testedError(n *ast.IfStmt) {
	if init, ok := n.Init.(*ast.AssignStmt); ok && isErrorOf(init) {
		f.failureOf(init.Rhs[0], false)
	}
}

// loop adds the mutant in which the body of a loop is not executed.
func (f *finder) loop(n ast.Node, body *ast.BlockStmt) {
	header := short(f.between(n.Pos(), body.Lbrace))
	f.edit(guard, body.Lbrace, body.Lbrace+1, "{ break;", header+" skipped")
}

// switchCase changes the condition of a case, or leaves out one of the values that it compares
// with.
func (f *finder) switchCase(n *ast.CaseClause) {
	if s, ok := f.parent(2).(*ast.SwitchStmt); ok && s.Tag == nil && len(n.List) > 0 {
		for _, condition := range n.List {
			f.guard(condition)
		}
		return
	}
	if len(n.List) < 2 {
		f.leaveOut(guard, n, short(f.between(n.Case, n.Colon)))
		return
	}
	for i, value := range n.List {
		f.element(guard, n.List, i, "case "+f.short(value)+" dropped")
	}
}

// commOf returns the statement of a case of a select, or the case itself for default.
func commOf(n *ast.CommClause) ast.Node {
	if n.Comm == nil {
		return n
	}
	return n.Comm
}

// block changes the statements of a block. The only statement of an if is left out by changing the
// condition.
func (f *finder) block(n *ast.BlockStmt) {
	if s, ok := f.parent(1).(*ast.IfStmt); ok && s.Body == n && s.Else == nil && len(n.List) == 1 {
		return
	}
	f.statements(n.List)
}

// statements adds the mutants in which one statement of a list is left out.
func (f *finder) statements(list []ast.Stmt) {
	for _, s := range list {
		k := statement
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || len(s.Lhs) > 1 || isErrorOf(s) {
				continue
			}
		case *ast.ExprStmt:
			k = kindOf(s.X, k)
		case *ast.DeferStmt:
			k = kindOf(s.Call, k)
		case *ast.BranchStmt:
			if s.Tok != token.CONTINUE && s.Tok != token.BREAK {
				continue
			}
		case *ast.IncDecStmt, *ast.SendStmt, *ast.GoStmt:
		default:
			continue
		}
		f.replace(k, s, "if false { "+f.text(s)+" }", f.short(s)+" dropped")
	}
}

// leaveOut adds the mutant in which a node is left out.
func (f *finder) leaveOut(k kind, n ast.Node, what string) { f.replace(k, n, "", what+" dropped") }

// assignment leaves out one of several assignments, and the errors of calls.
func (f *finder) assignment(n *ast.AssignStmt) {
	if s, ok := f.parent(1).(*ast.IfStmt); isErrorOf(n) && (!ok || s.Init != n) {
		f.failure(n.Rhs[0])
	}
	if n.Tok == token.DEFINE || len(n.Lhs) < 2 {
		return
	}
	for _, left := range n.Lhs {
		if f.text(left) != "_" {
			f.replace(statement, left, "_", "assignment to "+short(f.text(left))+" dropped"+f.place())
		}
	}
}

// isErrorOf reports whether a statement assigns the result of one call to an error.
func isErrorOf(n *ast.AssignStmt) bool {
	if len(n.Lhs) != 1 {
		return false
	}
	_, call := n.Rhs[0].(*ast.CallExpr)
	return call && strings.Contains(strings.ToLower(lastName(n.Lhs[0])), "err")
}

// returned changes the booleans and the error that a function returns.
func (f *finder) returned(n *ast.ReturnStmt) {
	types := f.results()
	if len(types) != len(n.Results) {
		return
	}
	for i, value := range n.Results {
		switch {
		case types[i] == "bool":
			f.guard(value)
		case types[i] == "error" && i == len(types)-1:
			f.failure(value)
		}
	}
}

// call changes calls that sync, and the arguments of errors.Join.
func (f *finder) call(n *ast.CallExpr) {
	if f.text(n.Fun) == "errors.Join" {
		for _, argument := range n.Args {
			f.failure(argument)
		}
	}
	switch f.parent(1).(type) {
	case *ast.ExprStmt, *ast.DeferStmt, *ast.GoStmt: // left out as a statement
	default:
		if syncs(n) {
			f.failure(n)
		}
	}
}

// failure adds the mutants in which an error is ignored, and in which the call that returns it is left
// out.
func (f *finder) failure(value ast.Expr) { f.failureOf(value, true) }

// failureOf is failure; without ignored, it adds only the second mutant.
func (f *finder) failureOf(value ast.Expr, ignored bool) {
	text := f.text(value)
	if text == "nil" {
		return
	}
	k := kindOf(value, failing)
	if ignored {
		f.replace(k, value, "func() error { _ = "+text+"; return nil }()", "error "+f.short(value)+" ignored")
	}
	if call, ok := value.(*ast.CallExpr); ok && !builds(f.text(call.Fun)) {
		f.replace(k, value, "func() error { if false { return "+text+" }; return nil }()", f.short(value)+" dropped")
	}
}

// builds reports whether a function only creates an error. Leaving it out is then the same as ignoring
// its error.
func builds(function string) bool {
	switch function {
	case "errors.New", "errors.Join", "fmt.Errorf", "context.Cause":
		return true
	}
	return false
}

// kindOf returns the kind syncing for a call that syncs, and another kind for other expressions.
func kindOf(e ast.Expr, other kind) kind {
	if call, ok := e.(*ast.CallExpr); ok && syncs(call) {
		return syncing
	}
	return other
}

// syncs reports whether a call syncs data to the disk, by its name.
func syncs(call *ast.CallExpr) bool {
	name := strings.ToLower(lastName(call.Fun))
	return strings.HasPrefix(name, "sync") || strings.HasPrefix(name, "fsync") || name == "mkdirall"
}

// lastName returns c for a.b.c.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// binary changes the operator of a comparison, or of && and ||.
func (f *finder) binary(n *ast.BinaryExpr) {
	switch n.Op {
	case token.MUL:
		f.durations[n.X], f.durations[n.Y] = isUnit(n.Y), isUnit(n.X)
	case token.EQL:
		f.comparison(n, token.NEQ)
	case token.NEQ:
		f.comparison(n, token.EQL)
	case token.LSS:
		f.comparison(n, token.LEQ)
	case token.LEQ:
		f.comparison(n, token.LSS)
	case token.GTR:
		f.comparison(n, token.GEQ)
	case token.GEQ:
		f.comparison(n, token.GTR)
	case token.LAND:
		f.logic(n, token.LOR, "|| true")
	case token.LOR:
		f.logic(n, token.LAND, "&& false")
	}
}

// comparison adds the mutant with another comparison operator.
func (f *finder) comparison(n *ast.BinaryExpr, other token.Token) {
	f.edit(comparison, n.OpPos, n.Y.Pos(), other.String()+" ", f.short(n)+" becomes "+other.String())
}

// logic adds the mutants with the other operator, and without one of the operands. none is the text that
// makes an operand have no effect.
func (f *finder) logic(n *ast.BinaryExpr, other token.Token, none string) {
	x, y := "("+f.text(n.X)+")", "("+f.text(n.Y)+")"
	f.replace(logic, n, fmt.Sprintf("%s %s %s", x, other, y), f.short(n)+" becomes "+other.String())
	f.replace(logic, n, fmt.Sprintf("(%s %s) %s %s", x, none, n.Op, y), "operand "+f.short(n.X)+" dropped")
	f.replace(logic, n, fmt.Sprintf("%s %s (%s %s)", x, n.Op, y, none), "operand "+f.short(n.Y)+" dropped")
}

// constant adds the mutants in which a boolean is inverted, an integer is changed by one, or a duration
// is zero.
func (f *finder) constant(n ast.Node) {
	switch n := n.(type) {
	case *ast.Ident:
		switch n.Name {
		case "true":
			f.replace(constant, n, "false", "true becomes false"+f.place())
		case "false":
			f.replace(constant, n, "true", "false becomes true"+f.place())
		}
	case *ast.SelectorExpr:
		if isUnit(n) {
			f.replace(constant, n, "(0 * "+f.text(n)+")", f.durationOf(n)+" becomes 0")
		}
	case *ast.BasicLit:
		number, err := strconv.ParseInt(n.Value, 0, 64)
		if n.Kind != token.INT || err != nil || f.durations[n] {
			return
		}
		for _, other := range []int64{number - 1, number + 1} {
			text := fmt.Sprint(other)
			if strings.HasPrefix(n.Value, "0o") {
				text = fmt.Sprintf("%O", other)
			}
			f.replace(constant, n, text, n.Value+" becomes "+text+f.place())
		}
	}
}

// durationOf returns the source of a duration: the unit of time and its factor.
func (f *finder) durationOf(unit ast.Node) string {
	if product, ok := f.parent(1).(*ast.BinaryExpr); ok && product.Op == token.MUL {
		return f.short(product)
	}
	return f.short(unit)
}

// isUnit reports whether an expression is a unit of time, such as time.Second.
func isUnit(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || lastName(s.X) != "time" {
		return false
	}
	switch s.Sel.Name {
	case "Nanosecond", "Microsecond", "Millisecond", "Second", "Minute", "Hour":
		return true
	}
	return false
}

// elements adds the mutants in which one element of a literal is left out.
func (f *finder) elements(n *ast.CompositeLit) {
	for i, e := range n.Elts {
		f.element(element, n.Elts, i, "element "+f.short(e)+" dropped")
	}
}

// element adds the mutant in which one element of a list is left out, together with a comma.
func (f *finder) element(k kind, list []ast.Expr, i int, what string) {
	from, to := list[i].Pos(), list[i].End()
	switch {
	case i+1 < len(list):
		to = list[i+1].Pos()
	case i > 0:
		from = list[i-1].End()
	default:
		for f.between(to, to+1) != "}" {
			to++ // a comma after the only element
		}
	}
	f.edit(k, from, to, "", what)
}
