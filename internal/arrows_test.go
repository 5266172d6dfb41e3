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

// arrows says which of our rooms a room may import. They run down only; what is not here may
// import none. A room's tests may import more.
var arrows = map[string][]string{
	"cmd":                       {"cli"},
	"cli":                       {"cli/complete", "cli/simulator", "cmdline", "process", "activation", "issuance", "codefile", "fleet", "message", "view", "identity", "ecs", "pending", "disk", "bootstrap", "sandbox", "config", "ui"},
	"cli/complete":              {"activation", "view", "ui"},
	"cli/simulator":             {"activation", "cli/complete", "message", "sandbox", "view", "ui"},
	"process":                   {"ui"},
	"message":                   {"activation", "issuance", "pending", "codefile", "config", "ui"},
	"view":                      {"activation", "codefile", "fleet", "issuance", "ui"},
	"issuance":                  {"activation", "pending", "codefile", "fleet", "disk"},
	"fleet":                     {"activation"},
	"config":                    {"disk"},
	"ecs":                       {"activation", "identity", "netfault", "envguard"},
	"identity":                  {"activation", "netfault", "envguard", "disk"},
	"pending":                   {"activation", "disk"},
	"codefile":                  {"activation", "disk"},
	"disk/disktest":             {"disk"},
	"bootstrap":                 {"activation"},
	"activation/activationtest": {"activation", "fleet"},
	"tools":                     {"cli", "cli/complete", "process", "ui", "config", "sandbox", "activation", "message", "tools/served"},
}

// libraries says which rooms know a library. Every library we import is here.
var libraries = map[string][]string{
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk":                  {"ecs"},
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials": {"identity"},
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors":           {"identity"},
	"github.com/spf13/cobra":                                      {"cli", "cli/complete", "cli/simulator", "cmdline", "tools"},
	"github.com/spf13/pflag":                                      {"cli", "cmdline"},
	"github.com/spf13/viper":                                      {"config"},
	"go.yaml.in/yaml/v3":                                          {"config", "ui"},
	"github.com/mattn/go-runewidth":                               {"ui"},
	"github.com/olekukonko":                                       {"ui"},
	"go.etcd.io/bbolt":                                            {"sandbox"},
	"github.com/gofrs/flock":                                      {"sandbox", "pending", "disk"},
	"golang.org/x/sys":                                            {"process", "disk"},
	"golang.org/x/term":                                           {"process"},
	"gopkg.in/ini.v1":                                             {"identity"},
}

func TestImportsFollowTheArrows(t *testing.T) {
	for _, tree := range []string{"../cmd", "."} {
		err := filepath.WalkDir(tree, func(path string, _ fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				checkImports(t, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func checkImports(t *testing.T, path string) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	room := roomOf(filepath.ToSlash(filepath.Dir(path)))
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if ours, found := strings.CutPrefix(name, "ecs-activation/internal/"); found {
			if !slices.Contains(arrows[room], ours) {
				t.Errorf("%s: room %s must not import %s", path, room, ours)
			}
		} else if strings.Contains(strings.Split(name, "/")[0], ".") && !slices.Contains(libraries[libraryOf(name)], room) {
			t.Errorf("%s: room %s must not import %s", path, room, name)
		}
	}
}

// roomOf is the folder below internal, with cmd and tools as one room each.
func roomOf(folder string) string {
	for _, whole := range []string{"cmd", "tools"} {
		if strings.HasPrefix(strings.TrimPrefix(folder, "../"), whole) {
			return whole
		}
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
