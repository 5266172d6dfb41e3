package identity

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
)

// modeSpec is a supported mode of a profile: its name and its required keys.
type modeSpec struct {
	name string
	keys []string
}

// modes returns the supported modes by their names in the file.
func modes() map[string]modeSpec {
	return map[string]modeSpec{
		"ak":                     {"AK", []string{"access_key_id", "access_key_secret"}},
		"ststoken":               {"StsToken", []string{"access_key_id", "access_key_secret", "sts_token"}},
		"ramrolearn":             {"RamRoleArn", []string{"access_key_id", "access_key_secret", "ram_role_arn"}},
		"chainableramrolearn":    {"ChainableRamRoleArn", []string{"source_profile", "ram_role_arn"}},
		"ramrolearnwithrolename": {"RamRoleArnWithRoleName", []string{"ram_role_arn"}},
		"ecsramrole":             {"EcsRamRole", nil},
		"oidc":                   {"OIDC", []string{"oidc_provider_arn", "oidc_token_file", "ram_role_arn"}},
		"credentialsuri":         {"CredentialsURI", []string{"credentials_uri"}},
		"cloudsso":               {"CloudSSO", nil},
		"oauth":                  {"OAuth", nil},
		"external":               {"External", nil},
	}
}

// value returns the value of a profile under one of the keys above.
func (e *entry) value(key string) string {
	return map[string]string{
		"access_key_id": e.AccessKeyId, "access_key_secret": e.AccessKeySecret, "sts_token": e.StsToken,
		"ram_role_arn": e.RamRoleArn, "source_profile": e.SourceProfile, "credentials_uri": e.CredentialsURI,
		"oidc_provider_arn": e.OIDCProviderARN, "oidc_token_file": e.OIDCTokenFile,
	}[key]
}

// mode returns the profile's mode in lower case. If the profile has none, the mode follows from the
// keys that are set, as in the aliyun CLI (config/profile.go, AutoModeRecognition).
func (e *entry) mode() string {
	keys := e.AccessKeyId != "" && e.AccessKeySecret != ""
	switch {
	case e.Mode != "":
		return strings.ToLower(e.Mode)
	case keys && e.StsToken != "":
		return "ststoken"
	case keys && e.RamRoleArn != "":
		return "ramrolearn"
	case keys:
		return "ak"
	case e.PrivateKey != "" && e.KeyPairName != "":
		return "rsakeypair"
	case e.RamRoleName != "":
		return "ecsramrole"
	case e.ProcessCommand != "":
		return "external"
	case e.OIDCProviderARN != "" && e.OIDCTokenFile != "" && e.RamRoleArn != "":
		return "oidc"
	case e.CloudSSOSignInUrl != "":
		return "cloudsso"
	case e.BearerToken != "":
		return "bearertoken"
	default:
		return "ak" // check then reports the missing key
	}
}

// fromFile returns the identity that a profile in a file describes.
func fromFile(s Search, path string, p *Profile) (*Identity, error) {
	identity, err := s.ofProfile(p)
	if err == nil && disk.OthersCanRead(path) {
		identity.Exposed = path
	}
	return identity, err
}

// ofProfile returns the identity that a profile describes. via lists the profiles that refer to it as
// their source profile.
func (s Search) ofProfile(p *Profile, via ...string) (*Identity, error) {
	mode := p.fields.mode()
	p = p.withEnvironment(s.Env, mode)
	if err := p.check(mode); err != nil {
		return nil, err
	}
	fields := p.fields
	switch mode {
	case "ak":
		return Static(string(p.label), fields.AccessKeyId, fields.AccessKeySecret), nil
	case "ststoken":
		return Temporary(string(p.label), fields.AccessKeyId, fields.AccessKeySecret, fields.StsToken), nil
	case "ecsramrole":
		return s.instance(string(p.label), fields.RamRoleName), nil
	case "ramrolearn":
		return s.assume(p, Temporary(string(p.label), fields.AccessKeyId, fields.AccessKeySecret, fields.StsToken))
	case "ramrolearnwithrolename":
		return s.assume(p, s.instance(string(p.label), fields.RamRoleName))
	case "chainableramrolearn":
		via = append(via, p.Name)
		source, err := p.source(via)
		if err != nil {
			return nil, err
		}
		from, err := s.ofProfile(source, via...)
		if err != nil {
			return nil, err
		}
		return s.assume(p, from)
	case "oidc":
		return s.assumeWithOIDC(p.label, p.role(), fields.OIDCProviderARN, fields.OIDCTokenFile)
	case "credentialsuri":
		return newURI(p.label, fields.CredentialsURI, s)
	default:
		return p.cached(mode, s.Now())
	}
}

