package ecs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// usable is a mode of a profile that can be used: its name, and the keys that it cannot do
// without.
type usable struct {
	name string
	keys []string
}

var modes = map[string]usable{
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

// value is what a profile says under one of the keys above.
func (e *entry) value(key string) string {
	return map[string]string{
		"access_key_id": e.AccessKeyId, "access_key_secret": e.AccessKeySecret, "sts_token": e.StsToken,
		"ram_role_arn": e.RamRoleArn, "source_profile": e.SourceProfile, "credentials_uri": e.CredentialsURI,
		"oidc_provider_arn": e.OIDCProviderARN, "oidc_token_file": e.OIDCTokenFile,
	}[key]
}

// mode is the profile's mode in small letters; where none is given, the one that the aliyun CLI
// infers from what is filled in (config/profile.go, AutoModeRecognition).
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
		return "ak" // with one key or none: the missing one is told
	}
}

// identity makes what a profile describes. via are the profiles that led to it.
func (s Search) identity(p *Profile, via ...string) (*Identity, error) {
	mode := p.said.mode()
	p = s.filled(p, mode)
	if err := p.check(mode); err != nil {
		return nil, err
	}
	said := p.said
	switch mode {
	case "ak":
		return StaticIdentity(p.label, said.AccessKeyId, said.AccessKeySecret), nil
	case "ststoken":
		return temporaryIdentity(p.label, said.AccessKeyId, said.AccessKeySecret, said.StsToken), nil
	case "ecsramrole":
		return s.instance(p.label, said.RamRoleName), nil
	case "ramrolearn":
		return s.assume(p, temporaryIdentity(p.label, said.AccessKeyId, said.AccessKeySecret, said.StsToken))
	case "ramrolearnwithrolename":
		return s.assume(p, s.instance(p.label, said.RamRoleName))
	case "chainableramrolearn":
		from, err := s.sourceOf(p, append(via, p.Name))
		if err != nil {
			return nil, err
		}
		return s.assume(p, from)
	case "oidc":
		return s.assumeWithOIDC(p.label, p.role(), said.OIDCProviderARN, said.OIDCTokenFile)
	case "credentialsuri":
		return s.uri(p.label, said.CredentialsURI)
	default:
		return s.cached(p, mode)
	}
}

// filled completes a profile from the environment where the aliyun CLI's documents say so: a
// pod's profile of mode OIDC holds a region only, and CredentialsURI may leave the URI out.
func (s Search) filled(p *Profile, mode string) *Profile {
	said := *p.said
	switch mode {
	case "oidc":
		said.OIDCProviderARN = cmp.Or(said.OIDCProviderARN, s.env(oidcProvider))
		said.OIDCTokenFile = cmp.Or(said.OIDCTokenFile, s.env(oidcTokenFile))
		said.RamRoleArn = cmp.Or(said.RamRoleArn, s.env(oidcRole))
	case "credentialsuri":
		said.CredentialsURI = cmp.Or(said.CredentialsURI, s.env(credentialsURI))
	}
	whole := *p
	whole.said = &said
	return &whole
}

// check refuses a mode that cannot be used, and a profile that lacks a key.
func (p *Profile) check(mode string) error {
	known, found := modes[mode]
	if !found {
		return identityError(fmt.Sprintf("%s has mode %s, which this tool does not use", p.label, cmp.Or(p.said.Mode, mode)),
			"use a profile of mode AK, StsToken, RamRoleArn, ChainableRamRoleArn, EcsRamRole, OIDC, CredentialsURI, CloudSSO or OAuth")
	}
	for _, key := range known.keys {
		if p.said.value(key) == "" {
			return identityError(p.label+" has no "+cmp.Or(p.keys[key], key), p.repair, p.repairBy...)
		}
	}
	return nil
}

// sourceOf is the identity of the profile from which another assumes its role.
func (s Search) sourceOf(p *Profile, via []string) (*Identity, error) {
	next := p.said.SourceProfile
	if begin := slices.Index(via, next); begin >= 0 {
		return nil, identityError("profiles name each other as their source: "+strings.Join(append(via[begin:], next), " → "),
			"give one of them another source", "aliyun", "configure", "--mode", "ChainableRamRoleArn", "--profile", p.Name)
	}
	source := p.file.profile(next)
	if source == nil {
		return nil, identityError(fmt.Sprintf("%s names the source profile %q, which does not exist", p.label, next),
			"aliyun configure list shows the profiles")
	}
	return s.identity(source, via...)
}

// cached uses the temporary credentials that the aliyun CLI, or an SDK, has put into a profile
// whose login or command only they know how to renew.
func (s Search) cached(p *Profile, mode string) (*Identity, error) {
	said := p.said
	label := p.label + " (mode " + modes[mode].name + ")"
	whole := said.AccessKeyId != "" && said.AccessKeySecret != "" && said.StsToken != ""
	left := time.Unix(said.StsExpiration, 0).Sub(s.Now())
	hint, command := s.renewal(p, mode)
	switch {
	case !whole:
		return nil, identityError(label+" holds no temporary credentials", hint, command...)
	case left <= expiryMargin*time.Second:
		return nil, identityError(label+" holds temporary credentials that have expired", hint, command...)
	}
	identity := temporaryIdentity(p.label, said.AccessKeyId, said.AccessKeySecret, said.StsToken)
	if said.CloudSSOAccountId != "" && said.CloudSSOAccessConfig != "" {
		identity.AccessKeyId = ""
		identity.Role = "CloudSSO account " + said.CloudSSOAccountId + ", access configuration " + said.CloudSSOAccessConfig
	}
	return identity, nil
}

// renewal is what renews a profile's temporary credentials, with the command that does it. As long
// as the login lasts, any call of the aliyun CLI does and writes them back; External it runs anew
// each time and keeps nothing (aliyun CLI v3.4, config/profile.go, GetCredential).
func (s Search) renewal(p *Profile, mode string) (hint string, command []string) {
	said, now := p.said, s.Now().Unix()
	configure := func(mode string, more ...string) []string {
		return slices.Concat([]string{"aliyun", "configure", "--mode", mode}, more, []string{"--profile", p.Name})
	}
	call := []string{"aliyun", "sts", "GetCallerIdentity", "--profile", p.Name}
	switch {
	case mode == "external":
		return "the aliyun CLI keeps none either: put what the profile's process_command prints into ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN, or into a profile",
			[]string{"aliyun", "configure", "--mode", "StsToken", "--profile", p.Name + "-token"}
	case mode == "cloudsso" && said.CloudSSOAccessTokenExpire > now:
		return "renew them", call
	case mode == "cloudsso":
		return "log in again", configure("CloudSSO")
	case said.OAuthAccessTokenExpire > now,
		said.OAuthRefreshToken != "" && (said.OAuthRefreshTokenExpire == 0 || said.OAuthRefreshTokenExpire > now):
		return "renew them", call
	case said.OAuthSiteType != "":
		return "log in again", configure("OAuth", "--oauth-site-type", said.OAuthSiteType)
	default:
		return "log in again", configure("OAuth")
	}
}
