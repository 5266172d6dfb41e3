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
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/viper"
)

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
