package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCompareFindsEveryDifference(t *testing.T) {
	for name, test := range map[string]struct {
		change func(folder string) error
		want   string
	}{
		"a byte":           {func(f string) error { return os.WriteFile(filepath.Join(f, "sub", "a"), []byte("A"), 0o600) }, "differ"},
		"a missing file":   {func(f string) error { return os.Remove(filepath.Join(f, "b")) }, "b is only in"},
		"a further file":   {func(f string) error { return os.WriteFile(filepath.Join(f, "c"), nil, 0o600) }, "c is only in"},
		"no files":         {os.RemoveAll, "no such file"},
		"goreleaser's own": {func(f string) error { return os.WriteFile(filepath.Join(f, "metadata.json"), nil, 0o600) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			first, second := folder(t), folder(t)
			if err := test.change(second); err != nil {
				t.Fatal(err)
			}
			err := compare(first, second)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("compare: %v, want %q", err, test.want)
			}
		})
	}
	if err := compare(t.TempDir(), t.TempDir()); err == nil {
		t.Error("two empty folders are the same")
	}
}

func TestWrongArgumentsAreErrors(t *testing.T) {
	for _, args := range [][]string{nil, {"stage"}, {"unknown"}, {"dry", "v2.15.1", t.TempDir(), "colt"}} {
		if err := run(args); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}

// folder returns a folder with two files.
func folder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Join("sub", "a"), "b"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("a"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// goreleaser cannot read the Makefile, so it has a copy of the flags of the compiler.
func TestReleasesAreCompiledAsByMake(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	release, err := os.ReadFile(filepath.Join(root, ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, patterns, _ := strings.Cut(string(makefile), "GCFLAGS := $(foreach pattern,")
	patterns, _, _ = strings.Cut(patterns, ",")
	if flags := "gcflags: [" + strings.ReplaceAll(patterns, " ", "=-l, ") + "=-l]"; patterns == "" || !strings.Contains(string(release), flags) {
		t.Errorf("goreleaser does not have %s", flags)
	}
	_, flags, _ := strings.Cut(string(makefile), "LDFLAGS := ")
	flags, _, _ = strings.Cut(flags, " -X ")
	if flags == "" || !strings.Contains(string(release), `ldflags: ["`+flags+" -X ") {
		t.Errorf("goreleaser does not have %s", flags)
	}
}

func TestSBOMNamesTheModulesOfTheBinary(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "bom.json")
	if err := sbom(binary, file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var document bom
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	if document.Metadata.Component.Name != "ecs-activation" || len(document.Metadata.Component.Hashes[0].Content) != 64 {
		t.Errorf("the program is %+v", document.Metadata.Component)
	}
	if len(document.Components) == 0 || !strings.HasPrefix(document.Components[0].PURL, "pkg:golang/std@1.") {
		t.Errorf("the first module is not the standard library: %+v", document.Components)
	}
}

func TestCompressIsReproducible(t *testing.T) {
	folder := t.TempDir()
	page, first, second := filepath.Join(folder, "a.1"), filepath.Join(folder, "1.gz"), filepath.Join(folder, "2.gz")
	if err := os.WriteFile(page, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{first, second} {
		if err := compress(page, file); err != nil {
			t.Fatal(err)
		}
	}
	if err := sameFile(first, second); err != nil {
		t.Error(err)
	}
	packed, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(reader); err != nil || string(text) != "text" {
		t.Errorf("the page is %q, %v", text, err)
	}
}
