package message

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
)

// bracketed is a language that shows which texts went through it.
func bracketed(english string) string { return "«" + english + "»" }

// isBracketed reports whether a text is of the language from its beginning to its end.
func isBracketed(text string) bool {
	return strings.HasPrefix(text, "«") && strings.HasSuffix(text, "»")
}

func TestEveryMessageIsOfTheLanguage(t *testing.T) {
	c := inv
	c.Language = bracketed
	check := func(name, text string) {
		if text != "" && !isBracketed(text) {
			t.Errorf("%s: %s", name, text)
		}
	}
	for want, n := range notes() {
		check(want, c.Note(n))
	}
	for want, p := range allProblems() {
		check(want, problem(c.Language, c.Flag, p))
		check(want, rule(c.Language, p))
	}
	errs := []error{Partial("delete", []error{errors.New("a"), errors.New("b")}, 2, "codes", false)}
	for _, test := range issuedErrors() {
		errs = append(errs, c.Issuance(test.err))
	}
	for _, code := range append(activation.Codes(), "Never.Heard.Of") {
		errs = append(errs, refusedWith(code))
	}
	for _, err := range outputErrors() {
		errs = append(errs, err)
	}
	for _, text := range []string{Dropped(c.Language, []string{"A"}, true), Dropped(c.Language, []string{"A"}, false), Dropped(c.Language, []string{"A", "B"}, true), Dropped(c.Language, []string{"A", "B"}, false), c.CodeNotPrinted(""), c.CodeNotPrinted("t")} {
		check("output", text)
	}
	for want, p := range allProblems() {
		errs = append(errs, &activation.Error{Kind: activation.KindUsage, Op: "create", Err: activation.Problems{p}}, errors.New(want))
	}
	for _, err := range errs {
		for _, text := range append(c.Error(err).Parts, c.Error(err)) {
			check("message", text.Message)
			check("hint", text.Hint)
			for _, detail := range text.Details {
				check("detail", detail)
			}
		}
	}
	for _, exit := range Exits(bracketed) {
		check(exit.Code, exit.Means)
	}
}

func TestALanguagePutsArgumentsInItsOwnOrder(t *testing.T) {
	chinese := Language(func(english string) string {
		return map[string]string{
			"cannot delete %s: %s":                     "无法删除激活码 %s：%s",
			"there is no such code in region {region}": "地域 {region} 中没有这个激活码",
			"cannot list %d of %d regions":             "%[2]d 个地域中有 %[1]d 个无法列出",
			"%s problem, nothing was sent":             "有 %s 个问题，未发送请求",
		}[english]
	})
	c := Invocation{Language: chinese}
	if got := c.Error(refusedWith("ActivationId.NotFound")).Message; got != "无法删除激活码 4ECEEE12：地域 cn-beijing 中没有这个激活码" {
		t.Errorf("%s", got)
	}
	if got := c.Error(Partial("list", []error{errors.New("a")}, 3, "regions", true)).Message; got != "3 个地域中有 1 个无法列出" {
		t.Errorf("%s", got)
	}
}

// withSentences are the declarations of this package whose texts are keys: they go through the
// language where they are used. OpTexts has the keys of those in ops.go.
var withSentences = []string{"explanations", "ops", "OtherFile", "changesOne", "changesMany", "nothingTo", "GiveIDs", "CommandGuesses", "FlagGuesses"}

// sentence recognizes two words in a row.
var sentence = regexp.MustCompile(`[a-z]{2,} [a-z]{2,}`)

func TestEveryTextIsTranslated(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if throughLanguage(n) {
					found++
					return false
				}
			case *ast.FuncDecl: // an Error method is for logs
				return !slices.Contains(withSentences, n.Name.Name) && (n.Name.Name != "Error" || n.Type.Params.NumFields() > 0)
			case *ast.ValueSpec:
				return !slices.Contains(withSentences, n.Names[0].Name)
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil && sentence.MatchString(text) && !slices.Contains(ops, text) {
					t.Errorf("%s: %q is not translated", set.Position(n.Pos()), text)
				}
			}
			return true
		})
	}
	if found < 100 {
		t.Errorf("only %d texts were found", found)
	}
}

// throughLanguage reports whether a call passes its text to the language. No argument of such a call
// is a sentence of its own.
func throughLanguage(call *ast.CallExpr) bool {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"Text", "Textf", "Count", "Advise"}, method.Sel.Name) {
		return false
	}
	for _, arg := range call.Args {
		if sum, ok := arg.(*ast.BinaryExpr); ok && sentence.MatchString(literals(sum)) {
			return false
		}
	}
	return true
}

// literals returns the texts in a sum.
func literals(sum *ast.BinaryExpr) (text string) {
	ast.Inspect(sum, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok {
			text += literal.Value
		}
		return true
	})
	return text
}

func TestAReasonInsideASentenceIsOfTheLanguageToo(t *testing.T) {
	chinese := Language(func(english string) string {
		return map[string]string{
			"cannot create: %s":   "无法创建激活码：%s",
			"cannot reach %s: %w": "%[2]w，因此无法连接 %[1]s",
			"the server on %s":    "%s 上的服务器",
			"timed out":           "超时",
			"see: %s --help":      "请参阅 %s --help",
		}[english]
	})
	reason := activation.Textf("cannot reach %s: %w", activation.Textf("the server on %s", "h"), errors.New("timed out"))
	known := (&activation.Error{Kind: activation.KindUsage, Op: "create", Err: reason}).Advise("see: %s --help", "x")
	got := Invocation{Language: chinese}.Error(known)
	if got.Message != "无法创建激活码：超时，因此无法连接 h 上的服务器" || got.Hint != "请参阅 x --help" {
		t.Errorf("%s\n%s", got.Message, got.Hint)
	}
	if got := (Invocation{}).Error(known); got.Message != "cannot create: cannot reach the server on h: timed out" || got.Hint != "see: x --help" {
		t.Errorf("%s\n%s", got.Message, got.Hint)
	}
}
