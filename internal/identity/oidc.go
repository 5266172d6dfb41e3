package identity

import (
	"bytes"
	"cmp"
	"context"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"ecs-activation/internal/disk"
)

// The environment variables for assuming a role with an OIDC token.
const (
	oidcTokenFile = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
	oidcProvider  = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
	oidcRole      = "ALIBABA_CLOUD_ROLE_ARN"
)

// fromOIDC uses the OIDC token of the environment. The variable of the role alone does not configure a
// token.
func fromOIDC(_ context.Context, s Search) (*Identity, string, error) {
	if s.Env.get(oidcTokenFile) == "" && s.Env.get(oidcProvider) == "" {
		return nil, "environment " + oidcTokenFile + ": not set", nil
	}
	for _, name := range []string{oidcTokenFile, oidcProvider, oidcRole} {
		if s.Env.get(name) == "" {
			return nil, "", newError("incomplete OIDC configuration in the environment: "+name+" is not set", "set it, or unset "+oidcTokenFile+" and "+oidcProvider+" to use another source")
		}
	}
	r := role{arn: s.Env.get(oidcRole), session: s.Env.get("ALIBABA_CLOUD_ROLE_SESSION_NAME")}
	identity, err := s.assumeWithOIDC("environment "+oidcTokenFile, r, s.Env.get(oidcProvider), s.Env.get(oidcTokenFile))
	return identity, "", err
}

// assumeWithOIDC returns the identity of a role that is assumed with an OIDC token. The token file is
// read again for each fetch, because the token in it is renewed.
func (s Search) assumeWithOIDC(label string, r role, provider, tokenFile string) (*Identity, error) {
	host, err := s.stsHost(label, r)
	if err != nil {
		return nil, err
	}
	token, err := disk.ReadFile(tokenFile, largestFile)
	if err != nil {
		return nil, tokenError(label, tokenFile, withoutPath(err).Error())
	}
	if len(bytes.TrimSpace(token)) == 0 {
		return nil, tokenError(label, tokenFile, "it is empty")
	}
	if r.seconds != 0 && (r.seconds < 900 || r.seconds > 3600) {
		return nil, newError(label+": the role session must last 900 to 3600 seconds", "correct expired_seconds")
	}
	// All values are set, because the builder reads missing ones from the environment.
	sts, err := credentials.NewOIDCCredentialsProviderBuilder().
		WithOIDCProviderARN(provider).WithOIDCTokenFilePath(tokenFile).
		WithRoleArn(r.arn).WithRoleSessionName(cmp.Or(r.session, sessionName)).
		WithPolicy(r.policy).WithDurationSeconds(r.seconds).
		WithSTSEndpoint(host).WithHttpOptions(stsTimes()).Build()
	if err != nil {
		return nil, newError(label+" does not describe a role that can be assumed", "check the role and the OIDC provider")
	}
	return assumed(label, r.arn, host, "", sts), nil
}
