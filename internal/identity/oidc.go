package identity

import (
	"context"
	"strings"

	"ecs-activation/internal/activation"
)

// The environment variables for assuming a role with an OIDC token. The aliyun CLI reads them with another
// beginning as well.
const (
	oidcTokenFile = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
	oidcProvider  = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
	oidcRole      = "ALIBABA_CLOUD_ROLE_ARN"
)

// fromOIDC uses the OIDC token of the environment. The variable of the role alone does not configure a
// token.
func fromOIDC(_ context.Context, s Search) (*Identity, *activation.Text, error) {
	if s.Env.oidc(oidcTokenFile) == "" && s.Env.oidc(oidcProvider) == "" {
		return nil, activation.Textf("environment %s: not set", oidcTokenFile), nil
	}
	for _, name := range []string{oidcTokenFile, oidcProvider, oidcRole} {
		if s.Env.oidc(name) == "" {
			return nil, nil, newError(activation.Textf("incomplete OIDC configuration in the environment: %s is not set", name), "").
				Advise("set it, or unset %s and %s to use another source", oidcTokenFile, oidcProvider)
		}
	}
	r := role{arn: s.Env.oidc(oidcRole), session: s.Env.get("ALIBABA_CLOUD_ROLE_SESSION_NAME")}
	identity, err := s.assumeWithOIDC("environment "+oidcTokenFile, r, s.Env.oidc(oidcProvider), s.Env.oidc(oidcTokenFile))
	return identity, nil, err
}

// oidc returns one of the variables above, in the order of the aliyun CLI.
func (e Environment) oidc(name string) string {
	return e.first("ALIBABACLOUD_"+strings.TrimPrefix(name, "ALIBABA_CLOUD_"), name)
}

// assumeWithOIDC returns the identity of a role that is assumed with an OIDC token.
func (s Search) assumeWithOIDC(label activation.Origin, r role, provider, tokenFile string) (*Identity, error) {
	url, err := s.stsURL(label, r)
	if err != nil {
		return nil, err
	}
	if _, err := readToken(label, tokenFile); err != nil {
		return nil, err
	}
	if r.seconds != 0 && (r.seconds < 900 || r.seconds > 3600) {
		return nil, newError(activation.Textf("%s: the role session must last 900 to 3600 seconds", label), "correct expired_seconds")
	}
	sts := &stsProvider{label: label, role: r, url: url, oidcProvider: provider, tokenFile: tokenFile}
	return sts.identity(s, ""), nil
}
