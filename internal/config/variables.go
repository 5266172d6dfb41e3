package config

import (
	"slices"
	"strings"

	"ecs-activation/internal/activation"
)

// prefix is the beginning of the names of our variables.
const prefix = "ECS_ACTIVATION_"

// reserved are the variables that set no setting. The completion scripts of fish and PowerShell set ACTIVE_HELP.
func reserved() []string { return []string{prefix + "ACTIVE_HELP"} }

// UnknownVariable is the error of a variable whose name begins like ours, and which sets nothing.
type UnknownVariable struct {
	Name  string
	Known []string // the variables of all settings
	text  *activation.Text
}

func (e *UnknownVariable) Error() string { return e.text.Error() }

// Sentence returns the text for package message.
func (e *UnknownVariable) Sentence() (format string, args []any) { return e.text.Sentence() }

// CheckVariables returns an error if a variable has a name that begins like ours, and sets nothing: with a
// misspelled ECS_ACTIVATION_SANDBOX a command would use the real service. names are the names of all variables
// in the environment. The settings of all commands are known; others returns those that are not in settings,
// and is called only if a variable is not one of these.
func CheckVariables(names []string, env func(string) (string, bool), settings []Setting, others func() []Setting) error {
	var known []string
	for _, name := range names {
		upper := strings.ToUpper(name)
		if !strings.HasPrefix(upper, prefix) || isEmpty(env, name) || ofKubernetes(env, upper) {
			continue
		}
		if known == nil {
			known = append(reserved(), variables(settings)...)
		}
		if !slices.Contains(known, upper) && others != nil {
			known, others = append(known, variables(others())...), nil
		}
		if !slices.Contains(known, upper) || isEmpty(env, upper) { // a name in lower case is ours only on Windows
			return &UnknownVariable{upper, known, activation.Textf("environment %s: no setting has this variable", name)}
		}
	}
	return nil
}

// variables returns the names of the variables of settings.
func variables(settings []Setting) []string {
	names := make([]string, len(settings))
	for i, s := range settings {
		names[i] = EnvName(s.Name)
	}
	return names
}

// isEmpty reports whether a variable is empty or not set.
func isEmpty(env func(string) (string, bool), name string) bool {
	value, _ := env(name)
	return value == ""
}

// ofKubernetes reports whether a variable is one of those that Kubernetes sets in every container for a service,
// which may have our name.
func ofKubernetes(env func(string) (string, bool), name string) bool {
	for _, part := range []string{"_SERVICE_", "_PORT"} {
		if service, _, found := strings.Cut(name, part); found && !isEmpty(env, service+"_SERVICE_HOST") {
			return true
		}
	}
	return false
}
