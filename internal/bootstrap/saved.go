package bootstrap

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"ecs-activation/internal/activation"
)

// Saved is what create saves, as far as a machine needs it.
type Saved struct {
	RegionId       string
	ActivationId   string
	ActivationCode string
	ExpirationTime string // RFC 3339; empty: not known
	DryRun         bool   // no code was made
}

// ParseSaved reads the JSON of one code: an object, or the only one of an array, as recover
// prints it. Keys that it does not know are passed over. Its errors never show the input.
func ParseSaved(text []byte) (Saved, error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return Saved{}, errors.New("it is empty")
	}
	list := make([]Saved, 1)
	var into any = &list[0]
	if text[0] == '[' {
		into = &list
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(into); err != nil {
		return Saved{}, unread(err)
	}
	if len(list) != 1 {
		return Saved{}, fmt.Errorf("it holds %d codes, and a machine registers with one", len(list))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Saved{}, errors.New("something follows the first code, and a machine registers with one")
	}
	return list[0], nil
}

// unread words why JSON could not be read.
func unread(err error) error {
	var mistyped *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &mistyped) && mistyped.Field != "":
		return fmt.Errorf("its %s is a %s", mistyped.Field, mistyped.Value)
	case mistyped != nil:
		return fmt.Errorf("it holds a %s, not an object", mistyped.Value)
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not JSON, from byte %d on", syntax.Offset)
	}
	return errors.New("it is not JSON: it ends too early")
}

// Check says what keeps a code from being used. It does not show the code.
func (s Saved) Check() error {
	switch {
	case s.DryRun:
		return errors.New("it is the output of a dry run, which makes no code")
	case s.ActivationCode == "" && s.ActivationId != "":
		return errors.New("there is no code in it, only an ID: neither list nor create --save prints codes")
	case s.ActivationCode == "":
		return errors.New("there is no ActivationCode in it")
	case strings.ContainsFunc(s.ActivationCode, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("its ActivationCode is damaged: a code is ASCII without spaces")
	case s.RegionId == "":
		return errors.New("there is no RegionId in it, and a code is good in one region only: give --region")
	}
	ref, err := activation.ParseRef(s.ActivationId)
	if err == nil && ref.RegionId != "" {
		err = fmt.Errorf("its ActivationId %q has a region in front", s.ActivationId)
	}
	return errors.Join(err, activation.CheckRegion(s.RegionId))
}
