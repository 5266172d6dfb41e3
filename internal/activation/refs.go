package activation

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// This file reads the Refs in an input: IDs in lines, or JSON (refsjson.go).

// ReadRefs returns the Refs in an input. An input that starts with "[" or "{" is JSON: arrays and objects, one
// after the other. An object has an ActivationId and a RegionId, or is a page of the service with an
// ActivationList. Every other input has IDs with or without a region, separated by spaces and line breaks. A byte
// order mark at the start, as PowerShell writes it, is ignored.
//
// If targets are invalid, the error joins an InvalidRef for each of the first ones, and the rest as MoreInvalid.
// Other errors are those of the reader, and TooMuchInput. incomplete is called if the pages do not have all codes that
// they count, or another page follows.
func ReadRefs(in io.Reader, incomplete func()) ([]Ref, error) {
	text := bufio.NewReader(&limited{in, mostBytes})
	if start, _ := text.Peek(len(byteOrderMark)); string(start) == byteOrderMark {
		_, _ = text.Discard(len(byteOrderMark))
	}
	var t targets
	isJSON, err := startsJSON(text)
	switch {
	case err != nil:
	case isJSON:
		decoder := json.NewDecoder(text)
		decoder.UseNumber()
		err = (&jsonRefs{decoder, &t}).read()
	default:
		err = readLines(text, &t)
	}
	if err != nil {
		return nil, err
	}
	if t.pages.incomplete() {
		incomplete()
	}
	return t.result()
}

// byteOrderMark is the byte order mark of UTF-8.
const byteOrderMark = "\ufeff"

// startsJSON reports whether the first character that is not a space starts an array or an object. Line breaks
// stay in the input, so that lines can be counted.
func startsJSON(in *bufio.Reader) (bool, error) {
	for n := 1; ; n++ {
		start, err := in.Peek(n)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, bufio.ErrBufferFull): // nothing but spaces
			return false, nil
		case err != nil:
			return false, err
		}
		if last := start[n-1]; !strings.ContainsRune(" \t\r\n", rune(last)) {
			return last == '[' || last == '{', nil
		}
	}
}

// isTabular reports whether a line is a row of CSV, or the titles of a table: words without digits and lower-case
// letters, one of which is ID.
func isTabular(line string) bool {
	words := strings.Fields(line)
	titles := len(words) > 1 && slices.Contains(words, "ID") && !strings.ContainsAny(line, smallLetters+digits)
	return titles || len(words) > 0 && strings.Contains(words[0], ",")
}

// readLines reads IDs. A line has at most 64 KiB. It reports only the first invalid word of a line, and of that the part before "=": the
// others may be an activation code.
func readLines(in io.Reader, t *targets) error {
	lines := bufio.NewScanner(in)
	n := 1
	for ; lines.Scan(); n++ {
		if isTabular(lines.Text()) {
			t.fail(InvalidRef{Line: n, Err: Tabular})
			return nil
		}
		for _, word := range strings.Fields(lines.Text()) {
			ref, err := ParseRef(word)
			if word == "null" {
				err = Null
			}
			if err != nil {
				if name, _, isAssignment := strings.Cut(word, "="); isAssignment {
					err = NotRef{name}
				}
				t.fail(InvalidRef{Line: n, Err: err})
				break
			}
			if err := t.add(ref); err != nil {
				return err
			}
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		t.fail(InvalidRef{Line: n, Err: LongLine})
		return nil
	}
	return lines.Err()
}
