package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ecs-activation/internal/duration"
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
	Choices []string // the allowed values in lower case; empty: all values
	Usage   string   // one line for documentation
}

// The languages of messages and help.
const (
	English = "en"
	Chinese = "zh" // Simplified Chinese
)

// Global returns the settings of all commands, in the order in which they are shown. Official variables have the
// order in which the aliyun CLI reads them.
func Global() []Setting {
	return []Setting{
		{Name: "region", Env: []string{"ALIBABA_CLOUD_REGION_ID", "ALIBABACLOUD_REGION_ID", "ALICLOUD_REGION_ID"}, Usage: "region of the codes; list takes several, separated by commas"},
		{Name: "profile", Env: []string{"ALIBABACLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"}, Usage: "profile of the aliyun CLI"},
		{Name: "output", Default: "table", Choices: []string{"table", "wide", "json", "jsonl", "yaml"}, Usage: "output format"},
		{Name: "quiet", Kind: Bool, Default: "false", Usage: "print the bare result"},
		{Name: "endpoint", Usage: "host or URL of the service, or vpc"},
		{Name: "timeout", Kind: Duration, Default: "60s", Usage: "timeout of the command; the default of wait is 1h"},
		{Name: "lang", Choices: []string{English, Chinese}, Usage: "language of messages and help; the default is that of the system"},
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

// Variables returns the environment variables of a global setting in the order of their priority.
func Variables(name string) []string {
	variables := []string{EnvName(name)}
	for _, s := range Global() {
		if s.Name == name {
			variables = append(variables, s.Env...)
		}
	}
	return variables
}

// EnvName returns the name of the environment variable of a setting.
func EnvName(name string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// check returns an error if a value is not valid for the setting. Its message follows the value.
func (s Setting) check(value string) error {
	switch {
	case s.Kind == Bool:
		if _, err := strconv.ParseBool(value); err != nil {
			return errors.New("must be true or false")
		}
	case s.Kind == Duration:
		_, err := duration.Parse(value)
		return err
	case s.Kind == Count:
		if _, err := strconv.ParseUint(value, 10, 31); err != nil {
			return errors.New("must be a whole number")
		}
	case len(s.Choices) > 0 && !slices.Contains(s.Choices, strings.ToLower(value)):
		return &InvalidChoice{Value: value, Choices: s.Choices}
	}
	return nil
}

// InvalidChoice is the error of a value that is not one of the allowed choices.
type InvalidChoice struct {
	Value   string
	Choices []string
	IsName  bool // the value is the name of a setting
}

// Error returns the text in English. Package message has the same sentences.
func (e *InvalidChoice) Error() string {
	if e.IsName {
		return fmt.Sprintf("unknown setting %q", e.Value)
	}
	return "must be one of " + strings.Join(e.Choices, ", ")
}
