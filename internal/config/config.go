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
	List  // several texts: a sequence in the file, separated by commas in the environment
)

// Setting is one thing a user can set. Its name is the file's key, and the flag's unless Flag
// says otherwise; its own environment variable is EnvName of its name.
type Setting struct {
	Name    string
	Flag    string
	Kind    Kind
	Default string
	Env     []string // the official tools' variables for it, first one first
	Choices []string // the only values allowed; empty: any
	Usage   string   // one line for documentation
}

// Global returns the settings that every command has, in the order in which they are shown.
func Global() []Setting {
	return []Setting{
		{Name: "region", Env: official("REGION_ID"), Usage: "region of the codes; list takes several, separated by commas"},
		{Name: "profile", Env: official("PROFILE"), Usage: "profile of the aliyun CLI"},
		{Name: "output", Default: "table", Choices: []string{"table", "wide", "json", "jsonl", "yaml"}, Usage: "output format"},
		{Name: "quiet", Kind: Bool, Default: "false", Usage: "print the bare result"},
		{Name: "endpoint", Usage: "host or URL to send requests to, or the word vpc"},
		{Name: "timeout", Kind: Duration, Default: "60s", Usage: "time for the whole command; the default of wait is 1h"},
		{Name: "color", Default: "auto", Choices: []string{"auto", "always", "never"}, Usage: "when to use colour"},
		{Name: "no-input", Kind: Bool, Default: "false", Usage: "never ask"},
		{Name: "debug", Kind: Bool, Default: "false", Usage: "tell every request on standard error"},
		{Name: "sandbox", Kind: Bool, Default: "false", Usage: "use the local rehearsal cloud"},
		{Name: "sandbox-latency", Flag: "latency", Kind: Duration, Default: "0s", Usage: "how long the sandbox waits before each answer"},
		{Name: "sandbox-fault", Flag: "fault", Usage: "how the sandbox misbehaves, as name=probability,…"},
		{Name: "sandbox-seed", Flag: "seed", Kind: Count, Default: "0", Usage: "repeats the sandbox's choice of faults; 0: another one each time"},
		{Name: "sandbox-limits", Flag: "limits", Default: "2026", Choices: []string{"2021", "2024", "2026"}, Usage: "the year whose limits the sandbox applies"},
		{Name: "sandbox-quota", Flag: "quota", Kind: Count, Default: "0", Usage: "codes a sandbox region may hold; 0: what the limits say"},
		{Name: "sandbox-machine-quota", Flag: "machine-quota", Kind: Count, Default: "0", Usage: "machines a sandbox region may hold; 0: 1000"},
	}
}

// official are the spellings under which official tools read a variable.
func official(name string) []string {
	return []string{"ALIBABA_CLOUD_" + name, "ALIBABACLOUD_" + name, "ALICLOUD_" + name}
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

// IsDefault says that nobody set it.
func (v Value) IsDefault() bool { return v.rank == byDefault }

// FromFlag says that it was given on the command line.
func (v Value) FromFlag() bool { return v.rank == byFlag }

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

	Command []Setting        // the settings of this command, besides the global ones
	Others  func() []Setting // those of all commands, which the file may hold; nil: there are none

	Defaults map[string]string   // what this command has in place of a setting's own default
	Choices  map[string][]string // likewise; what is not among them counts only as a flag, where it is an error
}

// Load finds the strongest source of each setting and checks its value. The file is checked
// whole, also what another source overrides.
func Load(in Input) (*Settings, error) {
	s := &Settings{store: viper.New(), values: map[string]Value{}}
	settings := append(Global(), in.Command...)
	file, err := readFile(in.File, settings, in.Others)
	if err != nil {
		return nil, err
	}
	for _, setting := range settings {
		v := strongest(setting, file, in)
		if setting.Kind == List && v.rank == byOwnEnv {
			v.Value = strings.ReplaceAll(v.Value, ",", separator)
		}
		own, has := in.Choices[setting.Name]
		if has && v.FromFlag() {
			setting.Choices = own
		}
		if err := setting.check(v.Value); err != nil && !v.IsDefault() {
			return nil, fmt.Errorf("%s: %q %w", v.Source, v.Value, err)
		}
		if has && !slices.Contains(own, v.Value) {
			v = in.standard(setting) // it is meant for other commands
		}
		s.store.Set(v.Name, v.Value)
		s.values[v.Name] = v
	}
	return s, nil
}

// strongest returns a setting's value from the strongest source that has one. An empty
// variable counts as not set.
func strongest(s Setting, file map[string]string, in Input) Value {
	flag := cmp.Or(s.Flag, s.Name)
	if value, given := in.Flags[flag]; given {
		return Value{s.Name, value, "flag --" + flag, byFlag}
	}
	own := EnvName(s.Name)
	if value, _ := in.Env(own); value != "" {
		return Value{s.Name, value, "environment " + own, byOwnEnv}
	}
	for _, name := range s.Env {
		if value, _ := in.Env(name); value != "" {
			return Value{s.Name, value, "environment " + name, byOfficialEnv}
		}
	}
	if value, set := file[s.Name]; set {
		return Value{s.Name, value, in.File, byFile}
	}
	return in.standard(s)
}

// standard is a setting's value where nobody sets one.
func (in Input) standard(s Setting) Value {
	return Value{s.Name, cmp.Or(in.Defaults[s.Name], s.Default), "default", byDefault}
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
		return &WrongWord{value, s.Choices, "must be one of " + strings.Join(s.Choices, ", ")}
	}
	return nil
}

// WrongWord is a word where only some are right.
type WrongWord struct {
	Word    string
	Choices []string
	text    string
}

func (w *WrongWord) Error() string { return w.text }

// Text returns a setting's value, "" when it is not set.
func (s *Settings) Text(name string) string { return s.store.GetString(name) }

// Bool returns a switch's value.
func (s *Settings) Bool(name string) bool { return s.store.GetBool(name) }

// Count returns a whole number. viper would read 010 as octal and 09 as zero.
func (s *Settings) Count(name string) int {
	n, _ := strconv.Atoi(s.Text(name)) // checked when it was loaded
	return n
}

// Duration returns a length of time.
func (s *Settings) Duration(name string) time.Duration { return s.store.GetDuration(name) }

// List returns the texts of a list that the environment or the file set.
func (s *Settings) List(name string) []string { return strings.Split(s.Text(name), separator) }

// separator stands between the texts of a list; none of them may hold it.
const separator = "\n"

// Value returns a setting with its source.
func (s *Settings) Value(name string) Value { return s.values[name] }

// ProfileIsExplicit says whether the profile was named for this tool, by flag or by our own
// variable: then it goes before keys in the environment, and brings its own region.
func (s *Settings) ProfileIsExplicit() bool { return s.values["profile"].rank >= byOwnEnv }

// OfferRegion puts a profile's region in force, unless a stronger source set one; source is
// what to say of where it came from. The
// region of a profile that was named explicitly is as strong as the naming, but for a region
// given in the same way.
func (s *Settings) OfferRegion(source, region string) {
	strength := byProfile
	if s.ProfileIsExplicit() {
		strength = s.values["profile"].rank
	}
	if region != "" && s.values["region"].rank < strength {
		s.store.Set("region", region)
		s.values["region"] = Value{"region", region, source, byProfile}
	}
}
