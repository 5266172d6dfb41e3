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
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/viper"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/duration"
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
	Value    string            // empty: not set
	Source   activation.Origin // "flag --region", "environment ALIBABA_CLOUD_REGION_ID", …
	priority priority
}

// IsDefault reports whether no source sets the value.
func (v Value) IsDefault() bool { return v.priority == byDefault }

// FromFlag reports whether the value was given on the command line.
func (v Value) FromFlag() bool { return v.priority == byFlag }

// FromProfile reports whether the value is that of a profile, or of the sandbox.
func (v Value) FromProfile() bool { return v.priority == byProfile }

// Settings has the effective values. viper holds them with their sources, one layer above the other, and
// its precedence decides. The values are texts: viper returns zero for a text that it cannot parse, so
// each is checked here before it is stored, and parsed here.
type Settings struct{ store *viper.Viper }

// Input has the sources of settings.
type Input struct {
	Flags map[string]string // the flags that were given
	Env   func(string) (string, bool)
	File  File

	Command []Setting        // the settings of this command, besides the global ones
	Others  func() []Setting // the settings of all commands, which the file may contain; nil: there are none

	Defaults map[string]string   // defaults that differ for this command
	Choices  map[string][]string // choices that differ for this command: another value is an error in a flag, and is ignored elsewhere
}

// Load returns the value of each setting from the source with the highest priority. It checks all
// values in the file, even those that another source overrides.
func Load(in Input) (*Settings, error) {
	settings := append(Global(), in.Command...)
	file, err := in.File.values(settings, in.Others)
	if err != nil {
		return nil, err
	}
	s := &Settings{viper.New()}
	if err := s.addLayers(in, settings, file); err != nil {
		return nil, err
	}
	for _, setting := range settings {
		v := s.Value(setting.Name)
		choices, differ := in.Choices[setting.Name]
		if differ && v.FromFlag() {
			setting.Choices = choices
		}
		if err := setting.check(v.Value); err != nil && !v.IsDefault() {
			return nil, activation.Textf("%s: %q %w", v.Source, v.Value, err)
		}
		if len(setting.Choices) > 0 && v.Value != "" {
			v.Value = strings.ToLower(v.Value)
			s.set(v)
		}
		if differ && !slices.Contains(choices, v.Value) {
			s.set(in.defaultValue(setting)) // the value is for other commands
		}
	}
	return s, nil
}

// addLayers stores what each source has, the source with the lowest priority first. The environment and
// the flags are not bound by viper itself, because it would not say where a value comes from, and would
// read the environment of the process. An empty variable is treated as not set.
func (s *Settings) addLayers(in Input, settings []Setting, file map[string]string) error {
	var layers [byFlag + 1]map[string]any
	for i := range layers {
		layers[i] = map[string]any{}
	}
	add := func(name, value string, source activation.Origin, p priority) {
		layers[p][name] = Value{name, value, source, p}
	}
	for _, setting := range settings {
		name, own, flag := setting.Name, EnvName(setting.Name), cmp.Or(setting.Flag, setting.Name)
		s.store.SetDefault(name, in.defaultValue(setting))
		if value, found := file[name]; found {
			add(name, value, activation.Origin(in.File.path), byFile)
		}
		for _, variable := range slices.Backward(setting.Env) {
			if value, _ := in.Env(variable); value != "" {
				add(name, value, activation.Origin("environment "+variable), byOfficialEnv)
			}
		}
		if value, _ := in.Env(own); value != "" {
			if setting.Kind == List {
				value = strings.ReplaceAll(value, ",", separator)
			}
			add(name, value, activation.Origin("environment "+own), byOwnEnv)
		}
		if value, given := in.Flags[flag]; given {
			add(name, value, activation.Origin("flag --"+flag), byFlag)
		}
	}
	for _, layer := range layers {
		if err := s.store.MergeConfigMap(layer); err != nil {
			return err
		}
	}
	return nil
}

// set replaces the effective value of a setting.
func (s *Settings) set(v Value) { s.store.Set(v.Name, v) }

// defaultValue returns the default value of a setting.
func (in Input) defaultValue(s Setting) Value {
	return Value{s.Name, cmp.Or(in.Defaults[s.Name], s.Default), "default", byDefault}
}

// Value returns the effective value of a setting with its source.
func (s *Settings) Value(name string) Value {
	v, _ := s.store.Get(name).(Value) // a name that is no setting has no value
	return v
}

// Text returns the value of a setting, or "" if it is not set.
func (s *Settings) Text(name string) string { return s.Value(name).Value }

// Bool returns the value of a boolean setting.
func (s *Settings) Bool(name string) bool {
	on, _ := strconv.ParseBool(s.Text(name)) // Load has checked the value
	return on
}

// Count returns the value of an integer setting.
func (s *Settings) Count(name string) int {
	n, _ := strconv.Atoi(s.Text(name)) // Load has checked the value
	return n
}

// Duration returns the value of a duration setting.
func (s *Settings) Duration(name string) time.Duration {
	d, _ := duration.Parse(s.Text(name)) // Load has checked the value
	return d
}

// List returns the texts of a list setting.
func (s *Settings) List(name string) []string { return strings.Split(s.Text(name), separator) }

// separator separates the texts of a list in its stored value. No text contains it.
const separator = "\n"

// ProfileIsExplicit reports whether the profile was set for this tool, by its flag or by the variable
// ECS_ACTIVATION_PROFILE. Such a profile has priority over keys in the environment, and its region is
// used.
func (s *Settings) ProfileIsExplicit() bool { return s.Value("profile").priority >= byOwnEnv }

// SetDefault replaces the default of a setting, unless a source has set it.
func (s *Settings) SetDefault(name, value string) {
	if v := s.Value(name); v.IsDefault() {
		v.Value = value
		s.set(v)
	}
}

// SetLanguage sets the language to that of the locale or the profile, unless a source of this program has set it.
func (s *Settings) SetLanguage(language, source string) {
	if s.Value("lang").IsDefault() {
		s.set(Value{"lang", language, activation.Origin(source), byProfile})
	}
}

// SetProfileRegion sets the region to that of the profile, unless a source with a higher priority has
// set it. The region of an explicit profile has the priority of the profile, but an explicit region of
// the same priority is used instead. source describes the profile.
func (s *Settings) SetProfileRegion(source activation.Origin, region string) {
	p := byProfile
	if s.ProfileIsExplicit() {
		p = s.Value("profile").priority
	}
	if region != "" && s.Value("region").priority < p {
		s.set(Value{"region", region, source, byProfile})
	}
}
