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

// Largest is the size limit of a file in bytes. A real file is much smaller.
const Largest = 1 << 20

// Read reads a file that Save has written, or that has the output of create -o json: PowerShell 5 writes that as UTF-16.
// The error for a missing file is fs.ErrNotExist. All other errors describe what is wrong with the file, without showing
// its content.
func Read(fsys disk.FS, path string) (File, error) {
	content, err := fsys.Read(path, Largest)
	switch {
	case errors.Is(err, disk.ErrNotRegular):
		return File{}, errors.New("it is not a regular file")
	case err != nil:
		return File{}, err
	}
	return parseSaved(disk.UTF8(content))
}

// parseSaved parses the content of a file that Save has written, which is a JSON object.
func parseSaved(content []byte) (File, error) {
	f, err := Parse(content)
	if err == nil {
		err = f.Check()
	}
	if err == nil && bytes.HasPrefix(bytes.TrimSpace(content), []byte("[")) {
		err = errors.New("it is a JSON array, and create --save writes an object")
	}
	if err == nil {
		err = checkEarlier(f.Earlier)
	}
	if err != nil {
		return File{}, err
	}
	return f, nil
}

// ReadFrom reads the JSON of one code, as Parse does, in UTF-8 or UTF-16, and not more than Largest bytes.
func ReadFrom(in io.Reader) (Code, error) {
	text, err := io.ReadAll(io.LimitReader(in, Largest+1))
	if err != nil {
		return Code{}, err
	}
	if len(text) > Largest {
		return Code{}, activation.Textf("it is larger than %d bytes, too large for a saved code", Largest)
	}
	f, err := Parse(disk.UTF8(text))
	return f.Code, err
}

// Place gives a code that has no region a default one, and checks the code. given is the region that the
// user gave; it must be that of the code. "": none was given.
func (c *Code) Place(given, fallback string) error {
	if c.RegionId != "" && given != "" && given != c.RegionId {
		return activation.Textf("the code is valid in %s only, and --region is %s", c.RegionId, given)
	}
	if c.RegionId == "" {
		c.RegionId = fallback
	}
	return c.Check()
}

// Parse parses the JSON of one code: an object, or an array with one object, as recover prints it. It
// ignores unknown keys. Its errors do not show the text.
func Parse(text []byte) (File, error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return File{}, errors.New("it is empty")
	}
	list := make([]File, 1)
	var target any = &list[0]
	if text[0] == '[' {
		target = &list
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(target); err != nil {
		return File{}, describeJSON(err)
	}
	if len(list) != 1 {
		return File{}, activation.Textf("it contains %d codes instead of one", len(list))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return File{}, errors.New("it contains more data after the first code")
	}
	return list[0], nil
}

// describeJSON returns an error that describes why JSON could not be decoded, without showing the text.
func describeJSON(err error) error {
	var mistyped *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &mistyped) && mistyped.Field != "":
		return activation.Textf("its %s is a %s", strings.TrimPrefix(mistyped.Field, "Code."), mistyped.Value)
	case mistyped != nil:
		return activation.Textf("it contains a %s instead of an object", mistyped.Value)
	case errors.As(err, &syntax):
		return activation.Textf("invalid JSON at byte %d", syntax.Offset)
	}
	return errors.New("invalid JSON: unexpected end of file")
}

// Check returns an error if the code cannot be used. The error does not show the code.
func (c Code) Check() error {
	switch {
	case c.DryRun:
		return errors.New("it is the output of a dry run, which creates no code")
	case c.ActivationCode == "" && c.ActivationId != "":
		return errors.New("it contains an ActivationId but no ActivationCode: list and create --save do not print codes")
	case c.ActivationCode == "":
		return errors.New("it contains no ActivationCode")
	case strings.ContainsFunc(c.ActivationCode, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("its ActivationCode is invalid: a code consists of ASCII characters without spaces")
	case c.RegionId == "":
		return errors.New("it contains no RegionId: give --region")
	}
	return c.checkRef()
}

// checkRef returns an error if the ActivationId or the region is not valid.
func (c Code) checkRef() error {
	ref, err := activation.ParseRef(c.ActivationId)
	if ref.RegionId != "" {
		err = activation.Textf("its ActivationId %q starts with a region", c.ActivationId)
	}
	return errors.Join(err, activation.CheckRegion(c.RegionId))
}

// checkEarlier returns an error if a ref is not valid.
func checkEarlier(refs []activation.Ref) error {
	for _, ref := range refs {
		if _, err := activation.ParseRef(ref.String()); err != nil || ref.RegionId == "" {
			return errors.New("its Earlier codes are invalid")
		}
	}
	return nil
}

// encode returns a file as JSON. It returns an error if Read would return one for the result.
func encode(f File) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(f); err != nil {
		return nil, err
	}
	content := escapeControls(text.String())
	if len(content) > Largest {
		return nil, disk.ErrTooLarge
	}
	_, err := parseSaved(content)
	return content, err
}

// escapeControls writes control characters as JSON escapes, so that the file can be printed to a
// terminal safely. Outside of strings, JSON text has no control characters except line breaks.
func escapeControls(text string) []byte {
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
