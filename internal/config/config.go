// Package config knows every setting, its value in force, and where that value came from:
//
//	flag > ECS_ACTIVATION_* > ALIBABA_CLOUD_* > our file > the aliyun CLI's profile > default
//
// It refuses to guess: an unknown key, a wrong type or an empty value is an error that names
// its place. Credentials are never settings. It is the only room that knows viper.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/viper"
)

// Kind is the type of a setting's value.
type Kind int

// The kinds of setting.
const (
	Text Kind = iota
	Bool
	Duration
	Count // a whole number, not negative
)

// Setting is one thing a user can set. Its name is the flag's and the file's key; its own
// environment variable is ECS_ACTIVATION_ and the name in capitals.
type Setting struct {
	Name    string
	Flag    string // the flag's name where it is another one
	Kind    Kind
	Default string
	Env     []string // the official tools' variables for it, first one first
	Choices []string // the only values allowed; empty: any
}

// All returns every setting, in the order in which they are shown.
func All() []Setting {
	return []Setting{
		{Name: "region", Env: []string{"ALIBABA_CLOUD_REGION_ID", "ALIBABACLOUD_REGION_ID", "ALICLOUD_REGION_ID"}},
		{Name: "profile", Env: []string{"ALIBABA_CLOUD_PROFILE", "ALIBABACLOUD_PROFILE", "ALICLOUD_PROFILE"}},
		{Name: "output", Default: "table", Choices: []string{"table", "wide", "json"}},
		{Name: "endpoint"},
		{Name: "timeout", Kind: Duration, Default: "60s"},
		{Name: "color", Default: "auto", Choices: []string{"auto", "always", "never"}},
		{Name: "no-input", Kind: Bool, Default: "false"},
		{Name: "debug", Kind: Bool, Default: "false"},
		{Name: "sandbox", Kind: Bool, Default: "false"},
		{Name: "sandbox-latency", Flag: "latency", Kind: Duration, Default: "0s"},
		{Name: "sandbox-limits", Flag: "limits", Default: "2026", Choices: []string{"2021", "2024", "2026"}},
		{Name: "sandbox-quota", Flag: "quota", Kind: Count, Default: "0"},
	}
}

// EnvName returns the variable of ours that sets a setting.
func EnvName(name string) string {
	return "ECS_ACTIVATION_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// rank orders the sources; a higher one wins.
type rank int

const (
	byDefault rank = iota
	byProfile
	byFile
	byOfficialEnv
	byOwnEnv
	byFlag
)

// Value is a setting in force.
type Value struct {
	Name   string
	Value  string // empty: not set
	Source string // "flag --region", "environment ALIBABA_CLOUD_REGION_ID", …
	rank   rank
}

// Settings are the values in force. viper holds them and types them; each is checked before
// it gets there, because viper reads what it cannot parse as zero.
type Settings struct {
	store  *viper.Viper
	values map[string]Value
}

// Input is where settings come from.
type Input struct {
	Flags map[string]string // the flags that were given
	Env   func(string) (string, bool)
	File  string // our configuration file; it need not exist
}

// Load reads every source, the weakest first.
func Load(in Input) (*Settings, error) {
	s := &Settings{store: viper.New(), values: map[string]Value{}}
	file, err := readFile(in.File)
	if err != nil {
		return nil, err
	}
	for _, setting := range All() {
		for _, value := range candidates(setting, file, in) {
			if err := s.set(setting, value); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// candidates are the values that the sources give a setting, the weakest first.
func candidates(s Setting, file map[string]string, in Input) []Value {
	list := []Value{{s.Name, s.Default, "default", byDefault}}
	if value, set := file[s.Name]; set {
		list = append(list, Value{s.Name, value, in.File, byFile})
	}
	for _, name := range slices.Backward(s.Env) {
		if value, _ := in.Env(name); value != "" {
			list = append(list, Value{s.Name, value, "environment " + name, byOfficialEnv})
		}
	}
	own := EnvName(s.Name)
	if value, _ := in.Env(own); value != "" {
		list = append(list, Value{s.Name, value, "environment " + own, byOwnEnv})
	}
	flag := cmp.Or(s.Flag, s.Name)
	if value, set := in.Flags[flag]; set {
		list = append(list, Value{s.Name, value, "flag --" + flag, byFlag})
	}
	return list
}

// set checks a value and puts it in force.
func (s *Settings) set(setting Setting, v Value) error {
	if err := setting.check(v.Value); err != nil {
		return fmt.Errorf("%s: %s %w", v.Source, strconv.Quote(v.Value), err)
	}
	s.store.Set(v.Name, v.Value)
	s.values[v.Name] = v
	return nil
}

func (s Setting) check(value string) error {
	switch {
	case s.Kind == Bool:
		if _, err := strconv.ParseBool(value); err != nil {
			return errors.New("must be true or false")
		}
	case s.Kind == Duration:
		if d, err := time.ParseDuration(value); err != nil || d < 0 {
			return errors.New("must be a length of time with its unit, such as 30s or 5m")
		}
	case s.Kind == Count:
		if _, err := strconv.ParseUint(value, 10, 31); err != nil {
			return errors.New("must be a whole number")
		}
	case len(s.Choices) > 0 && !slices.Contains(s.Choices, value):
		return fmt.Errorf("must be one of %s", strings.Join(s.Choices, ", "))
	}
	return nil
}

// Text returns a setting's value, "" when it is not set.
func (s *Settings) Text(name string) string { return s.store.GetString(name) }

// Bool returns a switch's value.
func (s *Settings) Bool(name string) bool { return s.store.GetBool(name) }

// Count returns a whole number.
func (s *Settings) Count(name string) int { return s.store.GetInt(name) }

// Duration returns a length of time.
func (s *Settings) Duration(name string) time.Duration { return s.store.GetDuration(name) }

// Value returns a setting with its source.
func (s *Settings) Value(name string) Value { return s.values[name] }

// ProfileIsExplicit says whether the profile was named for this tool, by flag or by our own
// variable: then it goes before keys in the environment, and brings its own region.
func (s *Settings) ProfileIsExplicit() bool { return s.values["profile"].rank >= byOwnEnv }

// OfferRegion puts the profile's region in force, unless a stronger source set one. The
// region of a profile that was named explicitly is as strong as the naming, but for a region
// given in the same way.
func (s *Settings) OfferRegion(profile, region string) {
	strength := byProfile
	if s.ProfileIsExplicit() {
		strength = s.values["profile"].rank
	}
	if region != "" && s.values["region"].rank < strength {
		s.store.Set("region", region)
		s.values["region"] = Value{"region", region, "profile " + profile, byProfile}
	}
}
