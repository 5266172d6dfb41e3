package codefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
)

// Largest is far more than a file takes, in bytes.
const Largest = 1 << 20

// Read reads a file that Save has written. The error for a missing file is fs.ErrNotExist; every
// other one says what is wrong with the file, and does not show what it holds.
func Read(fsys disk.FS, path string) (File, error) {
	content, err := fsys.Read(path, Largest)
	switch {
	case errors.Is(err, disk.ErrNotRegular):
		return File{}, errors.New("it is no regular file")
	case err != nil:
		return File{}, err
	}
	return parseOurs(content)
}

// parseOurs reads a file that Save has written, which holds an object.
func parseOurs(content []byte) (File, error) {
	f, err := Parse(content)
	if err == nil {
		err = f.Check()
	}
	if err == nil && bytes.HasPrefix(bytes.TrimSpace(content), []byte("[")) {
		err = errors.New("it is not as create --save writes it")
	}
	if err == nil {
		err = checkEarlier(f.Earlier)
	}
	if err != nil {
		return File{}, err
	}
	return f, nil
}

// Parse reads the JSON of one code: an object, or the only one of an array, as recover prints it.
// Keys that it does not know are passed over. Its errors do not show the text.
func Parse(text []byte) (File, error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return File{}, errors.New("it is empty")
	}
	list := make([]File, 1)
	var into any = &list[0]
	if text[0] == '[' {
		into = &list
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(into); err != nil {
		return File{}, unread(err)
	}
	if len(list) != 1 {
		return File{}, fmt.Errorf("it holds %d codes, and a machine registers with one", len(list))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return File{}, errors.New("something follows the first code, and a machine registers with one")
	}
	return list[0], nil
}

// unread says why JSON could not be read.
func unread(err error) error {
	var mistyped *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &mistyped) && mistyped.Field != "":
		return fmt.Errorf("its %s is a %s", strings.TrimPrefix(mistyped.Field, "Code."), mistyped.Value)
	case mistyped != nil:
		return fmt.Errorf("it holds a %s, not an object", mistyped.Value)
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not JSON, from byte %d on", syntax.Offset)
	}
	return errors.New("it is not JSON: it ends too early")
}

// Check says what keeps a code from being used. It does not show the code.
func (c Code) Check() error {
	switch {
	case c.DryRun:
		return errors.New("it is the output of a dry run, which makes no code")
	case c.ActivationCode == "" && c.ActivationId != "":
		return errors.New("there is no code in it, only an ID: neither list nor create --save prints codes")
	case c.ActivationCode == "":
		return errors.New("there is no ActivationCode in it")
	case strings.ContainsFunc(c.ActivationCode, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("its ActivationCode is damaged: a code is ASCII without spaces")
	case c.RegionId == "":
		return errors.New("there is no RegionId in it, and a code is good in one region only: give --region")
	}
	ref, err := activation.ParseRef(c.ActivationId)
	if err == nil && ref.RegionId != "" {
		err = fmt.Errorf("its ActivationId %q has a region in front", c.ActivationId)
	}
	return errors.Join(err, activation.CheckRegion(c.RegionId))
}

func checkEarlier(refs []activation.Ref) error {
	for _, ref := range refs {
		if parsed, err := activation.ParseRef(ref.String()); err != nil || parsed != ref || ref.RegionId == "" {
			return errors.New("its Earlier codes are damaged")
		}
	}
	return nil
}

// encode returns a file as JSON, and refuses one that Read would refuse.
func encode(f File) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(f); err != nil {
		return nil, err
	}
	content := escaped(text.String())
	if len(content) > Largest {
		return nil, disk.ErrTooLarge
	}
	_, err := parseOurs(content)
	return content, err
}

// escaped writes what controls a terminal as JSON's own escapes, so that the file can be shown.
// Outside of texts JSON has none of it but its line breaks.
func escaped(text string) []byte {
	var safe strings.Builder
	for _, r := range text {
		if r == '\n' || !unicode.IsControl(r) && !unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			safe.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&safe, "\\u%04x", unit)
		}
	}
	return []byte(safe.String())
}
