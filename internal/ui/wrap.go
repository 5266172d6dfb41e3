package ui

import (
	"strings"
	"unicode/utf8"
)

// commandMark is what precedes a command line at the end of a sentence.
const commandMark = ":  "

// continuation is the indent of the lines into which a line is broken on a terminal.
const continuation = "  "

// Wrapped returns a text for the stream: on a terminal its lines are broken at words to the width, else it is
// unchanged.
func (s *Stream) Wrapped(text string) string {
	if s.Width <= 0 {
		return text
	}
	return Wrap(text, s.Width, continuation)
}

// Wrap returns a text whose lines have at most so many columns. A line that is longer is broken between words;
// the lines that follow get its indent and the given one. A word is never broken, so an ID can be copied. A
// command line behind ":  " is never broken either: if it does not fit, it gets a line of its own.
func Wrap(text string, width int, indent string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if Width(line) > width {
			lines[i] = wrapLine(line, width, indent)
		}
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string, width int, indent string) string {
	prose, command, found := strings.Cut(line, commandMark)
	margin := line[:len(line)-len(strings.TrimLeft(line, " "))] + indent
	if found {
		return breakLine(prose+strings.TrimRight(commandMark, " "), width, margin) + "\n" + margin + command
	}
	return breakLine(line, width, margin)
}

// breakLine breaks a line at words. The margin precedes all lines but the first.
func breakLine(line string, width int, margin string) string {
	var broken strings.Builder
	used, empty := 0, true
	for _, piece := range splitWords(line) {
		if !empty && used+Width(piece) > width {
			broken.WriteString("\n" + margin)
			used, piece = Width(margin), strings.TrimLeft(piece, " ")
		}
		broken.WriteString(piece)
		used += Width(piece)
		empty = empty && strings.TrimSpace(piece) == ""
	}
	return broken.String()
}

// splitWords splits a line into words, each with the blanks before it. A text in wide characters has no blanks, so
// a word ends between two of them as well, and behind their punctuation.
func splitWords(line string) (words []string) {
	start, before := 0, ' '
	for i, r := range line {
		if i > start && (r == ' ' && before != ' ' || breaksBetween(before, r)) {
			words = append(words, line[start:i])
			start = i
		}
		before = r
	}
	return append(words, line[start:])
}

// OneLine returns the lines of a text as one line, with a blank between them unless both are in wide characters there.
func OneLine(text string) string {
	var line string
	for next := range strings.Lines(text) {
		next = strings.TrimSpace(next)
		last, _ := utf8.DecodeLastRuneInString(line)
		first, _ := utf8.DecodeRuneInString(next)
		if line != "" && (!isWide(last) || !isWide(first)) {
			line += " "
		}
		line += next
	}
	return line
}

// breaksBetween reports whether a line may end between two characters, of which none is a blank: one is wide.
func breaksBetween(before, next rune) bool {
	switch {
	case strings.ContainsRune(closing, next) || strings.ContainsRune(opening, before):
		return false
	case strings.ContainsRune(closing, before) || strings.ContainsRune(opening, next):
		return before != ' '
	}
	return isWide(before) && isWide(next)
}

// No line begins with a closing wide character, and none ends with an opening one.
const (
	closing = "，。、；：！？）》」』】"
	opening = "（《「『【"
)

func isWide(r rune) bool { return r > 0x7f && Width(string(r)) == 2 }
