// Package config defines the settings and loads their effective values, each with its source. The order
// of the sources is:
//
//	flag > ECS_ACTIVATION_* > ALIBABA_CLOUD_* > configuration file > profile of the aliyun CLI > default
//
// An unknown key, an invalid value or an empty value is an error that names the file and line, or the
// variable. Credentials are never settings. This is the only package that imports viper.
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
	Count // a non-negative integer
	List  // several texts: a sequence in the file, separated by commas in the environment
)

// Setting is one setting. Its name is its key in the file, and the name of its flag unless Flag is set.
// EnvName(Name) is the name of its environment variable.
type Setting struct {
	Name    string
	Flag    string
	Kind    Kind
	Default string
	Env     []string // the variables of official tools, in the order of their priority
	Choices []string // the allowed values; empty: all values
	Usage   string   // one line for documentation
}

// Global returns the settings of all commands, in the order in which they are shown.
func Global() []Setting {
	return []Setting{
		{Name: "region", Env: official("REGION_ID"), Usage: "region of the codes; list takes several, separated by commas"},
		{Name: "profile", Env: official("PROFILE"), Usage: "profile of the aliyun CLI"},
		{Name: "output", Default: "table", Choices: []string{"table", "wide", "json", "jsonl", "yaml"}, Usage: "output format"},
		{Name: "quiet", Kind: Bool, Default: "false", Usage: "print the bare result"},
		{Name: "endpoint", Usage: "host or URL of the service, or vpc"},
		{Name: "timeout", Kind: Duration, Default: "60s", Usage: "timeout of the command; the default of wait is 1h"},
		{Name: "color", Default: "auto", Choices: []string{"auto", "always", "never"}, Usage: "when to use colour"},
		{Name: "no-input", Kind: Bool, Default: "false", Usage: "never prompt"},
		{Name: "debug", Kind: Bool, Default: "false", Usage: "log every request to standard error"},
		{Name: "sandbox", Kind: Bool, Default: "false", Usage: "use a local simulator of Alibaba Cloud"},
		{Name: "sandbox-latency", Flag: "latency", Kind: Duration, Default: "0s", Usage: "how long the sandbox waits before each response"},
		{Name: "sandbox-fault", Flag: "fault", Usage: "faults of the sandbox, as name=probability,…"},
		{Name: "sandbox-seed", Flag: "seed", Kind: Count, Default: "0", Usage: "seed for the random faults of the sandbox; 0: a different one each time"},
		{Name: "sandbox-limits", Flag: "limits", Default: "2026", Choices: []string{"2021", "2024", "2026"}, Usage: "the year whose limits the sandbox applies"},
		{Name: "sandbox-quota", Flag: "quota", Kind: Count, Default: "0", Usage: "maximum number of codes in a sandbox region; 0: as in the limits"},
		{Name: "sandbox-machine-quota", Flag: "machine-quota", Kind: Count, Default: "0", Usage: "maximum number of machines in a sandbox region; 0: 1000"},
	}
}

// official returns the names under which official tools read a variable.
func official(name string) []string {
	return []string{"ALIBABA_CLOUD_" + name, "ALIBABACLOUD_" + name, "ALICLOUD_" + name}
}

