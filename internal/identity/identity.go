// Package identity finds the credentials that sign requests: an AccessKey in the environment, an OIDC
// token, a profile of the aliyun CLI, the credentials file of the official SDKs, a credentials URI,
// or the RAM role of an ECS instance. To assume a role, it calls the security token service (STS).
//
// The package never writes the files of other programs. No error and no printed value contains a
// secret.
package identity

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
	_ "ecs-activation/internal/envguard" // removes DEBUG before the SDK reads it
)

// Identity is an identity that signs requests. Only Provider returns its secrets; printing an
// Identity does not show them.
//
// AccessKeyId and Role identify it without a secret: two runs with the same pair have the same
// identity. If the permanent AccessKey is not known, as for a security token in the environment,
// AccessKeyId is the temporary one, which is different for each token.
type Identity struct {
	Source      string // where it was found, for messages: "profile prod"
	AccessKeyId string // the permanent one, if it is known
	Role        string // the ARN or name of the assumed role; empty: no role is assumed
	Exposed     string // the file in which it was found, if other users can read it; empty: they cannot

	provider credentials.CredentialsProvider

	mu      sync.Mutex
	current *fetch
}

// Format implements fmt.Formatter, so that no verb, valid or not, prints a secret.
func (i *Identity) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "%s, AccessKey %q, role %q", i.Source, i.AccessKeyId, i.Role) //nolint:errcheck // the caller of fmt checks the error
}

// Name returns the AccessKey ID and the role, which identify this identity and are not secret.
func (i *Identity) Name() string {
	return cmp.Or(strings.TrimSpace(i.AccessKeyId+" "+i.Role), i.Source)
}

// Provider returns the current keys in the form that the SDK's client needs. It fetches them if
// necessary, and returns an error when the context ends.
func (i *Identity) Provider(ctx context.Context) (credentials.CredentialsProvider, error) {
	keys, err := i.keys(ctx)
	if err != nil {
		return nil, err
	}
	return fixed(keys.AccessKeyId, keys.AccessKeySecret, keys.SecurityToken), nil
}

// Search configures the search for an identity.
type Search struct {
	Env             Environment
	ProfilePath     string            // the file of the aliyun CLI
	ProfileName     string            // empty: the current profile of the file
	ProfileSource   activation.Origin // where its name is from, for the hint if it does not exist; empty: the command line
	Explicit        bool              // the profile was set for this tool, so other sources are not searched
	CredentialsPath string            // the file of the official SDKs; empty: none
	Now             func() time.Time
	Proxy           func(*http.Request) (*url.URL, error) // for a credentials URI on another machine; nil: no proxy

	// For tests; empty: the real services.
	Metadata string // the URL of the instance metadata
	STS      string // the host and port of the security token service
}

// source searches one source. If nothing is configured there, it returns the reason in unset.
type source func(context.Context, Search) (identity *Identity, unset *activation.Text, err error)

// Find returns the first identity that is configured, in the order of the official tools, except
// that the credentials URI comes before the role of the instance, which takes time to query. A source
// with an invalid configuration is an error, because the next source could belong to another account.
// If no source is configured, the error lists all sources.
func (s Search) Find(ctx context.Context) (*Identity, error) {
	s = s.withDefaults()
	if s.Explicit {
		identity, _, err := fromProfile(ctx, s)
		return identity, err
	}
	if s.ProfileName != "" { // keys in the environment must not hide that it does not exist
		if _, _, err := s.cliProfile(); err != nil {
			return nil, err
		}
	}
	searched := []error{errors.New("no credentials were found")}
	for _, find := range []source{fromEnvironment, fromOIDC, fromProfile, fromCredentialsFile, fromURI, fromInstance} {
		identity, unset, err := find(ctx, s)
		if identity != nil || err != nil {
			return identity, err
		}
		searched = append(searched, activation.Textf("looked at %s", unset))
	}
	return nil, newError(errors.Join(searched...),
		"set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or add --sandbox to try without an account; to create a profile:  aliyun configure")
}

// withDefaults returns the search with the defaults of empty fields.
func (s Search) withDefaults() Search {
	s.Metadata = cmp.Or(s.Metadata, instanceMetadata)
	if s.Now == nil {
		s.Now = time.Now
	}
	return s
}
