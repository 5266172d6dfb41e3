package activation

import (
	"errors"
	"strings"
)

// Ref names one code. RegionId is empty where the user left the region to the settings.
type Ref struct {
	RegionId     string
	ActivationId string
}

// What IDs and names are made of. Patterns would be compiled at every start of the program,
// which costs more than what it does.
const (
	smallLetters = "abcdefghijklmnopqrstuvwxyz"
	letters      = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + smallLetters
	digits       = "0123456789"
)

// consistsOf reports whether a text of 1 to most bytes holds nothing but these ASCII characters.
func consistsOf(text, characters string, most int) bool {
	return 1 <= len(text) && len(text) <= most && strings.Trim(text, characters) == ""
}

func isActivationId(text string) bool { return consistsOf(text, letters+digits+"-", 64) }

// ParseRef reads an ID that may have its region in front: "4ECE…" or "cn-beijing/4ECE…".
func ParseRef(text string) (Ref, error) {
	region, id, qualified := strings.Cut(text, "/")
	if !qualified {
		region, id = "", text
	}
	if qualified {
		if err := CheckRegion(region); err != nil {
			return Ref{}, err
		}
	}
	if !isActivationId(id) {
		return Ref{}, NotRef{text}
	}
	return Ref{RegionId: region, ActivationId: id}, nil
}

// ParseRefs reads several IDs. Its error joins those of all wrong ones.
func ParseRefs(texts []string) ([]Ref, error) {
	refs, errs := make([]Ref, len(texts)), make([]error, len(texts))
	for i, text := range texts {
		refs[i], errs[i] = ParseRef(text)
	}
	return refs, errors.Join(errs...)
}

// CheckRegion returns an error for what cannot be part of a host name: lower-case letters, digits
// and hyphens can. Regions are not a closed list: the documents named 3, then 9, 16 and 25 of them.
func CheckRegion(region string) error {
	if consistsOf(region, smallLetters+digits+"-", 63) && strings.Trim(region, "-") == region {
		return nil
	}
	return NotRegion{region}
}

// String returns the ID with its region in front, if it has one, as every command reads it.
func (r Ref) String() string {
	if r.RegionId == "" {
		return r.ActivationId
	}
	return r.RegionId + "/" + r.ActivationId
}

// Word returns the ID as one argument of a command line, and whether it can be one: every command
// must read it as this ID, and not as a flag.
func (r Ref) Word() (word string, valid bool) {
	word = r.String()
	read, err := ParseRef(word)
	return word, err == nil && read == r && !strings.HasPrefix(word, "-")
}
