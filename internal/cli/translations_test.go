package cli_test

import (
	"ecs-activation/internal/tools/markdown"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// onlyEnglish has the pages, as patterns, that have no translation.
var onlyEnglish = []string{
	"docs/CHANGELOG.md",
	"docs/CONTRIBUTING.md",
	"docs/SECURITY.md",
	"docs/commands/*.md",
	"docs/design.md",
	"docs/glossary.md",
	"docs/performance.md",
	"docs/regions.md",
	"docs/release.md",
	"docs/reliability.md",
	"docs/sandbox.md",
}

// A page X.md and its translation X.zh-CN.md (for README.md: docs/README.zh-CN.md) have the same headings, commands,
// tables and links.
func TestTranslatedPagesHaveTheSameContent(t *testing.T) {
	t.Parallel()
	for _, wrong := range compareTranslations(os.DirFS(repository), pages(t), onlyEnglish) {
		t.Error(wrong)
	}
}

func TestDifferencesOfTranslationsAreFound(t *testing.T) {
	t.Parallel()
	const english = "# A\n\n## First steps\n\n[B](b.md#c-d) [this](#first-steps) [site](https://example.com/) [中文](a.zh-CN.md)\n\n" +
		"```sh\n# all\nmake  # build\n```\n```console\n$ ls \\\n    -l # files\nold\n```\n| a | b |\n|---|---|\n| 1 | 2 |\n"
	const chinese = "# 甲\n\n## 第一步\n\n[site](https://example.com/) [乙](b.zh-CN.md#丙丁) [本节](#第一步) [English](a.md)\n\n" +
		"```sh\nmake  # 构建\n```\n```console\n$ ls \\\n    -l # 文件\n其他\n```\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n"
	compare := func(translation string, untranslated []string, others ...string) []string {
		files := fstest.MapFS{
			"docs/a.md": {Data: []byte(english)}, "docs/a.zh-CN.md": {Data: []byte(translation)},
			"docs/b.md": {Data: []byte("# B\n# C, `d`\n")}, "docs/b.zh-CN.md": {Data: []byte("# 乙\n# 丙、`丁`\n")},
		}
		return compareTranslations(files, append(slices.Sorted(maps.Keys(files)), others...), untranslated)
	}
	if wrong := compare(chinese, []string{"docs/only*.md"}, "docs/only.md"); len(wrong) > 0 {
		t.Errorf("differences of equal pages: %q", wrong)
	}
	if wrong := compare(chinese, nil, "docs/c.md"); len(wrong) != 1 {
		t.Errorf("a page without a translation: %q", wrong)
	}
	if wrong := compare(chinese, nil, "docs/c.zh-CN.md"); len(wrong) != 1 {
		t.Errorf("a translation without a page: %q", wrong)
	}
	if wrong := compare(chinese, []string{"docs/a.md"}); len(wrong) != 1 {
		t.Errorf("a translated page in the list: %q", wrong)
	}
	for old, changed := range map[string]string{
		"## 第一":           "### 第一",
		"# 甲\n":           "",
		"make ":           "make demo ",
		"    -l":          "    -a",
		"| 1 | 2 |\n":     "",
		"[English](a.md)": "",
		"example.com":     "example.org",
		"b.zh-CN.md#丙丁":   "b.md#c-d",
		"b.zh-CN.md":      "b.zh-CN.md#乙",
		"#第一步":            "#first-steps",
	} {
		if wrong := compare(strings.Replace(chinese, old, changed, 1), nil); len(wrong) == 0 {
			t.Errorf("%q instead of %q goes unnoticed", changed, old)
		}
	}
}

// compareTranslations returns the differences between pages and their translations.
func compareTranslations(files fs.FS, pages, untranslated []string) []string {
	var wrong []string
	used := make([]bool, len(untranslated))
	for _, page := range pages {
		if page != englishOf(page) {
			if !slices.Contains(pages, englishOf(page)) {
				wrong = append(wrong, fmt.Sprintf("%s is the translation of no page", page))
			}
			continue
		}
		pattern := slices.IndexFunc(untranslated, func(pattern string) bool { matches, _ := path.Match(pattern, page); return matches })
		switch {
		case slices.Contains(pages, chineseOf(page)):
			wrong = append(wrong, differences(files, page)...)
		case pattern < 0:
			wrong = append(wrong, fmt.Sprintf("%s has no translation and is not in the list onlyEnglish", page))
		default:
			used[pattern] = true
		}
	}
	for i, pattern := range untranslated {
		if !used[i] {
			wrong = append(wrong, fmt.Sprintf("%s is in the list onlyEnglish, and there is no such page without a translation", pattern))
		}
	}
	return wrong
}

// differences compares a page with its translation.
func differences(files fs.FS, page string) []string {
	original, translation := outlineOf(files, page), outlineOf(files, chineseOf(page))
	var wrong []string
	compare := func(what string, original, translation []string) {
		for i := range max(len(original), len(translation)) {
			a, b := "nothing", "nothing"
			if i < len(original) {
				a = original[i]
			}
			if i < len(translation) {
				b = translation[i]
			}
			if a != b {
				wrong = append(wrong, fmt.Sprintf("%s number %d: %s has\n%s\nand %s has\n%s", what, i+1, page, a, chineseOf(page), b))
				return
			}
		}
	}
	compare("heading", original.headings, translation.headings)
	compare("command", original.commands, translation.commands)
	compare("table", original.tables, translation.tables)
	compare("link", slices.Sorted(slices.Values(original.links)), slices.Sorted(slices.Values(translation.links)))
	return wrong
}

// outline has what a page and its translation share.
type outline struct {
	headings []string // their levels: "##"
	commands []string // of ```console blocks, then the lines of the other blocks, without comments
	tables   []string // their numbers of rows
	links    []string // their targets, as English pages with the number of the heading
}

var shellComment = regexp.MustCompile(`(^|\s+)# .*`)

// outlineOf returns the outline of a page.
func outlineOf(files fs.FS, name string) outline {
	page := pageOf(files, name)
	var o outline
	for _, s := range stepsIn(textOf(files, name)) {
		o.commands = append(o.commands, withoutComments(s.command))
	}
	for _, block := range page.Blocks {
		if slices.Contains([]string{"", "text", "console", "mermaid"}, block.Language) { // outputs, and texts of diagrams
			continue
		}
		for _, line := range block.Lines {
			if command := withoutComments(line); command != "" {
				o.commands = append(o.commands, command)
			}
		}
	}
	for _, heading := range page.Headings {
		o.headings = append(o.headings, strings.Repeat("#", heading.Level))
	}
	for _, link := range page.Links {
		o.links = append(o.links, targetOf(files, name, link.Target))
	}
	rows := 0
	for _, line := range append(page.Prose, "") {
		switch {
		case strings.HasPrefix(line, "|"):
			rows++
		case rows > 0:
			o.tables = append(o.tables, fmt.Sprintf("%d rows", rows))
			rows = 0
		}
	}
	return o
}

// withoutComments returns lines of a shell without their comments.
func withoutComments(lines string) string {
	var kept []string
	for line := range strings.Lines(lines) {
		kept = append(kept, shellComment.ReplaceAllLiteralString(strings.TrimRight(line, "\n"), ""))
	}
	return strings.Join(kept, "\n")
}

// targetOf returns the target of a link, which is the same for a page and its translation.
func targetOf(files fs.FS, page, link string) string {
	if strings.Contains(link, "://") {
		return link
	}
	name, anchor, anchored := strings.Cut(link, "#")
	target := path.Join(path.Dir(page), name)
	if name == "" {
		target = page
	}
	if !strings.HasSuffix(target, ".md") {
		return strings.Replace(target, ".zh-CN.", ".", 1) // a picture may be in the language of the page
	}
	_, untranslated := fs.Stat(files, chineseOf(target))
	switch heading := pageOf(files, target).Heading(anchor); {
	case page != englishOf(page) && target == englishOf(target) && target != englishOf(page) && untranslated == nil:
		return fmt.Sprintf("%s, which has a translation", target)
	case !anchored:
		return englishOf(target)
	case heading < 0:
		return fmt.Sprintf("%s, without such a heading", link)
	default:
		return fmt.Sprintf("%s, heading %d", englishOf(target), heading+1)
	}
}

// pageOf returns a page, which is empty if there is none.
func pageOf(files fs.FS, page string) *markdown.Page {
	return markdown.Parse(page, textOf(files, page))
}

// textOf returns the text of a page, or nothing if there is no such page.
func textOf(files fs.FS, page string) string {
	text, err := fs.ReadFile(files, page)
	if err != nil {
		return ""
	}
	return string(text)
}

// englishOf returns the page that a page is the translation of, or the page itself.
func englishOf(page string) string {
	if page == "docs/README.zh-CN.md" {
		return "README.md"
	}
	return strings.Replace(page, ".zh-CN.md", ".md", 1)
}

// chineseOf returns the translation of a page.
func chineseOf(page string) string {
	if page == "README.md" {
		return "docs/README.zh-CN.md"
	}
	return strings.TrimSuffix(page, ".md") + ".zh-CN.md"
}
