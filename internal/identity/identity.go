// Package identity finds who signs requests: an AccessKey in the environment, an OIDC token, a
// profile of the aliyun CLI, the credentials file of the official SDKs, a credentials URI, or
// the RAM role of an ECS instance. Where a role has to be assumed, it asks the security token
// service (STS).
//
// It only reads the files of other programs. No error and no printed value holds a secret.
package identity

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	_ "ecs-activation/internal/envguard" // before the SDK reads DEBUG
)

// Identity is who signs. Its secrets are reachable through Provider alone; printing an Identity
// shows none.
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

// Name returns what tells this identity from another: its AccessKey ID and its role. It is no
// secret.
func (i *Identity) Name() string {
	return cmp.Or(strings.TrimSpace(i.AccessKeyId+" "+i.Role), i.Source)
}

// Provider returns the keys to sign with now, in the form that the SDK's client takes. It
// fetches them where that is necessary, and ends with the context.
func (i *Identity) Provider(ctx context.Context) (credentials.CredentialsProvider, error) {
	keys, err := i.keys(ctx)
	if err != nil {
		return nil, err
	}
	return fixed(keys.AccessKeyId, keys.AccessKeySecret, keys.SecurityToken), nil
}

// Search says where to look for an identity.
type Search struct {
	Env             func(string) (string, bool)
	ProfilePath     string // the aliyun CLI's file
	ProfileName     string // empty: the file's current one
	Explicit        bool   // the profile was named for this tool: nothing else is looked at
	CredentialsPath string // the official SDKs' file; empty: none
	Now             func() time.Time
	Proxy           func(*http.Request) (*url.URL, error) // for a credentials URI on another machine; nil: none

	// For tests; empty: the real services.
	Metadata string // the URL of the instance metadata
	STS      string // the host and port of the security token service
}

// source looks in one place. Without an identity and without an error it says why: there is
// nothing in that place.
type source func(context.Context) (identity *Identity, nothing string, err error)

// Find returns the first identity that is configured, in the order of the official tools, except
// that the credentials URI goes before the instance's role, which takes time to ask. A source
// that is configured and broken is an error: acting in the next one would be acting in another
// account. Where nothing is configured the error names every place looked at.
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
	return nil, newError("no credentials were found\n  looked at "+strings.Join(looked, "\n  looked at "),
		"set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run: aliyun configure; to try without an account, add --sandbox")
}

// completed returns the search with the defaults of what is empty.
func (s Search) completed() Search {
	s.Metadata = cmp.Or(s.Metadata, instanceMetadata)
	if s.Now == nil {
		s.Now = time.Now
	}
	return s
}
