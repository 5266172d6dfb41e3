// Package bootstrap writes what a machine runs to register with a code: the agent's command
// line, a shell script, a PowerShell script and a cloud-init document.
//
// Every value is quoted for its language, whatever it holds. The package refuses a value that
// one of these languages would change, or that would steer the terminal on which a script is
// shown. It runs nothing, and knows neither the service nor the time.
package bootstrap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ecs-activation/internal/activation"
)

// Registration is what a machine registers with. The code and its two companions are needed,
// the rest may be empty.
type Registration struct {
	RegionId       string
	ActivationId   string
	ActivationCode string

	InstanceName string           // empty: the code's prefix, or the host name
	Tags         []activation.Tag // of the machine, not of the code
	NetworkMode  string           // "vpc"; empty: the internet
	Proxy        string           // a URL; empty: what the machine's environment says
}

// The forms in which a registration is written.
const (
	Command     = "command"    // one line, where the agent is installed
	Shell       = "sh"         // a POSIX script that installs the agent and proves the result
	PowerShell  = "powershell" // the same for Windows
	CloudInit   = "cloud-init" // the shell script as user data
	Environment = "env"        // three assignments, safe for eval in a shell
)

// Runnable returns the forms that a machine runs, the plainest first.
func Runnable() []string { return []string{Command, Shell, PowerShell, CloudInit} }

// Text writes a registration in one of the forms, ended by a line break. Its errors name the
// field that cannot be written, and never show its value.
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
	return "", fmt.Errorf("there is no form %q", form)
}

// check refuses what is missing and what cannot be written unchanged.
func (r Registration) check() error {
	values := []option{
		{"RegionId", r.RegionId}, {"ActivationId", r.ActivationId}, {"ActivationCode", r.ActivationCode},
		{"InstanceName", r.InstanceName}, {"NetworkMode", r.NetworkMode}, {"Proxy", r.Proxy},
	}
	for i, v := range values {
		if i < 3 && v.value == "" {
			return errors.New("the " + v.name + " is empty")
		}
	}
	for _, t := range r.Tags {
		values = append(values, option{"tag", t.TagKey + "=" + t.TagValue})
	}
	for _, v := range values {
		if err := Writable(v.value); err != nil {
			return fmt.Errorf("the %s %w", v.name, err)
		}
	}
	return nil
}

// Writable says why a text cannot be written unchanged in one of the forms, or nil. The error
// does not show the text, and reads on after its name.
func Writable(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("is not UTF-8, so no script can hold it")
	}
	if i := strings.IndexFunc(text, unwritable); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return fmt.Errorf("holds the character %U, which a script cannot hold unchanged", r)
	}
	return nil
}

// unwritable is true for the characters that one of the languages drops, folds or refuses, or
// that a terminal obeys: control characters but for line breaks and tabs, format characters
// (which hide and reorder text), Unicode's own line ends, and the two non-characters that no
// YAML document may hold (YAML 1.2.2, production 1, c-printable).
func unwritable(r rune) bool {
	if r == '\n' || r == '\t' {
		return false
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == '\ufffe' || r == '\uffff'
}

// option is one option of the agent.
type option struct{ name, value string }

// text is the option as one argument. The sign keeps a value that begins with "-" from being
// an option itself; agent 2.2.3.578 reads both spellings.
func (o option) text(quote func(string) string) string { return "--" + o.name + "=" + quote(o.value) }

// options are the agent's options without the code, which a script hands over by itself.
func (r Registration) options() []option {
	list := []option{{"RegionId", r.RegionId}, {"ActivationId", r.ActivationId}}
	if r.InstanceName != "" {
		list = append(list, option{"InstanceName", r.InstanceName})
	}
	if r.NetworkMode != "" {
		list = append(list, option{"NetworkMode", r.NetworkMode})
	}
	for _, t := range r.Tags {
		list = append(list, option{"tag", t.TagKey + "=" + t.TagValue})
	}
	return list
}

// command is the line that registers a Linux machine on which the Cloud Assistant agent is
// installed (agent 2.2.3.578; the API page's --ForceResue is a typing error).
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

// environment is three assignments of a shell.
func environment(r Registration) string {
	return "ACTIVATION_ID=" + ShellQuote(r.ActivationId) +
		"\nACTIVATION_CODE=" + ShellQuote(r.ActivationCode) +
		"\nREGION_ID=" + ShellQuote(r.RegionId) + "\n"
}
