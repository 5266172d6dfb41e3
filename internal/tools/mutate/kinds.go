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
func visit(f *finder, n ast.Node) {
	switch n := n.(type) {
	case *ast.IfStmt:
		changeCondition(f, n.Cond)
		leaveOutTested(f, n)
	case *ast.ForStmt:
		skipLoop(f, n, n.Body)
	case *ast.RangeStmt:
		skipLoop(f, n, n.Body)
	case *ast.BlockStmt:
		changeBlock(f, n)
	case *ast.CaseClause:
		changeCase(f, n)
		leaveOutStatements(f, n.Body)
	case *ast.CommClause:
		leaveOut(f, guard, n, "case "+f.short(commOf(n)))
		leaveOutStatements(f, n.Body)
	case *ast.AssignStmt:
		changeAssignment(f, n)
	case *ast.ReturnStmt:
		changeReturned(f, n)
	case *ast.CallExpr:
		changeCall(f, n)
	case *ast.BinaryExpr:
		changeOperator(f, n)
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			f.replace(logic, n, f.source.text(n.X), "! of "+f.short(n)+" dropped")
		}
	case *ast.CompositeLit:
		leaveOutElements(f, n)
	case *ast.BasicLit, *ast.Ident, *ast.SelectorExpr:
		changeConstant(f, n)
	}
}

// changeCondition adds the mutants in which a condition is always true, and always false. The condition
// is still evaluated.
func changeCondition(f *finder, condition ast.Expr) {
	if name, ok := condition.(*ast.Ident); ok && (name.Name == "true" || name.Name == "false") {
		return
	}
	text := f.source.text(condition)
	f.replace(guard, condition, "("+text+") || true", "always "+f.short(condition))
	f.replace(guard, condition, "("+text+") && false", "never "+f.short(condition))
}

// leaveOutTested leaves out the call whose error an if statement checks. Ignoring its error is the same
// as a condition that is always false.
func leaveOutTested(f *finder, n *ast.IfStmt) {
	if init, ok := n.Init.(*ast.AssignStmt); ok && isErrorOf(init) {
		ignoreOrLeaveOut(f, init.Rhs[0], false)
	}
}

// skipLoop adds the mutant in which the body of a loop is not executed.
func skipLoop(f *finder, n ast.Node, body *ast.BlockStmt) {
	header := short(f.source.between(n.Pos(), body.Lbrace))
	f.edit(guard, body.Lbrace, body.Lbrace+1, "{ break;", header+" skipped")
}

// changeCase changes the condition of a case, or leaves out one of the values that it compares
// with.
func changeCase(f *finder, n *ast.CaseClause) {
	if s, ok := f.parent(2).(*ast.SwitchStmt); ok && s.Tag == nil && len(n.List) > 0 {
		for _, condition := range n.List {
			changeCondition(f, condition)
		}
		return
	}
	if len(n.List) < 2 {
		leaveOut(f, guard, n, short(f.source.between(n.Case, n.Colon)))
		return
	}
	for i, value := range n.List {
		leaveOutElement(f, guard, n.List, i, "case "+f.short(value)+" dropped")
	}
}

// commOf returns the statement of a case of a select, or the case itself for default.
func commOf(n *ast.CommClause) ast.Node {
	if n.Comm == nil {
		return n
	}
	return n.Comm
}

// changeBlock changes the statements of a block. The only statement of an if is left out by changing
// the condition.
func changeBlock(f *finder, n *ast.BlockStmt) {
	if s, ok := f.parent(1).(*ast.IfStmt); ok && s.Body == n && s.Else == nil && len(n.List) == 1 {
		return
	}
	leaveOutStatements(f, n.List)
}

// leaveOutStatements adds the mutants in which one statement of a list is left out.
func leaveOutStatements(f *finder, list []ast.Stmt) {
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
		f.replace(k, s, "if false { "+f.source.text(s)+" }", f.short(s)+" dropped")
	}
}

// leaveOut adds the mutant in which a node is left out.
func leaveOut(f *finder, k kind, n ast.Node, what string) { f.replace(k, n, "", what+" dropped") }

