package main

import (
	"fmt"
	"html"
	"strings"

	"github.com/mattn/go-runewidth"
)

// span is text of one style in a line, with its first column and its number of columns.
type span struct {
	column, width int
	class, text   string
}

// classes are the CSS classes of the styles that the program uses.
var classes = map[string]string{"0": "", "1": "b", "2": "d", "31": "r", "32": "g", "35": "m"}

// split returns the lines of a terminal's text as spans. An escape sequence that is not a known style is an error.
func split(text string) (lines [][]span, err error) {
	class := ""
	for line := range strings.Lines(text) {
		var spans []span
		column := 0
		line = strings.TrimSuffix(line, "\n")
		for part, rest, more := strings.Cut(line, "\x1b["); ; part, rest, more = strings.Cut(rest, "\x1b[") {
			spans, column = add(spans, column, class, part)
			if !more {
				break
			}
			style, after, ends := strings.Cut(rest, "m")
			next, known := classes[style]
			if !ends || !known {
				return nil, fmt.Errorf("%q: unknown style", line)
			}
			class, rest = next, after
		}
		if column > columns {
			return nil, fmt.Errorf("%q: %d columns, more than %d", line, column, columns)
		}
		lines = append(lines, spans)
	}
	return lines, nil
}

// add adds a text to the spans of a line, in parts where it has several blanks, so that columns stay below each
// other in every font.
func add(spans []span, column int, class, text string) ([]span, int) {
	for text != "" {
		part, rest, _ := strings.Cut(text, "  ")
		if word := strings.TrimLeft(part, " "); word != "" {
			spans = append(spans, span{column + len(part) - len(word), widthOf(word), class, word})
		}
		column += widthOf(text[:len(text)-len(rest)])
		text = rest
	}
	return spans, column
}

// widthOf returns the number of columns of a text. Characters of ambiguous width, such as those of bars, have one.
func widthOf(text string) int { return (&runewidth.Condition{}).StringWidth(text) }

const (
	cell   = 8.4 // the width of a column
	height = 20  // of a line
	margin = 20  // left and right of the text
	top    = 62  // the baseline of the first line
)

const head = `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" role="img" aria-labelledby="t d" xml:lang="%[3]s">
<title id="t">%[4]s</title>
<desc id="d">%[5]s</desc>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; fill: #d6dde6; white-space: pre }
.b { font-weight: 700; fill: #fff } .d { fill: #8b96a5 } .r { fill: #ff7b72 } .g { fill: #56d364 } .m { fill: #d2a8ff }
</style>
<rect x=".5" y=".5" width="%[6]d" height="%[7]d" rx="9" fill="#161b22" stroke="#6e7681"/>
<path d="M1 36.5h%[8]d" stroke="#30363d"/>
<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>
`

// titles are the title and the description of the picture in each language.
var titles = map[string][2]string{
	"en": {"ecs-activation in a terminal", "A code is created and saved, the codes are listed with status, uses and time left, and a create with two wrong values fails with the rules and a hint."},
	"zh": {"终端中的 ecs-activation", "创建并保存一个激活码；列出激活码及其状态、使用次数和剩余时间；两个取值有误的创建失败，并给出规则和提示。"},
}

// draw returns the lines as an SVG with the frame of a window. It uses only fonts of the reader's system; each span
// has its exact place and length, so columns fit in all of them.
func draw(lines [][]span, language string) string {
	w, h := int(2*margin+columns*cell), top+height*len(lines)
	var svg strings.Builder
	fmt.Fprintf(&svg, head, w, h, language, titles[language][0], titles[language][1], w-1, h-1, w-2)
	for i, line := range lines {
		for _, s := range line {
			class := ""
			if s.class != "" {
				class = ` class="` + s.class + `"`
			}
			fmt.Fprintf(&svg, "<text x=\"%g\" y=\"%d\" textLength=\"%g\" lengthAdjust=\"spacingAndGlyphs\"%s>%s</text>\n",
				pixels(margin+float64(s.column)*cell), top+height*i, pixels(float64(s.width)*cell), class, html.EscapeString(s.text))
		}
	}
	return svg.String() + "</svg>\n"
}

// pixels rounds a length to a tenth.
func pixels(length float64) float64 { return float64(int(length*10+.5)) / 10 }
