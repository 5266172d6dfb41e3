package identity

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/ini.v1"

	"ecs-activation/internal/activation"
)

const credentialsFile = "ALIBABA_CLOUD_CREDENTIALS_FILE"

// sectionTypes maps the supported types of a section to the modes of a profile
// (alibaba-cloud-sdk-go v1.63; sts: credentials-go v1.2; oidc_role_arn: credentials-python).
var sectionTypes = map[string]string{
	"access_key":    "ak",
	"sts":           "ststoken",
	"ram_role_arn":  "ramrolearn",
	"ecs_ram_role":  "ecsramrole",
	"oidc_role_arn": "oidc",
}

// sectionKeys maps the keys of a profile to their names in this file, if these differ.
var sectionKeys = map[string]string{
	"sts_token":       "security_token",
	"ram_role_arn":    "role_arn",
	"oidc_token_file": "oidc_token_file_path",
	"expired_seconds": "role_session_expiration",
}

// sections is the content of the official SDKs' file: section, key, value.
type sections map[string]map[string]string

// fromCredentialsFile uses the official SDKs' file, ~/.alibabacloud/credentials.
func fromCredentialsFile(_ context.Context, s Search) (*Identity, *activation.Text, error) {
	path := s.credentialsPath()
	all, err := readSections(path, s.Env.get(credentialsFile) != "")
	switch {
	case err != nil:
		return nil, nil, newError(err, "correct it, or use another source: an AccessKey in the environment, or --profile")
	case all == nil && s.ProfileName == "":
		return nil, activation.Textf("%s: no such file", cmp.Or(path, "~/.alibabacloud/credentials")), nil
	case len(all) == 0 && s.ProfileName == "":
		return nil, activation.Textf("%s: the file is empty", path), nil
	}
	name := cmp.Or(s.ProfileName, "default")
	section, found := all[name]
	if !found {
		missing := activation.Textf("%s has no section %q; it has %s", path, name, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
		if len(all) == 0 {
			missing = activation.Textf("%s has no section %q; it has none", path, name)
		}
		return nil, nil, newError(missing, "choose one:  export ALIBABA_CLOUD_PROFILE=NAME")
	}
	profile, err := sectionProfile(path, name, section)
	if err != nil {
		return nil, nil, err
	}
	identity, err := fromFile(s, path, profile)
	return identity, nil, err
}

// credentialsPath returns the path of the official SDKs' file.
func (s Search) credentialsPath() string {
	return cmp.Or(s.Env.get(credentialsFile), s.CredentialsPath)
}

// hasSection reports whether a file of the official SDKs has a section of this name.
func hasSection(path, name string) bool {
	all, err := readSections(path, false)
	_, found := all[name]
	return found && err == nil
}

// readSections reads the file, without disabled sections. Its errors do not quote the file. If the file
// does not exist, readSections returns nil, or an error if the file is required.
func readSections(path string, required bool) (sections, error) {
	raw, err := readText(path)
	if errors.Is(err, fs.ErrNotExist) && !required {
		return nil, nil
	}
	if err != nil {
		return nil, activation.Textf("cannot read %s: %w", path, withoutPath(err))
	}
	file, err := ini.LoadSources(ini.LoadOptions{AllowNonUniqueSections: true}, raw)
	if err != nil {
		return nil, invalidINI(path, raw, err)
	}
	all := sections{}
	seen := map[string]bool{}
	for _, section := range file.Sections() {
		if seen[section.Name()] {
			return nil, activation.Textf("%s has two sections with the name %q", path, section.Name())
		}
		seen[section.Name()] = true
		values := map[string]string{}
		for _, key := range section.Keys() {
			values[key.Name()] = key.Value() // as written: %(name)s is not expanded
		}
		if len(values) > 0 && !strings.EqualFold(values["enable"], "false") {
			all[section.Name()] = values
		}
	}
	return all, nil
}

// invalidINI returns the error for a file that is not valid, with the number of the line. The error of package
// ini quotes the line itself.
func invalidINI(path string, raw []byte, err error) error {
	var at ini.ErrDelimiterNotFound
	if errors.As(err, &at) {
		for i, line := range strings.Split(string(raw), "\n") {
			if strings.TrimSpace(line) == strings.TrimSpace(at.Line) {
				return activation.Textf(`%s is not a valid INI file: line %d is not "key = value"`, path, i+1)
			}
		}
	}
	return activation.Textf("%s is not a valid INI file", path)
}

// sectionProfile converts a section to a profile of the aliyun CLI.
func sectionProfile(path, name string, values map[string]string) (*Profile, error) {
	label := activation.Origin("section " + name + " of " + path)
	mode, known := sectionTypes[strings.ToLower(values["type"])]
	switch {
	case values["type"] == "":
		return nil, newError(activation.Textf("%s has no type", label), "add one: access_key, sts, ram_role_arn, ecs_ram_role or oidc_role_arn")
	case !known:
		return nil, newError(activation.Textf("%s has type %s, which is not supported", label, values["type"]), "use access_key, sts, ram_role_arn, ecs_ram_role or oidc_role_arn")
	}
	seconds, err := strconv.Atoi(cmp.Or(values["role_session_expiration"], "0"))
	if err != nil {
		return nil, newError(activation.Textf("%s: role_session_expiration is not an integer", label), "set it to a number of seconds, such as 3600")
	}
	fields := &entry{
		Mode: mode, AccessKeyId: values["access_key_id"], AccessKeySecret: values["access_key_secret"], StsToken: values["security_token"],
		RamRoleName: values["role_name"], RamRoleArn: values["role_arn"], RoleSessionName: values["role_session_name"],
		Policy: values["policy"], ExternalId: values["external_id"], ExpiredSeconds: seconds,
		OIDCProviderARN: values["oidc_provider_arn"], OIDCTokenFile: values["oidc_token_file_path"],
	}
	fields.trim()
	return &Profile{Name: name, file: &profileFile{}, label: label, path: path, keys: sectionKeys, fields: fields}, nil
}