// changeAssignment leaves out one of several assignments, and the errors of calls.
func changeAssignment(f *finder, n *ast.AssignStmt) {
	if s, ok := f.parent(1).(*ast.IfStmt); isErrorOf(n) && (!ok || s.Init != n) {
		ignoreError(f, n.Rhs[0])
	}
	if n.Tok == token.DEFINE || len(n.Lhs) < 2 {
		return
	}
	for _, left := range n.Lhs {
		if f.source.text(left) != "_" {
			f.replace(statement, left, "_", "assignment to "+short(f.source.text(left))+" dropped"+f.place())
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

// changeReturned changes the booleans and the error that a function returns.
func changeReturned(f *finder, n *ast.ReturnStmt) {
	types := f.results()
	if len(types) != len(n.Results) {
		return
	}
	for i, value := range n.Results {
		switch {
		case types[i] == "bool":
			changeCondition(f, value)
		case types[i] == "error" && i == len(types)-1:
			ignoreError(f, value)
		}
	}
}

// changeCall changes calls that sync, and the arguments of errors.Join.
func changeCall(f *finder, n *ast.CallExpr) {
	if f.source.text(n.Fun) == "errors.Join" {
		for _, argument := range n.Args {
			ignoreError(f, argument)
		}
	}
	switch f.parent(1).(type) {
	case *ast.ExprStmt, *ast.DeferStmt, *ast.GoStmt: // left out as a statement
	default:
		if syncs(n) {
			ignoreError(f, n)
		}
	}
}

// ignoreError adds the mutants in which an error is ignored, and in which the call that returns it is
// left out.
func ignoreError(f *finder, value ast.Expr) { ignoreOrLeaveOut(f, value, true) }

// ignoreOrLeaveOut is ignoreError; without ignored, it adds only the second mutant.
func ignoreOrLeaveOut(f *finder, value ast.Expr, ignored bool) {
	text := f.source.text(value)
	if text == "nil" {
		return
	}
	k := kindOf(value, failing)
	if ignored {
		f.replace(k, value, "func() error { _ = "+text+"; return nil }()", "error "+f.short(value)+" ignored")
	}
	if call, ok := value.(*ast.CallExpr); ok && !builds(f.source.text(call.Fun)) {
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

// changeOperator changes the operator of a comparison, or of && and ||.
func changeOperator(f *finder, n *ast.BinaryExpr) {
	switch n.Op {
	case token.MUL:
		f.durations[n.X], f.durations[n.Y] = isUnit(n.Y), isUnit(n.X)
	case token.EQL:
		changeComparison(f, n, token.NEQ)
	case token.NEQ:
		changeComparison(f, n, token.EQL)
	case token.LSS:
		changeComparison(f, n, token.LEQ)
	case token.LEQ:
		changeComparison(f, n, token.LSS)
	case token.GTR:
		changeComparison(f, n, token.GEQ)
	case token.GEQ:
		changeComparison(f, n, token.GTR)
	case token.LAND:
		changeLogic(f, n, token.LOR, "|| true")
	case token.LOR:
		changeLogic(f, n, token.LAND, "&& false")
	}
}

// changeComparison adds the mutant with another comparison operator.
func changeComparison(f *finder, n *ast.BinaryExpr, other token.Token) {
	f.edit(comparison, n.OpPos, n.Y.Pos(), other.String()+" ", f.short(n)+" becomes "+other.String())
}

// changeLogic adds the mutants with the other operator, and without one of the operands. none is the text
// that makes an operand have no effect.
func changeLogic(f *finder, n *ast.BinaryExpr, other token.Token, none string) {
	x, y := "("+f.source.text(n.X)+")", "("+f.source.text(n.Y)+")"
	f.replace(logic, n, fmt.Sprintf("%s %s %s", x, other, y), f.short(n)+" becomes "+other.String())
	f.replace(logic, n, fmt.Sprintf("(%s %s) %s %s", x, none, n.Op, y), "operand "+f.short(n.X)+" dropped")
	f.replace(logic, n, fmt.Sprintf("%s %s (%s %s)", x, n.Op, y, none), "operand "+f.short(n.Y)+" dropped")
}

// changeConstant adds the mutants in which a boolean is inverted, an integer is changed by one, or a
// duration is zero.
func changeConstant(f *finder, n ast.Node) {
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
			f.replace(constant, n, "(0 * "+f.source.text(n)+")", durationOf(f, n)+" becomes 0")
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
func durationOf(f *finder, unit ast.Node) string {
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

// leaveOutElements adds the mutants in which one element of a literal is left out.
func leaveOutElements(f *finder, n *ast.CompositeLit) {
	for i, e := range n.Elts {
		leaveOutElement(f, element, n.Elts, i, "element "+f.short(e)+" dropped")
	}
}

// leaveOutElement adds the mutant in which one element of a list is left out, together with a comma.
func leaveOutElement(f *finder, k kind, list []ast.Expr, i int, what string) {
	from, to := list[i].Pos(), list[i].End()
	switch {
	case i+1 < len(list):
		to = list[i+1].Pos()
	case i > 0:
		from = list[i-1].End()
	default:
		for f.source.between(to, to+1) != "}" {
			to++ // a comma after the only element
		}
	}
	f.edit(k, from, to, "", what)
}
