package internal_test

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ecs-activation/internal/tools/markdown"
)

// These tests check the form of all pages (*.md): links, headings, code blocks and the ends of lines.

func TestPages(t *testing.T) {
	pages, err := markdown.Read(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, p := range pages {
		links += len(p.Links)
	}
	if len(pages) < 30 || links < 100 {
		t.Fatalf("only %d pages with %d links were found", len(pages), links)
	}
	for _, fault := range faultsOf(pages, os.DirFS("..")) {
		t.Error(fault)
	}
}

// Translations are left out: the index in their language has the same links as this one (internal/cli/translations_test.go).
func TestTheIndexHasAllPages(t *testing.T) {
	pages, err := markdown.Read(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	const index, commands = "docs/index.md", "docs/commands/"
	listed := map[string]bool{index: true}
	for _, l := range pages[index].Links {
		listed[path.Join("docs", l.Target)] = true
	}
	for name := range pages {
		if strings.HasPrefix(name, "docs/") && !strings.HasPrefix(name, commands) && !strings.HasSuffix(name, ".zh-CN.md") && !listed[name] {
			t.Errorf("%s does not have %s", index, name)
		}
	}
}

func TestFaultsOfPagesAreFound(t *testing.T) {
	const readme = "README.md"
	for _, test := range []struct {
		name  string
		files map[string]string // besides a README that links to docs/a.md
		want  string            // part of the only fault; empty if there is none
	}{
		{"good", map[string]string{"docs/a.md": "# A\n\n[b](b.md#the-b), ![x](x.svg), [top](#a)\n", "docs/b.md": "## The *B*\n", "docs/x.svg": ""}, ""},
		{"Chinese heading", map[string]string{"docs/a.md": "## 在脚本中使用：`-o json`、其他\n[x](#在脚本中使用-o-json其他)\n"}, ""},
		{"encoded anchor", map[string]string{"docs/a.md": "## 试用\n[x](#%E8%AF%95%E7%94%A8)\n"}, ""},
		{"punctuation", map[string]string{"docs/a.md": "## Why? It's [1.5](#a) -- `a_b`!\n## A\n[x](#why-its-15----a_b)\n"}, ""},
		{"two equal headings", map[string]string{"docs/a.md": "# A\n# A\n[x](#a-1)\n"}, ""},
		{"code is no link", map[string]string{"docs/a.md": "`[x](y)`\n\n```sh\n# A\n[x](y)\n```\n"}, ""},
		{"from a folder up", map[string]string{"docs/a.md": "[b](d/b.md)", "docs/d/b.md": "[readme](../../README.md) [l](../../LICENSE)", "LICENSE": ""}, ""},
		{"HTML", map[string]string{"docs/a.md": `<img src="x.svg">`}, "docs/a.md:1: x.svg"},
		{"https", map[string]string{"docs/a.md": "[x](https://example.com/a?b=c#d) <https://example.com>"}, ""},

		{"no file", map[string]string{"docs/a.md": "\n[x](y.md)"}, "docs/a.md:2: y.md does not exist"},
		{"a folder", map[string]string{"docs/a.md": "[x](../docs)"}, "is a folder"},
		{"no image", map[string]string{"docs/a.md": "![x](x.svg)"}, "x.svg"},
		{"reference", map[string]string{"docs/a.md": "[x][y]\n\n[y]: z.md"}, "docs/a.md:3: z.md does not exist"},
		{"no heading", map[string]string{"docs/a.md": "# A\n[x](#b)"}, "#b"},
		{"no heading of another page", map[string]string{"docs/a.md": "[x](b.md#c)", "docs/b.md": "# B"}, "b.md#c"},
		{"a heading in code", map[string]string{"docs/a.md": "```sh\n# A\n```\n[x](#a)"}, "#a"},
		{"an anchor in upper case", map[string]string{"docs/a.md": "# A\n[x](#A)"}, "#A"},
		{"outside", map[string]string{"docs/a.md": "[x](../../y)"}, "outside"},
		{"absolute", map[string]string{"docs/a.md": "[x](/docs/a.md)"}, "outside"},
		{"http", map[string]string{"docs/a.md": "[x](http://example.com)"}, "https"},
		{"no host", map[string]string{"docs/a.md": "[x](https:///a)"}, "https"},
		{"a blank in a URL", map[string]string{"docs/a.md": "[x](https://exa mple.com)"}, "https"},
		{"no link to a page", map[string]string{"docs/a.md": "", "docs/b.md": ""}, "docs/b.md: no link leads to it"},
		{"blanks at the end", map[string]string{"docs/a.md": "x\ny \n"}, "docs/a.md:2: blanks"},
		{"a tab at the end, in code", map[string]string{"docs/a.md": "```sh\nx\t\n```"}, "docs/a.md:2: blanks"},
		{"no language", map[string]string{"docs/a.md": "```\nx\n```"}, "docs/a.md:1: a code block without a language"},
		{"no language in a list", map[string]string{"docs/a.md": "- x\n  ```\n  y\n  ```"}, "docs/a.md:2: a code block without a language"},
		{"no end", map[string]string{"docs/a.md": "x\n```sh\nx"}, "docs/a.md:2: a code block without an end"},
	} {
		t.Run(test.name, func(t *testing.T) {
			repository := fstest.MapFS{readme: {Data: []byte("[a](docs/a.md)\n")}}
			for name, text := range test.files {
				repository[name] = &fstest.MapFile{Data: []byte(text)}
			}
			pages, err := markdown.Read(repository)
			if err != nil {
				t.Fatal(err)
			}
			faults := faultsOf(pages, repository)
			if test.want == "" && len(faults) > 0 || test.want != "" && (len(faults) != 1 || !strings.Contains(faults[0], test.want)) {
				t.Errorf("%q, not one with %q", faults, test.want)
			}
		})
	}
}

// faultsOf returns the faults of the pages and of their links, and the pages that cannot be reached from the README.
func faultsOf(pages map[string]*markdown.Page, repository fs.FS) (faults []string) {
	linked := map[string][]string{} // from page to page
	for name, p := range pages {
		for _, l := range p.Links {
			file, err := follow(name, l.Target, pages, repository)
			if err != nil {
				p.Fault(l.Line, l.Target+" "+err.Error())
			}
			linked[name] = append(linked[name], file)
		}
		faults = append(faults, p.Faults...)
	}
	reached := map[string]bool{}
	for next := []string{"README.md"}; len(next) > 0; next = next[1:] {
		if !reached[next[0]] {
			reached[next[0]] = true
			next = append(next, linked[next[0]]...)
		}
	}
	for name := range pages {
		if !reached[name] {
			faults = append(faults, name+": no link leads to it from README.md")
		}
	}
	slices.Sort(faults)
	return faults
}

// follow returns the file that a link of a page leads to, or "" for a link to another host.
func follow(from, target string, pages map[string]*markdown.Page, repository fs.FS) (string, error) {
	if scheme, _, found := strings.Cut(target, ":"); found && !strings.Contains(scheme, "/") {
		u, err := url.Parse(target)
		if err != nil || u.Scheme != "https" || u.Host == "" || strings.Contains(target, " ") {
			return "", errors.New("is not a URL with https")
		}
		return "", nil
	}
	relative, anchor, hasAnchor := strings.Cut(target, "#")
	file := from
	if relative != "" {
		file = path.Join(path.Dir(from), relative)
	}
	if path.IsAbs(relative) || !fs.ValidPath(file) {
		return "", errors.New("is outside of the repository")
	}
	info, err := fs.Stat(repository, file)
	switch {
	case err != nil:
		return "", errors.New("does not exist")
	case info.IsDir():
		return "", errors.New("is a folder")
	}
	if hasAnchor && (pages[file] == nil || pages[file].Heading(anchor) < 0) {
		return file, errors.New("is not a heading")
	}
	return file, nil
}
