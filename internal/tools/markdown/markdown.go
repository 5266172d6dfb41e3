// Package markdown reads the pages of this repository, for the tests of the documents. It is never linked into the
// product.
package markdown

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Page is a Markdown page.
type Page struct {
	Name     string
	Headings []Heading
	Links    []Link
	Blocks   []Block
	Prose    []string // its lines, with empty ones for code blocks
	Faults   []string
}

// Heading is a heading with its level, from 1, and the anchor that GitHub gives to it.
type Heading struct {
	Level  int
	Anchor string
}

// Link is a link with its target as it is written.
type Link struct {
	Line   int
	Target string
}

// Block is a code block.
type Block struct {
	Language string
	Lines    []string
}

// Read reads the pages of a repository, except those in hidden folders and in bin.
func Read(repository fs.FS) (map[string]*Page, error) {
	pages := map[string]*Page{}
	err := fs.WalkDir(repository, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && name != "." && (name[0] == '.' || name == "bin") {
			return fs.SkipDir
		}
		if err != nil || path.Ext(name) != ".md" {
			return err
		}
		text, err := fs.ReadFile(repository, name)
		pages[name] = Parse(name, string(text))
		return err
	})
	return pages, err
}

var (
	heading  = regexp.MustCompile(`^(#{1,6}) +(.*)$`)
	fence    = regexp.MustCompile("^ *```(.*)$")
	codeSpan = regexp.MustCompile("``.*?``|`[^`]*`")
	target   = regexp.MustCompile(`\]\(([^)]*)\)|^\[[^]]+\]: *(\S+)|(?:src|srcset|href)="([^"]*)"|<(https?:[^>]*)>`)
)

// Parse parses a page.
func Parse(name, text string) *Page {
	p := &Page{Name: name}
	inCode, start := false, 0
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimRight(line, " \t\r") != line {
			p.Fault(i+1, "blanks at the end of the line")
		}
		mark := fence.FindStringSubmatch(line)
		switch {
		case mark != nil && !inCode && mark[1] == "":
			p.Fault(i+1, "a code block without a language")
			fallthrough
		case mark != nil && !inCode:
			inCode, start = true, i+1
			p.Blocks = append(p.Blocks, Block{Language: mark[1]})
		case mark != nil:
			inCode = false
		case inCode:
			block := &p.Blocks[len(p.Blocks)-1]
			block.Lines = append(block.Lines, line)
		default:
			p.Prose = append(p.Prose, line)
			p.read(i+1, line)
			continue
		}
		p.Prose = append(p.Prose, "")
	}
	if inCode {
		p.Fault(start, "a code block without an end")
	}
	return p
}

// Fault adds a fault in a line.
func (p *Page) Fault(line int, text string) {
	p.Faults = append(p.Faults, fmt.Sprintf("%s:%d: %s", p.Name, line, text))
}

// Heading returns the index of the heading with an anchor as a link has it, or -1.
func (p *Page) Heading(anchor string) int {
	text, err := url.PathUnescape(anchor)
	if err != nil {
		return -1
	}
	return slices.IndexFunc(p.Headings, func(h Heading) bool { return h.Anchor == text })
}

// read adds the heading and the links of a line of prose.
func (p *Page) read(number int, line string) {
	if found := heading.FindStringSubmatch(line); found != nil {
		p.Headings = append(p.Headings, Heading{len(found[1]), p.anchor(found[2])})
	}
	for _, found := range target.FindAllStringSubmatch(WithoutCode(line, "code"), -1) {
		p.Links = append(p.Links, Link{number, strings.Join(found[1:], "")})
	}
}

// WithoutCode returns a text in which another one replaces each piece of code between backquotes.
func WithoutCode(text, replacement string) string {
	return codeSpan.ReplaceAllString(text, replacement)
}

var linkText = regexp.MustCompile(`!?\[([^]]*)\]\([^)]*\)`)

// anchor returns the anchor that GitHub gives to a heading: lower case, blanks as hyphens, no punctuation, and a number
// if the page has the same heading before.
func (p *Page) anchor(text string) string {
	text = linkText.ReplaceAllString(text, "$1")
	slug := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.In(r, unicode.L, unicode.N, unicode.M):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(text))
	unique := slug
	for n := 1; slices.ContainsFunc(p.Headings, func(h Heading) bool { return h.Anchor == unique }); n++ {
		unique = fmt.Sprintf("%s-%d", slug, n)
	}
	return unique
}
