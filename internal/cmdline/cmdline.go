// Package cmdline has the syntax of the command line: how flags are spelled, how they are repeated in a
// command that is printed, and the layout of help texts. It uses cobra and pflag, and does not depend on any
// command.
package cmdline

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Normalize returns the name of a flag that is spelled as in the API or as in this tool, so that
// --InstanceName, --instance_name and --instance-name are the same flag, and so are --TimeToLiveInHours and
// --ttl, and --RegionId and --region.
func Normalize(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	switch kebab := kebab(name); kebab {
	case "time-to-live-in-hours":
		return "ttl"
	case "region-id":
		return "region"
	default:
		return pflag.NormalizedName(kebab)
	}
}

// FlagFor returns the flag that sets a parameter of the API.
func FlagFor(parameter string) string {
	return "--" + string(Normalize(nil, parameter))
}

// kebab returns a name in lower case, with hyphens between its words. pflag calls it very often, so it
// returns a name that already has this form, as nearly all have, without a copy.
func kebab(name string) string {
	if !strings.ContainsFunc(name, func(r rune) bool { return r == '_' || 'A' <= r && r <= 'Z' }) {
		return name
	}
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '_':
			b.WriteByte('-')
		case 'A' <= r && r <= 'Z':
			if i > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r - 'A' + 'a')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Regions is the value of --region. A second --region adds a region, as a comma does. (With a plain string
// of pflag it would silently replace the first.) A region is added only once, because completion parses a
// command line twice.
type Regions string

// String implements pflag.Value.
func (r *Regions) String() string { return string(*r) }

// Type implements pflag.Value.
func (r *Regions) Type() string { return "string" }

// Set implements pflag.Value.
func (r *Regions) Set(text string) error {
	if *r == "" {
		*r = Regions(text)
		return nil
	}
	for region := range strings.SplitSeq(text, ",") {
		if !slices.Contains(strings.Split(string(*r), ","), region) {
			*r += Regions("," + region)
		}
	}
	return nil
}

// Words returns a flag and its values as arguments of a command line.
func Words(f *pflag.Flag) (words []string) {
	if f.Value.Type() == "bool" {
		return []string{"--" + f.Name + map[string]string{"false": "=false"}[f.Value.String()]}
	}
	for _, value := range Values(f) {
		words = append(words, "--"+f.Name, value)
	}
	return words
}

// Values returns the values of a flag. A flag that is not a list has one.
func Values(f *pflag.Flag) []string {
	if list, several := f.Value.(pflag.SliceValue); several {
		return list.GetSlice()
	}
	return []string{f.Value.String()}
}
