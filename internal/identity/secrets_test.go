package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestPrintingShowsNoSecret(t *testing.T) {
	i := newInstance(t)
	role, err := i.on(t, nil, "").Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	signsWith(t, role) // now it holds fetched credentials
	profile, err := ReadProfile(profiles(t, prodAndTest), "test")
	if err != nil {
		t.Fatal(err)
	}
	found := search(t, nil, profiles(t, prodAndTest))
	found.ProfileName = "test"
	fromProfile, err := found.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	static, fixed := Static("test", theKeyId, theSecret), Temporary("test", theKeyId, theSecret, theToken)
	for name, value := range map[string]any{
		"a permanent identity": static, "a temporary identity": fixed, "a role": role, "a profile's identity": fromProfile, "a profile": profile,
		"a profile itself": *profile, "a search": found, "an error of the identity": newError(errors.New("x"), "y"),
		"a list of them": []any{static, profile, role}, "a map of them": map[string]*Identity{"x": fixed},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v"} {
			keepsQuiet(t, strings.ReplaceAll(fmt.Sprintf(verb, value), "AccessKeyId", "id"))
		}
		if raw, err := json.Marshal(value); err == nil {
			keepsQuiet(t, strings.ReplaceAll(string(raw), "AccessKeyId", "id"))
		}
		if t.Failed() {
			t.Fatalf("%s shows a secret", name)
		}
	}
}
