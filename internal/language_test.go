package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli"
	"ecs-activation/internal/message"
	"ecs-activation/internal/message/chinese"
	"ecs-activation/internal/process"
	"ecs-activation/internal/ui"
)

// These tests find texts for users that have no translation, translations that do not have the placeholders of their
// English text, and translations that no code uses.

// translators are the functions that pass a text to the language of the user.
var translators = []string{"Text", "Textf", "Count", "Find", "Advise", "Notef", "NoteCount", "Usage", "Exactly"}

// notForUsers are texts in the code that no user reads, or that are not translated.
var notForUsers = slices.Concat(message.Ops(), notForUsersOfMessage, notForUsersOfCommands, notForUsersOfOthers)

// notForUsersOfMessage are those of package message.
var notForUsersOfMessage = []string{
	"table",                                                                                                    // a value of -o
	" %s code, signed by %s:", " %s codes, signed by %s:", "note: standard input contains no IDs; nothing to ", // parts of message.OpTexts
	"give the IDs of the codes to ", ", or - to read them from standard input; list -q prints them",
}

// fewWords are texts for users that do not look like sentences, and that no translator has as a constant.
var fewWords = []string{
	"request 1 to 50 with --max-results", "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
	"%s but %s", "a device", "a folder", "a socket", ", ", "time",
}

// notForUsersOfCommands are those of the packages cli and cmdline.
var notForUsersOfCommands = []string{
	"it is not a token of the sandbox", "another sandbox has sealed it", // in answers of the sandbox
	"%s", "debug: %s", // a whole text, and the log of --debug
	"\n%s  %s help flags\n", "\n%s  %s help exit-codes\n", "addr latency fault quota limits", // commands and flags
	"completion bash|zsh|fish|powershell",
	"    set args $args[1] (string escape -- $args[2..-1])\n", "    _get_comp_words_by_ref \"$@\" cur prev words cword\n", // scripts
	"region", "profile", "endpoint", "output", "timeout", "color", // names of settings
	"sandbox-fault", "sandbox-limits", "sandbox-quota", "sandbox-machine-quota", "sandbox-seed",
	"print what a machine runs", "print the completion", "show the settings", "name the file", "list the regions", // message.Ops
	"show the status", "print the version", "wait for", "show help", " without confirmation",
	"serve the sandbox", "register with", "advance the sandbox", "load codes", "dump the sandbox",
	"count what the sandbox holds", "reset the sandbox", "name the sandbox's file", "ecs-activation sandbox register",
}

// notForUsersOfOthers are those of the other packages.
var notForUsersOfOthers = []string{
	"look up", // an operation that no message names
	"a letter, then letters, digits, dots, underscores, hyphens and colons", "UTF-8 without control characters", // activation.Form: messages have sentences of their own
	"without spaces and control characters", "1 to 64 letters, digits and hyphens", "an IPv4 address, an IPv6 address or a CIDR block",
	"a whole number, at least 1", "a number of hours, at least 1", "whole hours, at least 1",
	"invalid proxy address", "HTTP/1.x transport connection broken", "first record", // texts of libraries that the code looks for
	"server string to sign is", "halt error:",
	"this instance's role", ", access configuration ", // names of identities, which records have
	"delivery failed", "no answer", // events in records
	// what a machine runs: the locale of that machine is not known
	"#cloud-config\n# Registers this machine with Alibaba Cloud at its first boot. User data stays readable on the\n# machine: in /var/lib/cloud for root, and often in the metadata service for all users. Give the\n# code a short lifetime and few uses, and disable it after the machines have registered.\nwrite_files:\n  - path: /run/ecs-activation-register.sh\n    permissions: '0700'\n    content: |\n",
	"Alibaba Cloud Linux 2/3 and later", "CentOS 6/7/8 and later", "Debian 8/9/10 and later", "Ubuntu 12/14/16/18 and later",
	"Red Hat 5/6/7 and later", "SUSE Linux Enterprise Server 11/12/15 and later", "Windows Server 2012/2016/2019 and later",
	"opensuse opensuse-leap opensuse-tumbleweed", "sles sles_sap",
}

func TestEveryTextHasATranslation(t *testing.T) {
	used := map[string]bool{}
	need := func(where, english string) {
		used[english] = true
		if _, found := chinese.Find(english); !found && english != "" {
			t.Errorf("%s: %q has no translation in package chinese", where, english)
		}
	}
	for where, english := range textsInCode(t) {
		need(where, english)
	}
	for where, english := range textsOfHelp() {
		need(where, english)
	}
	for _, english := range fewWords {
		need("few words", english)
	}
	for _, status := range activation.Statuses() {
		need("a status in a sentence", string(status))
	}
	for _, op := range message.Ops() {
		for _, english := range message.OpTexts(op) {
			need("attempt "+op, english)
		}
	}
	if len(used) < 500 {
		t.Fatalf("only %d texts were found", len(used))
	}
	for english := range chinese.All() {
		if !used[english] && !chinese.FromOutside(english) {
			t.Errorf("package chinese translates %q, which no code uses", english)
		}
	}
}

// textsInCode returns the texts for users in the code, by where they are.
func textsInCode(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		path = filepath.ToSlash(path)
		if path != "message" && path != "sandbox" && slices.Contains(inEnglish, path) || path == "message/chinese" {
			return fs.SkipDir
		}
		return addTexts(found, path)
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// addTexts adds the texts for users in the files of a folder.
func addTexts(found map[string]string, folder string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return err
	}
	set, constants := token.NewFileSet(), map[string]ast.Expr{}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		files = append(files, file)
		for _, object := range file.Scope.Objects {
			if spec, ok := object.Decl.(*ast.ValueSpec); ok && object.Kind == ast.Con && len(spec.Values) == len(spec.Names) {
				constants[object.Name] = spec.Values[0]
			}
		}
	}
	for _, file := range files {
		finder := textFinder{set, constants, found, strings.HasPrefix(filepath.ToSlash(folder), "sandbox")}
		for _, decl := range file.Decls {
			ast.Inspect(decl, finder.visit)
		}
	}
	return nil
}

