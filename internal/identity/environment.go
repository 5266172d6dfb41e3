package identity

import (
	"context"
	"strings"

	"ecs-activation/internal/activation"
)

// envPrefixes lists the prefixes of the variables that official tools read.
var envPrefixes = []string{"ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_"}

// fromEnvironment uses the first prefix for which any variable is set. It does not mix prefixes.
func fromEnvironment(_ context.Context, s Search) (*Identity, *activation.Text, error) {
	for _, prefix := range envPrefixes {
		names := keyNames(prefix)
		var values [3]string
		for i, name := range names {
			values[i] = trimmed(s.Env.get(name))
		}
		if values == [3]string{} {
			continue
		}
		for i, value := range values[:2] {
			if value == "" {
				return nil, nil, newError(activation.Textf("incomplete AccessKey in the environment: %s is not set", names[i]), "").
					Advise("set it, or unset the other %s… variables to use another source", prefix)
			}
		}
		if err := checkKeys(names, values); err != nil {
			return nil, nil, newError(activation.Textf("the environment has an invalid AccessKey: %w", err), copyAgain)
		}
		return Temporary("environment "+names[0], values[0], values[1], values[2]), nil, nil
	}
	unset := activation.Textf("environment %s: not set", "ALIBABA_CLOUD_ACCESS_KEY_ID")
	for _, name := range []string{"ACCESS_KEY_ID", "ACCESS_KEY_SECRET"} {
		if trimmed(s.Env.get(name)) != "" {
			return nil, activation.Textf("%w; %s is set, but not read: it may belong to another cloud", unset, name), nil
		}
	}
	return nil, unset, nil
}

// keyNames returns the variables of an AccessKey and its token.
func keyNames(prefix string) [3]string {
	return [3]string{prefix + "ACCESS_KEY_ID", prefix + "ACCESS_KEY_SECRET", prefix + "SECURITY_TOKEN"}
}

// Environment returns the value of an environment variable, and whether it is set.
type Environment func(name string) (value string, set bool)

// get returns a variable; empty: it is not set.
func (e Environment) get(name string) string {
	value, _ := e(name)
	return value
}

// first returns the first of several variables that is set.
func (e Environment) first(names ...string) string {
	for _, name := range names {
		if value := e.get(name); value != "" {
			return value
		}
	}
	return ""
}

// isTrue reports whether a variable is "true".
func (e Environment) isTrue(name string) bool { return strings.EqualFold(e.get(name), "true") }