// EnvName returns the name of the environment variable of a setting.
func EnvName(name string) string {
	return "ECS_ACTIVATION_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// priority is the priority of a source. The source with the highest priority is used.
type priority int

const (
	byDefault priority = iota
	byProfile
	byFile
	byOfficialEnv
	byOwnEnv
	byFlag
)

// Value is the effective value of a setting.
type Value struct {
	Name     string
	Value    string // empty: not set
	Source   string // "flag --region", "environment ALIBABA_CLOUD_REGION_ID", …
	priority priority
}

// IsDefault reports whether no source sets the value.
func (v Value) IsDefault() bool { return v.priority == byDefault }

// FromFlag reports whether the value was given on the command line.
func (v Value) FromFlag() bool { return v.priority == byFlag }

// Settings has the effective values. viper stores and converts them. Each value is checked before it is
// stored, because viper returns zero for a value that it cannot parse.
type Settings struct {
	store  *viper.Viper
	values map[string]Value
}

// Input has the sources of settings.
type Input struct {
	Flags map[string]string // the flags that were given
	Env   func(string) (string, bool)
	File  string // the configuration file; it need not exist

	Command []Setting        // the settings of this command, besides the global ones
	Others  func() []Setting // the settings of all commands, which the file may contain; nil: there are none

	Defaults map[string]string   // defaults that differ for this command
	Choices  map[string][]string // choices that differ for this command: another value is an error in a flag, and is ignored elsewhere
}

// Load returns the value of each setting from the source with the highest priority. It checks all
// values in the file, even those that another source overrides.
func Load(in Input) (*Settings, error) {
	s := &Settings{store: viper.New(), values: map[string]Value{}}
	settings := append(Global(), in.Command...)
	file, err := readFile(in.File, settings, in.Others)
	if err != nil {
		return nil, err
	}
	for _, setting := range settings {
		v := find(setting, file, in)
		if setting.Kind == List && v.priority == byOwnEnv {
			v.Value = strings.ReplaceAll(v.Value, ",", separator)
		}
		choices, differ := in.Choices[setting.Name]
		if differ && v.FromFlag() {
			setting.Choices = choices
		}
		if err := setting.check(v.Value); err != nil && !v.IsDefault() {
			return nil, fmt.Errorf("%s: %q %w", v.Source, v.Value, err)
		}
		if differ && !slices.Contains(choices, v.Value) {
			v = in.defaultValue(setting) // the value is for other commands
		}
		s.store.Set(v.Name, v.Value)
		s.values[v.Name] = v
	}
	return s, nil
}

// find returns the value of a setting from the source with the highest priority. An empty variable is
// treated as not set.
func find(s Setting, file map[string]string, in Input) Value {
	flag := cmp.Or(s.Flag, s.Name)
	if value, given := in.Flags[flag]; given {
		return Value{s.Name, value, "flag --" + flag, byFlag}
	}
	name := EnvName(s.Name)
	if value, _ := in.Env(name); value != "" {
		return Value{s.Name, value, "environment " + name, byOwnEnv}
	}
	for _, name := range s.Env {
		if value, _ := in.Env(name); value != "" {
			return Value{s.Name, value, "environment " + name, byOfficialEnv}
		}
	}
	if value, set := file[s.Name]; set {
		return Value{s.Name, value, in.File, byFile}
	}
	return in.defaultValue(s)
}

// defaultValue returns the default value of a setting.
func (in Input) defaultValue(s Setting) Value {
	return Value{s.Name, cmp.Or(in.Defaults[s.Name], s.Default), "default", byDefault}
}

// check returns an error if a value is not valid for the setting. Its message follows the value.
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
		return &InvalidChoice{value, s.Choices, "must be one of " + strings.Join(s.Choices, ", ")}
	}
	return nil
}

// InvalidChoice is the error of a value that is not one of the allowed choices.
type InvalidChoice struct {
	Value   string
	Choices []string
	text    string
}

func (e *InvalidChoice) Error() string { return e.text }

// Text returns the value of a setting, or "" if it is not set.
func (s *Settings) Text(name string) string { return s.store.GetString(name) }

// Bool returns the value of a boolean setting.
func (s *Settings) Bool(name string) bool { return s.store.GetBool(name) }

// Count returns the value of an integer setting. It does not use viper, which reads 010 as octal and 09
// as zero.
func (s *Settings) Count(name string) int {
	n, _ := strconv.Atoi(s.Text(name)) // Load has checked the value
	return n
}

// Duration returns the value of a duration setting.
func (s *Settings) Duration(name string) time.Duration { return s.store.GetDuration(name) }

// List returns the texts of a list setting.
func (s *Settings) List(name string) []string { return strings.Split(s.Text(name), separator) }

// separator separates the texts of a list in its stored value. No text contains it.
const separator = "\n"

// Value returns the effective value of a setting with its source.
func (s *Settings) Value(name string) Value { return s.values[name] }

// ProfileIsExplicit reports whether the profile was set for this tool, by its flag or by the variable
// ECS_ACTIVATION_PROFILE. Such a profile has priority over keys in the environment, and its region is
// used.
func (s *Settings) ProfileIsExplicit() bool { return s.values["profile"].priority >= byOwnEnv }

// SetProfileRegion sets the region to that of the profile, unless a source with a higher priority has
// set it. The region of an explicit profile has the priority of the profile, but an explicit region of
// the same priority is used instead. source describes the profile.
func (s *Settings) SetProfileRegion(source, region string) {
	p := byProfile
	if s.ProfileIsExplicit() {
		p = s.values["profile"].priority
	}
	if region != "" && s.values["region"].priority < p {
		s.store.Set("region", region)
		s.values["region"] = Value{"region", region, source, byProfile}
	}
}