// withEnvironment returns the profile with empty fields set from the environment, as the documentation
// of the aliyun CLI describes: in a pod, a profile of mode OIDC has only a region, and a profile of mode
// CredentialsURI may have no URI.
func (p *Profile) withEnvironment(env Environment, mode string) *Profile {
	fields := *p.fields
	switch mode {
	case "oidc":
		fields.OIDCProviderARN = cmp.Or(fields.OIDCProviderARN, env.oidc(oidcProvider))
		fields.OIDCTokenFile = cmp.Or(fields.OIDCTokenFile, env.oidc(oidcTokenFile))
		fields.RamRoleArn = cmp.Or(fields.RamRoleArn, env.oidc(oidcRole))
	case "credentialsuri":
		fields.CredentialsURI = cmp.Or(fields.CredentialsURI, env.get(credentialsURI))
	}
	complete := *p
	complete.fields = &fields
	return &complete
}

// check returns an error if the mode is not supported or a required key is missing.
func (p *Profile) check(mode string) error {
	known, found := modes()[mode]
	if !found {
		return newError(activation.Textf("%s has mode %s, which is not supported", p.label, cmp.Or(p.fields.Mode, mode)),
			"use a profile of mode AK, StsToken, RamRoleArn, ChainableRamRoleArn, EcsRamRole, OIDC, CredentialsURI, CloudSSO or OAuth")
	}
	for _, key := range known.keys {
		if p.fields.value(key) == "" {
			return p.incomplete(activation.Textf("%s has no %s", p.label, cmp.Or(p.keys[key], key)))
		}
	}
	names := [3]string{"access_key_id", "access_key_secret", "sts_token"}
	for i, key := range names {
		names[i] = cmp.Or(p.keys[key], key)
	}
	if err := checkKeys(names, [3]string{p.fields.AccessKeyId, p.fields.AccessKeySecret, p.fields.StsToken}); err != nil {
		return newError(activation.Textf("%s: %w", p.label, err), copyAgain, p.repairBy...)
	}
	return nil
}

// source returns the source profile of a profile. via lists the profile and those that refer to it.
func (p *Profile) source(via []string) (*Profile, error) {
	next := p.fields.SourceProfile
	if start := slices.Index(via, next); start >= 0 {
		return nil, newError(activation.Textf("the source profiles form a loop: %s", strings.Join(append(via[start:], next), " → ")),
			"set another source profile in one of them", "aliyun", "configure", "--mode", "ChainableRamRoleArn", "--profile", p.Name)
	}
	source := p.file.profile(next)
	if source == nil {
		return nil, newError(activation.Textf("%s has the source profile %q, which does not exist", p.label, next),
			"to see the profiles:  aliyun configure list")
	}
	return source, nil
}

// cached uses the temporary credentials that the aliyun CLI or an SDK stored in a profile. Only they
// can renew these credentials.
func (p *Profile) cached(mode string, now time.Time) (*Identity, error) {
	fields := p.fields
	label := activation.Textf("%s (mode %s)", p.label, modes()[mode].name)
	complete := fields.AccessKeyId != "" && fields.AccessKeySecret != "" && fields.StsToken != ""
	left := time.Unix(fields.StsExpiration, 0).Sub(now)
	hint, command := p.renewal(mode, now.Unix())
	switch {
	case !complete:
		return nil, newError(activation.Textf("%s has no temporary credentials", label), hint, command...)
	case left <= expiryMargin*time.Second:
		return nil, newError(activation.Textf("the temporary credentials of %s have expired", label), hint, command...)
	}
	identity := Temporary(string(p.label), fields.AccessKeyId, fields.AccessKeySecret, fields.StsToken)
	if fields.CloudSSOAccountId != "" && fields.CloudSSOAccessConfig != "" {
		identity.AccessKeyId = ""
		identity.Role = "CloudSSO account " + fields.CloudSSOAccountId + ", access configuration " + fields.CloudSSOAccessConfig
	}
	return identity, nil
}

// renewal returns how to renew a profile's temporary credentials: a hint and a command. While the login
// is valid, any call of the aliyun CLI renews them and writes them to its file. For mode External it runs
// a process each time and stores nothing (aliyun CLI v3.4, config/profile.go, GetCredential).
func (p *Profile) renewal(mode string, now int64) (hint string, command []string) {
	fields := p.fields
	configure := func(mode string, more ...string) []string {
		return slices.Concat([]string{"aliyun", "configure", "--mode", mode}, more, []string{"--profile", p.Name})
	}
	call := []string{"aliyun", "sts", "GetCallerIdentity", "--profile", p.Name}
	switch {
	case mode == "external":
		return "the aliyun CLI does not store them: run the process_command of the profile and set ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN to its output, or save the output in a profile",
			[]string{"aliyun", "configure", "--mode", "StsToken", "--profile", p.Name + "-token"}
	case mode == "cloudsso" && fields.CloudSSOAccessTokenExpire > now:
		return "renew them", call
	case mode == "cloudsso":
		return "log in again", configure("CloudSSO")
	case fields.OAuthAccessTokenExpire > now,
		fields.OAuthRefreshToken != "" && (fields.OAuthRefreshTokenExpire == 0 || fields.OAuthRefreshTokenExpire > now):
		return "renew them", call
	case fields.OAuthSiteType != "":
		return "log in again", configure("OAuth", "--oauth-site-type", fields.OAuthSiteType)
	default:
		return "log in again", configure("OAuth")
	}
}
