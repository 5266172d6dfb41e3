package activation

import (
	"errors"
	"slices"
	"strings"
)

// Ref identifies one code. RegionId is empty if the user gave only the ID; the region of the settings then
// applies.
type Ref struct {
	RegionId     string
	ActivationId string
}

// The characters of IDs and names. Regular expressions are not used, because they would be compiled at every
// start of the program, which takes longer than all checks.
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

// ParseRef returns the Ref of an ID with or without a region: "cn-beijing/4ECE…" or "4ECE…".
func ParseRef(text string) (Ref, error) {
	region, id, qualified := strings.Cut(text, "/")
	if !qualified {
		region, id = "", text
	} else if err := CheckRegion(region); err != nil {
		return Ref{}, err
	}
	if !isActivationId(id) {
		return Ref{}, NotRef{text}
	}
	return Ref{RegionId: region, ActivationId: id}, nil
}

// ParseRefs returns the Refs of several IDs. The error joins the errors of all invalid IDs.
func ParseRefs(texts []string) ([]Ref, error) {
	refs, errs := make([]Ref, len(texts)), make([]error, len(texts))
	for i, text := range texts {
		refs[i], errs[i] = ParseRef(text)
	}
	return refs, errors.Join(errs...)
}

// CheckRegion returns an error if a text cannot be a region ID: it must consist of lower-case letters, digits
// and hyphens, as a part of a host name does. It accepts unknown regions, because the service adds regions.
func CheckRegion(region string) error {
	if consistsOf(region, smallLetters+digits+"-", 63) && strings.Trim(region, "-") == region {
		return nil
	}
	return NotRegion{region}
}

// String returns the ID, after its region if it has one, in the form that every command accepts.
func (r Ref) String() string {
	if r.RegionId == "" {
		return r.ActivationId
	}
	return r.RegionId + "/" + r.ActivationId
}

// Word returns the ID as one argument of a command line, and whether that is possible: commands must parse it
// as this ID and not as a flag.
func (r Ref) Word() (word string, valid bool) {
	word = r.String()
	read, err := ParseRef(word)
	return word, err == nil && read == r && !strings.HasPrefix(word, "-")
}

// Distinct returns each of the refs once. Those without a region get one.
func Distinct(refs []Ref, region string) (distinct []Ref) {
	seen := map[Ref]bool{}
	for _, ref := range refs {
		if ref.RegionId == "" {
			ref.RegionId = region
		}
		if !seen[ref] {
			seen[ref] = true
			distinct = append(distinct, ref)
		}
	}
	return distinct
}

// SeveralRegions reports whether the refs are in more than one region.
func SeveralRegions(refs []Ref) bool {
	return slices.ContainsFunc(refs, func(r Ref) bool { return r.RegionId != refs[0].RegionId })
}
