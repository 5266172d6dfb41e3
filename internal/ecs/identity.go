package ecs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"ecs-activation/internal/activation"
)

// Identity is who signs. Its secrets are reachable through the provider alone, which is a
// pointer behind an interface: printing an Identity shows none.
type Identity struct {
	Source      string // where it was found, for messages: "profile prod"
	AccessKeyId string // empty where it is fetched later, as for an instance's role
	provider    credentials.CredentialsProvider
}

// StaticIdentity signs with a permanent AccessKey.
func StaticIdentity(source, accessKeyId, secret string) *Identity {
	return &Identity{Source: source, AccessKeyId: accessKeyId, provider: credentials.NewStaticAKCredentialsProvider(accessKeyId, secret)}
}

func temporaryIdentity(source, accessKeyId, secret, token string) *Identity {
	if token == "" {
		return StaticIdentity(source, accessKeyId, secret)
	}
	return &Identity{Source: source, AccessKeyId: accessKeyId, provider: credentials.NewStaticSTSCredentialsProvider(accessKeyId, secret, token)}
}

// Search says where to look for an identity.
type Search struct {
	Env         func(string) (string, bool)
	ProfilePath string // the aliyun CLI's file
	ProfileName string // empty: the file's current one
	Explicit    bool   // the profile was named for this tool: it goes before the environment
	Now         func() time.Time

	metadata string // a test's stand-in for instanceMetadata
}

// Find returns the first identity that is configured: the profile if it was named for this
// tool, then the environment, the aliyun CLI's profile, the instance's role. A source that is
// configured and broken is an error: acting in the next one would be acting in another
// account. Where nothing is configured the error names every place looked at.
func (s Search) Find(ctx context.Context) (*Identity, error) {
	if s.metadata == "" {
		s.metadata = instanceMetadata
	}
	if s.Explicit {
		return s.fromProfile()
	}
	for _, source := range []func() (*Identity, error){s.fromEnvironment, s.fromElsewhere, s.fromProfile} {
		if identity, err := source(); identity != nil || err != nil {
			return identity, err
		}
	}
	return s.fromInstance(ctx)
}

// envPrefixes are the spellings under which official tools read their variables.
var envPrefixes = []string{"ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_"}

// fromEnvironment takes the first spelling of which anything is set, and takes it whole.
func (s Search) fromEnvironment() (*Identity, error) {
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
				return nil, identityError("the environment is half set: "+names[i]+" is missing", "set it, or unset the other "+prefix+"… variables to use another source")
			}
		}
		return temporaryIdentity("environment "+names[0], values[0], values[1], values[2]), nil
	}
	return nil, nil
}

// fromElsewhere refuses the sources that this version does not read: to pass over them would
// be to act in another account than the one meant.
func (s Search) fromElsewhere() (*Identity, error) {
	for _, name := range []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_CREDENTIALS_URI"} {
		if s.env(name) != "" {
			return nil, identityError(name+" is set, and this version does not read it", "give --profile NAME, or an AccessKey in the environment; or unset "+name)
		}
	}
	return nil, nil
}

func (s Search) fromProfile() (*Identity, error) {
	profile, err := ReadProfile(s.ProfilePath, s.ProfileName)
	if err != nil {
		return nil, identityError(err.Error(), "aliyun configure list shows the profiles; --profile chooses one")
	}
	if profile == nil {
		return nil, nil
	}
	source := "profile " + profile.Name
	switch profile.mode {
	case "ak":
		return profile.keys(source, "")
	case "ststoken":
		if profile.securityToken == "" {
			return nil, profile.lacks("sts_token")
		}
		return profile.keys(source, profile.securityToken)
	case "ecsramrole":
		return &Identity{Source: source, provider: newMetadata(s.metadata, profile.roleName, s.Now)}, nil
	}
	return nil, identityError(fmt.Sprintf("%s has mode %s, which this version does not read", source, profile.mode),
		"use a profile of mode AK, StsToken or EcsRamRole")
}

func (p *Profile) keys(source, token string) (*Identity, error) {
	if p.accessKeyId == "" {
		return nil, p.lacks("access_key_id")
	}
	if p.secret == "" {
		return nil, p.lacks("access_key_secret")
	}
	return temporaryIdentity(source, p.accessKeyId, p.secret, token), nil
}

func (p *Profile) lacks(key string) error {
	return identityError(fmt.Sprintf("profile %s has no %s", p.Name, key), "aliyun configure --profile "+p.Name+" completes it")
}

// fromInstance is the last source: it is asked only when nothing is configured, so a machine
// that is no ECS instance must notice soon.
func (s Search) fromInstance(ctx context.Context) (*Identity, error) {
	looked := []string{
		"environment ALIBABA_CLOUD_ACCESS_KEY_ID: not set",
		s.ProfilePath + ": no such file",
	}
	if strings.EqualFold(s.env("ALIBABA_CLOUD_ECS_METADATA_DISABLED"), "true") {
		return nil, noIdentity(append(looked, "instance role: switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED"))
	}
	m := newMetadata(s.metadata, s.env("ALIBABA_CLOUD_ECS_METADATA"), s.Now)
	err := m.probe(ctx)
	if err == nil {
		err = m.refresh() // nobody else has m yet
	}
	if err != nil {
		return nil, noIdentity(append(looked, "instance role (100.100.100.200): "+err.Error()))
	}
	return &Identity{Source: "instance role", provider: m}, nil
}

func (s Search) env(name string) string {
	value, _ := s.Env(name)
	return value
}

func noIdentity(looked []string) error {
	return identityError("no credentials were found\n  looked at "+strings.Join(looked, "\n  looked at "),
		"set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run: aliyun configure; to try without an account, add --sandbox")
}

func identityError(cause, hint string) error {
	return &activation.Error{Kind: activation.KindIdentity, Err: errors.New(cause), Hint: hint}
}
