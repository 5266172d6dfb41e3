package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/netfault"
)

// Profile is one profile of the aliyun CLI. Other packages cannot access its secrets, and printing a
// Profile does not show them.
type Profile struct {
	Name     string
	RegionId string
	Language string // of the aliyun CLI's messages: "en" or "zh"; empty: not set

	fields   *entry
	file     *profileFile      // for its source profiles
	label    activation.Origin // its name in messages: "profile prod"
	path     string            // of its file, for the hint for a missing key; empty: repairBy says it
	repairBy []string          // the command for a missing key; nil: there is none
	keys     map[string]string // the names of keys in its file, if they differ from those of the aliyun CLI
}

// Format implements fmt.Formatter, so that no verb, valid or not, prints a secret.
func (p Profile) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "%s, region %q", p.label, p.RegionId) //nolint:errcheck // the caller of fmt checks the error
}

// incomplete returns an error with the hint to complete the profile.
func (p *Profile) incomplete(cause error) error {
	if p.path != "" {
		return newError(cause, "", p.repairBy...).Advise("complete it in %s", p.path)
	}
	return newError(cause, "complete it", p.repairBy...)
}

// profileFile has the parts of the aliyun CLI's config.json that this package needs.
type profileFile struct {
	Current  string  `json:"current"`
	Profiles []entry `json:"profiles"`
}

// entry is a profile in the file (aliyun CLI v3.4, config/profile.go; policy and enable_vpc are from
// the SDK).
type entry struct {
	Name            string `json:"name"`
	Mode            string `json:"mode"`
	RegionId        string `json:"region_id"`
	Language        string `json:"language"`
	AccessKeyId     string `json:"access_key_id"`
	AccessKeySecret string `json:"access_key_secret"`
	StsToken        string `json:"sts_token"`
	StsExpiration   int64  `json:"sts_expiration"`

	RamRoleName     string `json:"ram_role_name"`
	RamRoleArn      string `json:"ram_role_arn"`
	RoleSessionName string `json:"ram_session_name"`
	ExternalId      string `json:"external_id"`
	Policy          string `json:"policy"`
	ExpiredSeconds  int    `json:"expired_seconds"`
	StsRegion       string `json:"sts_region"`
	EnableVpc       bool   `json:"enable_vpc"`
	SourceProfile   string `json:"source_profile"`
	OIDCProviderARN string `json:"oidc_provider_arn"`
	OIDCTokenFile   string `json:"oidc_token_file"`
	CredentialsURI  string `json:"credentials_uri"`

	PrivateKey                string `json:"private_key"`
	KeyPairName               string `json:"key_pair_name"`
	ProcessCommand            string `json:"process_command"`
	BearerToken               string `json:"bearer_token"`
	CloudSSOSignInUrl         string `json:"cloud_sso_sign_in_url"`
	CloudSSOAccountId         string `json:"cloud_sso_account_id"`
	CloudSSOAccessConfig      string `json:"cloud_sso_access_config"`
	CloudSSOAccessTokenExpire int64  `json:"cloud_sso_access_token_expire"`
	OAuthSiteType             string `json:"oauth_site_type"`
	OAuthRefreshToken         string `json:"oauth_refresh_token"`
	OAuthRefreshTokenExpire   int64  `json:"oauth_refresh_token_expire"`
	OAuthAccessTokenExpire    int64  `json:"oauth_access_token_expire"`
}

// noProfile is the error of a file without the requested profile. It lists the profiles of the file.
type noProfile struct{ *activation.Text }

// ReadProfile reads a profile of the aliyun CLI's file, or the current profile if name is empty. If the
// file does not exist and name is empty, ReadProfile returns nil without an error. Its errors do not
// quote the file, which contains secrets.
func ReadProfile(path, name string) (*Profile, error) {
	file, err := readProfileFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && name == "":
		return nil, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, noProfile{activation.Textf("there is no profile %q: %s does not exist", name, path)}
	case err != nil:
		return nil, err
	}
	return file.find(path, name)
}

// readProfileFile reads the aliyun CLI's file.
func readProfileFile(path string) (*profileFile, error) {
	raw, err := readText(path)
	if err != nil {
		return nil, activation.Textf("cannot read %s: %w", path, withoutPath(err))
	}
	file := &profileFile{}
	if err := json.Unmarshal(raw, file); err != nil {
		return nil, activation.Textf("%s: %w", path, netfault.WithoutContent(err))
	}
	for i := range file.Profiles {
		e := &file.Profiles[i]
		e.trim()
		if slices.ContainsFunc(file.Profiles[:i], func(other entry) bool { return other.Name == e.Name }) {
			return nil, activation.Textf("%s has two profiles with the name %q", path, e.Name)
		}
	}
	return file, nil
}

// withoutPath returns the reason of a file error, for a message that already names the file.
func withoutPath(err error) error {
	var named *fs.PathError
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

// find returns the profile of a name, or the current profile if name is empty. If there is none, the
// error is noProfile.
func (f *profileFile) find(path, name string) (*Profile, error) {
	if name == "" {
		name = f.Current
	}
	if name == "" {
		name = "default"
	}
	if profile := f.profile(name); profile != nil {
		return profile, nil
	}
	if len(f.Profiles) == 0 {
		return nil, noProfile{activation.Textf("%s has no profile %q and no other profiles", path, name)}
	}
	var names []string
	for _, e := range f.Profiles {
		names = append(names, e.Name)
	}
	return nil, noProfile{activation.Textf("%s has no profile %q; it has %s", path, name, strings.Join(names, ", "))}
}

// profile returns the profile of a name, or nil.
func (f *profileFile) profile(name string) *Profile {
	for i := range f.Profiles {
		if e := &f.Profiles[i]; e.Name == name {
			return &Profile{
				Name: e.Name, RegionId: e.RegionId, Language: e.Language, fields: e, file: f,
				label: activation.Origin("profile " + e.Name), repairBy: []string{"aliyun", "configure", "--profile", e.Name},
			}
		}
	}
	return nil
}

// trim removes the blanks and line ends around the keys.
func (e *entry) trim() {
	e.AccessKeyId, e.AccessKeySecret, e.StsToken = trimmed(e.AccessKeyId), trimmed(e.AccessKeySecret), trimmed(e.StsToken)
}

// empty reports whether this is the profile that the aliyun CLI creates before the user configures
// one.
func (e *entry) empty() bool {
	return *e == entry{Name: "default", RegionId: e.RegionId, Language: e.Language}
}