// ofCommand matches the names of the constants with the help and the examples of a command, which textsOfHelp finds,
// and with scripts.
var ofCommand = regexp.MustCompile(`^(help|example|bashWords)$|Help$|Example$`)

// example matches the beginning of an example of a command.
const example = "  ecs-activation "

// textFinder finds texts for users in a file.
type textFinder struct {
	set       *token.FileSet
	constants map[string]ast.Expr
	found     map[string]string
	inSandbox bool // only errors are translated: the answers and the log are in English, as those of the service
}

func (f textFinder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return !slices.Contains(forLogs, n.Name.Name)
	case *ast.Field:
		return false // a tag
	case *ast.ValueSpec:
		return !ofCommand.MatchString(n.Names[0].Name)
	case *ast.CallExpr:
		f.call(n)
	case *ast.BinaryExpr:
		if text, isText := f.text(n); isText && !f.inSandbox {
			f.add(n, text, wordsInARow.MatchString(text))
			return false
		}
	case *ast.BasicLit:
		f.add(n, literal(n), wordsInARow.MatchString(literal(n)) && !f.inSandbox)
	}
	return true
}

// call adds the texts that a call passes to a language, which can be a single word.
func (f textFinder) call(call *ast.CallExpr) {
	name := ""
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = fun.Sel.Name
	case *ast.Ident:
		name = fun.Name
	}
	if !slices.Contains(translators, name) && (!f.inSandbox || name != "New") {
		return
	}
	for _, arg := range call.Args {
		if text, isText := f.text(arg); isText {
			f.add(arg, text, strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' }))
		}
	}
}

func (f textFinder) add(n ast.Node, text string, isForUsers bool) {
	if isForUsers && !slices.Contains(notForUsers, text) && !strings.HasPrefix(text, example) {
		f.found[f.set.Position(n.Pos()).String()] = text
	}
}

// text returns the value of a constant text.
func (f textFinder) text(expr ast.Expr) (string, bool) {
	switch expr := expr.(type) {
	case *ast.BasicLit:
		return literal(expr), expr.Kind == token.STRING
	case *ast.Ident:
		if value := f.constants[expr.Name]; value != nil {
			return f.text(value)
		}
	case *ast.BinaryExpr:
		x, isX := f.text(expr.X)
		y, isY := f.text(expr.Y)
		return x + y, isX && isY
	}
	return "", false
}

// textsOfHelp returns the texts in the help of all commands.
func textsOfHelp() map[string]string {
	root := cli.NewRootCmd(&cli.App{Version: "test", Process: &process.Process{
		IO: &ui.IO{Out: &ui.Stream{}, Err: &ui.Stream{}}, Env: func(string) (string, bool) { return "", false }, Now: time.Now,
	}})
	root.InitDefaultVersionFlag()
	found := map[string]string{}
	var add func(*cobra.Command)
	add = func(cmd *cobra.Command) {
		path := cmd.CommandPath()
		found[path+" short"], found[path+" long"] = cmd.Short, cmd.Long
		if wordsInARow.MatchString(comments(cmd.Example)) {
			found[path+" example"] = cmd.Example
		}
		usage := func(f *pflag.Flag) { found[path+" --"+f.Name] = f.Usage }
		cmd.LocalNonPersistentFlags().VisitAll(usage)
		cmd.PersistentFlags().VisitAll(usage)
		for _, sub := range cmd.Commands() {
			add(sub)
		}
	}
	add(root)
	return found
}

// comments returns the comments in the lines of an example.
func comments(example string) (text string) {
	for line := range strings.Lines(example) {
		_, comment, _ := strings.Cut(line, " # ")
		text += comment
	}
	return text
}

// placeholder matches a verb of package fmt, with its position and its width, and a name in braces.
var placeholder = regexp.MustCompile(`%(?:\[(\d+)\])?([-+# 0]*[\d.]*[a-zA-Z])|\{[a-z]+\}`)

// placeholders returns the verbs of a text in the order of their arguments, and its names in braces.
func placeholders(text string) []string {
	verbs := map[int]string{}
	var names []string
	next := 1
	for _, match := range placeholder.FindAllStringSubmatch(strings.ReplaceAll(text, "%%", ""), -1) {
		if match[2] == "" {
			names = append(names, match[0])
			continue
		}
		if match[1] != "" {
			next = int(match[1][0] - '0')
		}
		verbs[next] = match[2]
		next++
	}
	slices.Sort(names)
	for _, position := range slices.Sorted(maps.Keys(verbs)) {
		names = append(names, string(rune('0'+position))+verbs[position])
	}
	return names
}

// quoted matches the name of a value in the usage of a flag.
var quoted = regexp.MustCompile("`[^`]*`")

func TestTranslationsHaveThePlaceholdersOfTheirTexts(t *testing.T) {
	for english, translated := range chinese.All() {
		if want, got := placeholders(english), placeholders(translated); !slices.Equal(want, got) {
			t.Errorf("%q has the placeholders %q, and %q has %q", english, want, translated, got)
		}
		if want, got := len(quoted.FindAllString(english, -1)), len(quoted.FindAllString(translated, -1)); want != got {
			t.Errorf("%q has %d names in backquotes, and %q has %d", english, want, translated, got)
		}
	}
}
