package message

import (
	"strings"

	"ecs-activation/internal/activation"
)

// origin returns where a setting or an identity comes from, as a part of a sentence.
func origin(l Language, o activation.Origin) string {
	source := string(o)
	if from, role, isRole := strings.Cut(source, " (role "); isRole {
		return l.Text("%s (role %s)", origin(l, activation.Origin(from)), strings.TrimSuffix(role, ")"))
	}
	if name, is := strings.CutPrefix(source, "environment "); is {
		return l.Text("environment %s", name)
	}
	if name, is := strings.CutPrefix(source, "flag "); is {
		return l.Text("flag %s", name)
	}
	if name, is := strings.CutPrefix(source, "profile "); is {
		return l.Text("profile %s", name)
	}
	return l.Find(source) // the path of a file, "default", "instance role"
}
