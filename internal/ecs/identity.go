package ecs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"ecs-activation/internal/activation"
)

// Identity is who signs. Its secrets are reachable through the provider alone; printing an
// Identity shows none.
//
// AccessKeyId and Role say who acts, without a secret: two runs with the same pair are the same
// identity. Where neither is known before the service is asked, as for a security token in the
// environment, AccessKeyId is the temporary one, which changes with each token.
type Identity struct {
	Source      string // where it was found, for messages: "profile prod"
	AccessKeyId string // the permanent one, where there is one
	Role        string // the role that is assumed, its ARN or its name; empty: none is

	provider credentials.CredentialsProvider

	mu      sync.Mutex
	current *fetch
}

// Format implements fmt.Formatter: no verb shows a secret, not even a wrong one.
func (i *Identity) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "%s, AccessKey %q, role %q", i.Source, i.AccessKeyId, i.Role) //nolint:errcheck // whoever prints it checks
}

// Name is what tells this identity from another: its AccessKey ID and its role. It is no
// secret.
func (i *Identity) Name() string {
	return cmp.Or(strings.TrimSpace(i.AccessKeyId+" "+i.Role), i.Source)
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
	Env             func(string) (string, bool)
	ProfilePath     string // the aliyun CLI's file
	ProfileName     string // empty: the file's current one
	Explicit        bool   // the profile was named for this tool: nothing else is looked at
	CredentialsPath string // the official SDKs' file; empty: none
	Now             func() time.Time
	Proxy           func(*http.Request) (*url.URL, error) // for a credentials URI elsewhere; nil: none

	metadata string // a test's stand-in for instanceMetadata
	sts      string // a test's stand-in for the security token service, host:port
}

// source looks in one place. Without an identity and without an error it says why: there is
// nothing in that place.
type source func(context.Context) (identity *Identity, nothing string, err error)

// Find returns the first identity that is configured, in the order of the official tools, but
// for the credentials URI, which goes before the instance's role: that takes time to ask. A
// source that is configured and broken is an error: acting in the next one would be acting in
// another account. Where nothing is configured the error names every place looked at.
func (s Search) Find(ctx context.Context) (*Identity, error) {
	s = s.completed()
	if s.Explicit {
		identity, _, err := s.fromProfile(ctx)
		return identity, err
	}
	var looked []string
	for _, look := range []source{s.fromEnvironment, s.fromOIDC, s.fromProfile, s.fromCredentialsFile, s.fromURI, s.fromInstance} {
		identity, nothing, err := look(ctx)
		if identity != nil || err != nil {
			return identity, err
		}
		looked = append(looked, nothing)
	}
	return nil, noIdentity(looked)
}

func (s Search) completed() Search {
	if s.metadata == "" {
		s.metadata = instanceMetadata
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	return s
}

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
				return nil, "", identityError("the environment is half set: "+names[i]+" is missing", "set it, or unset the other "+prefix+"… variables to use another source")
			}
		}
		return temporaryIdentity("environment "+names[0], values[0], values[1], values[2]), "", nil
	}
	return nil, "environment ALIBABA_CLOUD_ACCESS_KEY_ID: not set", nil
}

func (s Search) env(name string) string {
	value, _ := s.Env(name)
	return value
}

// on says whether a switch in the environment is on.
func (s Search) on(name string) bool { return strings.EqualFold(s.env(name), "true") }

func noIdentity(looked []string) error {
	return identityError("no credentials were found\n  looked at "+strings.Join(looked, "\n  looked at "),
		"set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run: aliyun configure; to try without an account, add --sandbox")
}

func identityError(cause, hint string, command ...string) error {
	return &activation.Error{Kind: activation.KindIdentity, Err: errors.New(cause), Hint: hint, Command: command}
}
