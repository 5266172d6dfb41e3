package identity

// stsRefusals holds, for the codes with which STS refuses a role, why and what to do. {who} is the
// source of the identity, {role} the role. Their sources: the pages of AssumeRole and
// AssumeRoleWithOIDC, "How to handle the common errors when you access OSS by using STS"
// (2024-02-28), and the ACK page on RRSA.
var stsRefusals = map[string][2]string{
	"NoPermission":                                              {"STS does not let {who} assume role {role}", "allow the user sts:AssumeRole (AliyunSTSAssumeRoleAccess) and name the user in the role's trust policy; an account's own key cannot assume roles"},
	"EntityNotExist.Role":                                       {"{who}: there is no role {role}", "check the role: acs:ram::ACCOUNT:role/NAME"},
	"InvalidParameter.RoleArn":                                  {"{who}: the role {role} is not well-formed", "write the role as acs:ram::ACCOUNT:role/NAME"},
	"InvalidParameter.RoleSessionName":                          {"{who}: STS does not accept the role session name", "use 2 to 64 letters, digits and . @ - _ in it"},
	"InvalidParameter.DurationSeconds":                          {"{who}: STS does not accept the length of the role session", "use 900 seconds to what the role allows (an hour, where nothing else is set)"},
	"InvalidParameter.PolicyGrammar":                            {"{who}: STS does not accept the policy for the role session", "correct the policy, or leave it out"},
	"MissingSecurityToken":                                      {"{who}: a temporary AccessKey was used without its security token", "add the security token, or use a permanent AccessKey"},
	"AuthenticationFail.NoPermission":                           {"{who}: role {role} does not trust this OIDC token, or its provider is not registered", "register the OIDC provider in RAM, and name it and the token's subject in the role's trust policy"},
	"AuthenticationFail.OIDCToken.Expired":                      {"{who}: the OIDC token has expired", "have a new token written to the token file, then repeat the command"},
	"AuthenticationFail.OIDCToken.Invalid":                      {"{who}: the OIDC token is not valid", "check that the token file holds the token and nothing else"},
	"AuthenticationFail.OIDCToken.IssuerNotMatch":               {"{who}: the OIDC token's issuer is not the registered provider's", "check the OIDC provider's ARN; in ACK, enable RRSA and make the pod anew"},
	"AuthenticationFail.OIDCToken.AudienceNotMatch":             {"{who}: the OIDC token is for another audience", "have the token made for the audience sts.aliyuncs.com"},
	"AuthenticationFail.OIDCToken.IssuerConfigurationBroken":    {"{who}: STS cannot read the public keys of the OIDC token's issuer", "check that the issuer's discovery page is public; in ACK, enable RRSA and make the pod anew"},
	"AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch": {"{who}: the fingerprint registered for the OIDC provider is not its certificate's", "correct the fingerprint of the OIDC provider in RAM"},
}

// explainSTS returns why STS refused and what to do. There is no hint for the codes that every
// service uses, which are about the key or the clock.
func explainSTS(code string) (why, hint string) {
	if known, found := stsRefusals[code]; found {
		return known[0], known[1]
	}
	return "STS did not give {who} the role {role}", ""
}
