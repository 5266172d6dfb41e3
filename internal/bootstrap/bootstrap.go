// Package bootstrap generates the command line, shell script, PowerShell script or cloud-init document
// with which a machine registers.
//
// Every value is quoted for its language. The package returns an error for a value that one of these
// languages would change, or that contains control characters for the terminal. It executes nothing and
// sends no requests.
package bootstrap

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ecs-activation/internal/activation"
)

// Registration has the values that a machine registers with. The first three are required.
type Registration struct {
	RegionId       string
	ActivationId   string
	ActivationCode string

	InstanceName string           // empty: the name prefix of the code, or the host name
	Tags         []activation.Tag // the tags of the machine, not of the code
	NetworkMode  string           // "vpc"; empty: the internet
	Proxy        string           // a URL; empty: the proxy of the machine's environment
}

// The output forms.
const (
	Command     = "command"    // one line, for a machine with the agent
	Shell       = "sh"         // a POSIX script that installs the agent and checks the result
	PowerShell  = "powershell" // the same for Windows
	CloudInit   = "cloud-init" // the shell script as user data
	Environment = "env"        // three assignments, safe for eval in a shell
)

// Runnable returns the forms that a machine can run, the simplest first.
func Runnable() []string { return []string{Command, Shell, PowerShell, CloudInit} }

// Text returns a registration in one of the forms, with a line break at the end. Its errors name the
// field that cannot be written, but do not show its value.
func Text(form string, r Registration) (string, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	switch form {
	case Command:
		return command(r), nil
	case Shell:
		return shellScript(r), nil
	case PowerShell:
		return powerShellScript(r), nil
	case CloudInit:
		return cloudInit(r), nil
	case Environment:
		return environment(r), nil
	}
	return "", activation.Textf("unknown form %q", form)
}

// check returns an error for a missing value, or a value that cannot be written unchanged.
func (r Registration) check() error {
	values := []option{
		{"RegionId", r.RegionId}, {"ActivationId", r.ActivationId}, {"ActivationCode", r.ActivationCode},
		{"InstanceName", r.InstanceName}, {"NetworkMode", r.NetworkMode}, {"Proxy", r.Proxy},
	}
	for i, v := range values {
		if i < 3 && v.value == "" {
			return activation.Textf("the %s is empty", v.name)
		}
	}
	for _, t := range r.Tags {
		values = append(values, option{"tag", t.TagKey + "=" + t.TagValue})
	}
	for _, v := range values {
		if err := Writable(v.value); err != nil {
			return activation.Textf("the %s %w", v.name, err)
		}
	}
	return nil
}

// Writable returns an error if a text cannot be written unchanged in all forms. The error does not show
// the text. Its message continues a sentence that starts with the name of the text.
func Writable(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("is not valid UTF-8, so it cannot be written to a script")
	}
	if i := strings.IndexFunc(text, unwritable); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return activation.Textf("contains the character %U, which cannot be written to a script unchanged", r)
	}
	return nil
}

// unwritable reports whether one of the languages removes, changes or does not accept a character, or
// a terminal interprets it. These are control characters except line breaks and tabs, format characters
// (which hide and reorder text), the line separators of Unicode, and the two non-characters that YAML
// does not allow (YAML 1.2.2, production 1, c-printable).
func unwritable(r rune) bool {
	if r == '\n' || r == '\t' {
		return false
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == '\ufffe' || r == '\uffff'
}

// command returns the command line that registers a Linux machine on which the Cloud Assistant agent is
// installed (agent 2.2.3.578; the option --ForceResue on the API page is a typo).
func command(r Registration) string {
	words := []string{"sudo", "aliyun-service", "--register"}
	if r.Proxy != "" {
		words = slices.Insert(words, 1, "env", "ALIYUN_ASSIST_PROXY="+ShellQuote(r.Proxy))
	}
	for _, o := range append(r.options(), option{"ActivationCode", r.ActivationCode}) {
		words = append(words, o.text(ShellQuote))
	}
	return strings.Join(words, " ") + "\n"
}

// environment returns three shell assignments.
func environment(r Registration) string {
	return "ACTIVATION_ID=" + ShellQuote(r.ActivationId) +
		"\nACTIVATION_CODE=" + ShellQuote(r.ActivationCode) +
		"\nREGION_ID=" + ShellQuote(r.RegionId) + "\n"
}
