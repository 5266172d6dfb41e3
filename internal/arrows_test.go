package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows has the packages of this repository that each package imports. They run down only; a package that is not here
// imports none. The tests of a package may import more.
var arrows = map[string][]string{
	"cmd":                       {"cli"},
	"cli":                       {"duration", "cli/complete", "cli/invoke", "cli/issue", "cli/many", "cli/simulator", "cmdline", "process", "activation", "issuance", "codefile", "fleet", "message", "view", "identity", "disk", "bootstrap", "config", "ui"},
	"cli/many":                  {"cli/issue", "cli/invoke", "cmdline", "activation", "batch", "issuance", "codefile", "fleet", "message", "view", "disk", "bootstrap", "ui"},
	"cli/issue":                 {"cli/complete", "cli/invoke", "cmdline", "activation", "issuance", "codefile", "message", "view", "pending", "disk", "bootstrap", "sandbox", "ui"},
	"cli/invoke":                {"duration", "cli/complete", "cli/simulator", "cmdline", "process", "activation", "batch", "fleet", "jq", "message", "message/chinese", "view", "identity", "ecs", "pending", "disk", "bootstrap", "sandbox", "config", "ui"},
	"cli/complete":              {"activation", "view", "ui"},
	"cli/simulator":             {"duration", "config", "activation", "cli/complete", "message", "sandbox", "view", "ui"},
	"cmdline":                   {"config", "activation", "message", "ui"},
	"process":                   {"ui"},
	"message":                   {"duration", "activation", "batch", "fleet", "issuance", "pending", "codefile", "config", "ui"},
	"view":                      {"activation", "batch", "codefile", "fleet", "issuance", "ui"},
	"batch":                     {"activation", "fleet", "issuance", "pending", "codefile", "disk"},
	"issuance":                  {"activation", "pending", "codefile", "fleet", "disk"},
	"fleet":                     {"activation"},
	"config":                    {"activation", "duration", "disk"},
	"ecs":                       {"activation", "identity", "netfault", "envguard"},
	"identity":                  {"activation", "netfault", "envguard", "disk"},
	"pending":                   {"activation", "disk"},
	"codefile":                  {"activation", "disk"},
	"disk/disktest":             {"disk"},
	"bootstrap":                 {"activation"},
	"sandbox":                   {"sandbox/cloud", "sandbox/store", "sandbox/wire"},
	"sandbox/wire":              {"sandbox/cloud"},
	"sandbox/cloud":             {"sandbox/store"},
	"activation":                {"duration"},
	"activation/activationtest": {"activation", "fleet"},
	"tools":                     {"cli", "cli/complete", "cmdline", "process", "ui", "config", "activation", "message", "message/chinese", "tools/group", "tools/pty", "tools/served"},
}

// libraries has the packages that import each library.
var libraries = map[string][]string{
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk":          {"ecs"},
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth":     {"identity"},
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests": {"ecs", "identity"},
	"github.com/spf13/cobra":                              {"cli", "cli/complete", "cli/invoke", "cli/issue", "cli/simulator", "cmdline", "tools"},
	"github.com/spf13/pflag":                              {"cli", "cli/issue", "cli/many", "cmdline"},
	"github.com/spf13/viper":                              {"config"},
	"go.yaml.in/yaml/v3":                                  {"config", "ui"},
	"github.com/mattn/go-runewidth":                       {"ui", "tools"},
	"github.com/olekukonko":                               {"ui"},
	"go.etcd.io/bbolt":                                    {"sandbox/store"},
	"github.com/itchyny/gojq":                             {"jq"},
	"github.com/gofrs/flock":                              {"sandbox/store", "disk"},
	"golang.org/x/sys":                                    {"process", "disk", "tools"},
	"golang.org/x/term":                                   {"process"},
	"gopkg.in/ini.v1":                                     {"identity"},
}

// standard says which packages of the standard library a package must not import.
var standard = map[string][]string{
	"sandbox/cloud": {"net/http", "net/url", "encoding/xml"}, // rules know nothing of the wire
	"sandbox/store": {"net/http"},
}

func TestImportsFollowTheArrows(t *testing.T) {
	imports := imports{}
	for _, tree := range []string{"../cmd", "."} {
		err := filepath.WalkDir(tree, func(path string, _ fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				imports.check(t, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for pkg, names := range arrows {
		imports.checkAll(t, pkg, names)
	}
	for library, packages := range libraries {
		for _, pkg := range packages {
			imports.checkAll(t, pkg, []string{library})
		}
	}
}

// imports has the arrows and libraries that each package uses.
type imports map[string][]string

// checkAll finds arrows and libraries that a package does not use.
func (i imports) checkAll(t *testing.T, pkg string, names []string) {
	for _, name := range names {
		if !slices.Contains(i[pkg], name) {
			t.Errorf("package %s does not import %s any more", pkg, name)
		}
	}
}

// check finds imports of a file that are not allowed.
func (i imports) check(t *testing.T, path string) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	pkg := packageOf(filepath.ToSlash(filepath.Dir(path)))
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(standard[pkg], name) {
			t.Errorf("%s: package %s must not import %s", path, pkg, name)
		}
		if ours, found := strings.CutPrefix(name, "ecs-activation/internal/"); found {
			i[pkg] = append(i[pkg], ours)
			if !slices.Contains(arrows[pkg], ours) {
				t.Errorf("%s: package %s must not import %s", path, pkg, ours)
			}
		} else if strings.Contains(strings.Split(name, "/")[0], ".") {
			library := libraryOf(name)
			i[pkg] = append(i[pkg], library)
			if !slices.Contains(libraries[library], pkg) {
				t.Errorf("%s: package %s must not import %s", path, pkg, name)
			}
		}
	}
}

// packageOf returns the folder below internal; cmd and tools count as one package each.
func packageOf(folder string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(folder, "../"), "/")
	if first == "cmd" || first == "tools" {
		return first
	}
	return folder
}

// libraryOf returns the library with a package, the one with the longest path where several have it.
func libraryOf(path string) (found string) {
	for library := range libraries {
		if (path == library || strings.HasPrefix(path, library+"/")) && len(library) > len(found) {
			found = library
		}
	}
	return found
}
