package identity

// stsRefusals maps the error codes of STS to a reason and a hint. {who} is the source of the identity,
// {role} the role. The codes are from the pages of AssumeRole and AssumeRoleWithOIDC, "How to handle
// the common errors when you access OSS by using STS" (2024-02-28), and the ACK page on RRSA.
var stsRefusals = map[string][2]string{
	"NoPermission":                                              {"{who} is not allowed to assume role {role}", "allow the user sts:AssumeRole (AliyunSTSAssumeRoleAccess) and name the user in the role's trust policy; an account's own key cannot assume roles"},
	"EntityNotExist.Role":                                       {"{who}: role {role} does not exist", "check the role: acs:ram::ACCOUNT:role/NAME"},
	"InvalidParameter.RoleArn":                                  {"{who}: the role {role} is not well-formed", "write the role as acs:ram::ACCOUNT:role/NAME"},
	"InvalidParameter.RoleSessionName":                          {"{who}: STS does not accept the role session name", "use 2 to 64 letters, digits and . @ - _ in it"},
	"InvalidParameter.DurationSeconds":                          {"{who}: STS does not accept the duration of the role session", "use at least 900 seconds and at most the maximum session duration of the role (one hour by default)"},
	"InvalidParameter.PolicyGrammar":                            {"{who}: STS does not accept the policy for the role session", "correct the policy, or leave it out"},
	"MissingSecurityToken":                                      {"{who}: a temporary AccessKey was used without its security token", "add the security token, or use a permanent AccessKey"},
	"AuthenticationFail.NoPermission":                           {"{who}: role {role} does not trust this OIDC token, or its provider is not registered", "register the OIDC provider in RAM, and name it and the token's subject in the role's trust policy"},
	"AuthenticationFail.OIDCToken.Expired":                      {"{who}: the OIDC token has expired", "write a new token to the token file, then repeat the command"},
	"AuthenticationFail.OIDCToken.Invalid":                      {"{who}: the OIDC token is not valid", "check that the token file contains only the token"},
	"AuthenticationFail.OIDCToken.IssuerNotMatch":               {"{who}: the issuer of the OIDC token is not the issuer of the registered provider", "check the OIDC provider's ARN; in ACK, enable RRSA and recreate the pod"},
	"AuthenticationFail.OIDCToken.AudienceNotMatch":             {"{who}: the OIDC token is for another audience", "create the token for the audience sts.aliyuncs.com"},
	"AuthenticationFail.OIDCToken.IssuerConfigurationBroken":    {"{who}: STS cannot read the public keys of the OIDC token's issuer", "check that the issuer's discovery page is public; in ACK, enable RRSA and recreate the pod"},
	"AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch": {"{who}: the fingerprint registered for the OIDC provider does not match its certificate", "correct the fingerprint of the OIDC provider in RAM"},
}

// explainSTS returns the reason and the hint for an error code of STS. For the codes that all services
// use, which are about the key or the clock, the hint is empty.
func explainSTS(code string) (why, hint string) {
	if known, found := stsRefusals[code]; found {
		return known[0], known[1]
	}
	return "{who} cannot assume role {role}", ""
}
