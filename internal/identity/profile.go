package identity

import (
	"cmp"
	"context"
	"errors"

	"ecs-activation/internal/activation"
)

// Profiles returns all profiles of the aliyun CLI's file in the order of the file. It does not check
// whether they have keys.
func (s Search) Profiles() ([]*Profile, error) {
	file, err := readProfileFile(s.ProfilePath)
	if err != nil {
		return nil, err
	}
	var profiles []*Profile
	for _, e := range file.Profiles {
		profiles = append(profiles, file.profile(e.Name))
	}
	return profiles, nil
}

// Profile returns the effective profile, or nil if there is none. It follows the same rules as Find, so
// that the region and the keys come from the same profile. If it was named and the environment has keys, Profile
// also returns the variable because of which the profile does not sign.
func (s Search) Profile() (profile *Profile, instead string, err error) {
	profile, _, err = s.cliProfile()
	if err != nil || profile == nil || s.Explicit || s.ProfileName == "" {
		return profile, "", err
	}
	return profile, s.Env.signsFirst(), nil
}

// signsFirst returns the variable of a source that comes before a profile, or "" if none is set.
func (e Environment) signsFirst() string {
	for _, prefix := range envPrefixes {
		for _, name := range keyNames(prefix) {
			if trimmed(e.get(name)) != "" {
				return name
			}
		}
	}
	for _, name := range []string{oidcTokenFile, oidcProvider} {
		if e.oidc(name) != "" {
			return name
		}
	}
	return ""
}

// fromProfile uses the effective profile of the aliyun CLI's file.
func fromProfile(_ context.Context, s Search) (*Identity, *activation.Text, error) {
	profile, unset, err := s.cliProfile()
	if profile == nil || err != nil {
		return nil, unset, err
	}
	if s.ProfileName == "" && profile.fields.empty() {
		return nil, activation.Textf("%s: %s is empty", s.ProfilePath, profile.label), nil
	}
	identity, err := fromFile(s, s.ProfilePath, profile)
	return identity, nil, err
}

// profileDisabled are the variables that disable the file of the aliyun CLI: that of the SDKs, and two of the CLI.
func profileDisabled() []string {
	return []string{"ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "ALIBABA_CLOUD_IGNORE_PROFILE", "ALIBABACLOUD_IGNORE_PROFILE"}
}

// cliProfile returns the effective profile of the aliyun CLI's file, or the reason why there is none.
// A profile name that was not set for this tool may be that of a section in the official SDKs' file.
func (s Search) cliProfile() (*Profile, *activation.Text, error) {
	for _, variable := range profileDisabled() {
		if s.Env.isTrue(variable) && !s.Explicit {
			return nil, activation.Textf("%s: disabled by %s", s.ProfilePath, variable), nil
		}
	}
	profile, err := ReadProfile(s.ProfilePath, s.ProfileName)
	var missing noProfile
	switch {
	case errors.As(err, &missing) && s.ProfileName != "" && !s.Explicit && hasSection(s.credentialsPath(), s.ProfileName):
		return nil, missing.Text, nil
	case errors.As(err, &missing) && hasSection(s.credentialsPath(), s.ProfileName):
		return nil, nil, newError(err, "", "export", "ALIBABA_CLOUD_PROFILE="+s.ProfileName).
			Advise("%s has a section of this name; to use it, set ALIBABA_CLOUD_PROFILE instead", s.credentialsPath())
	case errors.As(err, &missing) && s.ProfileName != "" && s.ProfileSource != "":
		return nil, nil, newError(err, "").
			Advise("correct %s, or choose one with --profile; to see the profiles:  aliyun configure list", s.ProfileSource)
	case errors.As(err, &missing):
		return nil, nil, newError(err, "choose one with --profile; to see the profiles:  aliyun configure list")
	case err != nil:
		return nil, nil, newError(err, "correct the file, or move it away and create a new one", "aliyun", "configure")
	case profile == nil:
		return nil, activation.Textf("%s: no such file", cmp.Or(s.ProfilePath, "~/.aliyun/config.json")), nil
	}
	return profile, nil, nil
}
