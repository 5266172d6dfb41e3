package identity

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"ecs-activation/internal/disk"
	"ecs-activation/internal/netfault"
)

// Profile is one profile of the aliyun CLI. Its secrets cannot be reached from other packages, and
// printing a Profile shows none.
type Profile struct {
	Name     string
	RegionId string

	fields   *entry
	file     *profileFile      // for its source profiles
	label    string            // its name in messages: "profile prod"
	repair   string            // what to do about a missing key
	repairBy []string          // the command that does it; nil: there is none
	keys     map[string]string // what its file calls the keys, where that is not what the aliyun CLI does
}

// Format implements fmt.Formatter: no verb shows a secret, not even a wrong one.
func (p Profile) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "%s, region %q", p.label, p.RegionId) //nolint:errcheck // whoever prints it checks
}

// profileFile is the aliyun CLI's config.json, as far as it matters here.
type profileFile struct {
	Current  string  `json:"current"`
	Profiles []entry `json:"profiles"`
}

// entry is a profile in the file (aliyun CLI v3.4, config/profile.go; policy and enable_vpc are
// the SDK's).
type entry struct {
	Name            string `json:"name"`
	Mode            string `json:"mode"`
	RegionId        string `json:"region_id"`
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

// noProfile is the error of a file without such a profile; it names those that the file has.
type noProfile struct{ text string }

func (n noProfile) Error() string { return n.text }

// ReadProfile reads a profile of the aliyun CLI's file, the current one when name is empty.
// It only ever reads. Where there is no file and no name was asked for, there is no profile:
// nil, without an error. No error quotes the file, which holds secrets.
func ReadProfile(path, name string) (*Profile, error) {
	file, err := readProfileFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && name == "":
		return nil, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, noProfile{fmt.Sprintf("there is no profile %q: %s does not exist", name, path)}
	case err != nil:
		return nil, err
	}
	return file.chosen(path, name)
}

// largestFile is far more than a file with profiles, credentials or a token takes, in bytes.
const largestFile = 1 << 20

func readProfileFile(path string) (*profileFile, error) {
	raw, err := disk.ReadFile(path, largestFile)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", path, withoutPath(err))
	}
	file := &profileFile{}
	if err := json.Unmarshal(bytes.TrimPrefix(raw, []byte("\ufeff")), file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, netfault.WithoutContent(err))
	}
	return file, nil
}

// withoutPath returns why a file could not be read, for a message that names the file itself.
func withoutPath(err error) error {
	var named *fs.PathError
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

func (f *profileFile) chosen(path, name string) (*Profile, error) {
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
		return nil, noProfile{fmt.Sprintf("%s has no profile %q, nor any other", path, name)}
	}
	var names []string
	for _, e := range f.Profiles {
		names = append(names, e.Name)
	}
	return nil, noProfile{fmt.Sprintf("%s has no profile %q; it has %s", path, name, strings.Join(names, ", "))}
}

func (f *profileFile) profile(name string) *Profile {
	for i := range f.Profiles {
		if e := &f.Profiles[i]; e.Name == name {
			return &Profile{
				Name: e.Name, RegionId: e.RegionId, fields: e, file: f,
				label: "profile " + e.Name, repair: "complete it", repairBy: []string{"aliyun", "configure", "--profile", e.Name},
			}
		}
	}
	return nil
}

// empty reports whether a profile is the one that the aliyun CLI writes by itself, before anything
// is configured.
func (e *entry) empty() bool {
	return *e == entry{Name: "default", RegionId: e.RegionId}
}
