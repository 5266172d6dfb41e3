package identity

import (
	"context"
	"strings"
)

// envPrefixes are the spellings under which official tools read their variables.
var envPrefixes = []string{"ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_"}

// fromEnvironment takes the first spelling of which anything is set, and takes it whole.
func (s Search) fromEnvironment(context.Context) (*Identity, string, error) {
	for _, prefix := range envPrefixes {
		names := [3]string{prefix + "ACCESS_KEY_ID", prefix + "ACCESS_KEY_SECRET", prefix + "SECURITY_TOKEN"}
		var values [3]string
		for i, name := range names {
			values[i] = s.env(name)
		}
		if values == [3]string{} {
			continue
		}
		for i, value := range values[:2] {
			if value == "" {
				return nil, "", newError("the environment is half set: "+names[i]+" is missing", "set it, or unset the other "+prefix+"… variables to use another source")
			}
		}
		return Temporary("environment "+names[0], values[0], values[1], values[2]), "", nil
	}
	return nil, "environment ALIBABA_CLOUD_ACCESS_KEY_ID: not set", nil
}

func (s Search) env(name string) string {
	value, _ := s.Env(name)
	return value
}

// on reports whether a switch in the environment is on.
func (s Search) on(name string) bool { return strings.EqualFold(s.env(name), "true") }
