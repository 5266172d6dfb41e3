package identity

// stsRefusals returns a map from the error codes of STS to a reason and a hint. %[1]s is the source of the identity,
// %[2]s the role. The codes are from the pages of AssumeRole and AssumeRoleWithOIDC, "How to handle
// the common errors when you access OSS by using STS" (2024-02-28), and the ACK page on RRSA.
func stsRefusals() map[string][2]string {
	return map[string][2]string{
		"NoPermission":                                              {"%[1]s is not allowed to assume role %[2]s", "allow the user sts:AssumeRole (AliyunSTSAssumeRoleAccess) and name the user in the role's trust policy; an account's own key cannot assume roles"},
		"EntityNotExist.Role":                                       {"%[1]s: role %[2]s does not exist", "check the role: acs:ram::ACCOUNT:role/NAME"},
		"InvalidParameter.RoleArn":                                  {"%[1]s: the role %[2]s is not well-formed", "write the role as acs:ram::ACCOUNT:role/NAME"},
		"InvalidParameter.RoleSessionName":                          {"%[1]s: STS does not accept the role session name", "use 2 to 64 letters, digits and . @ - _ in it"},
		"InvalidParameter.DurationSeconds":                          {"%[1]s: STS does not accept the duration of the role session", "use at least 900 seconds and at most the maximum session duration of the role (one hour by default)"},
		"InvalidParameter.PolicyGrammar":                            {"%[1]s: STS does not accept the policy for the role session", "correct the policy, or leave it out"},
		"MissingSecurityToken":                                      {"%[1]s: a temporary AccessKey was used without its security token", "add the security token, or use a permanent AccessKey"},
		"AuthenticationFail.NoPermission":                           {"%[1]s: role %[2]s does not trust this OIDC token, or its provider is not registered", "register the OIDC provider in RAM, and name it and the token's subject in the role's trust policy"},
		"AuthenticationFail.OIDCToken.Expired":                      {"%[1]s: the OIDC token has expired", "write a new token to the token file, then repeat the command"},
		"AuthenticationFail.OIDCToken.Invalid":                      {"%[1]s: the OIDC token is not valid", "check that the token file contains only the token"},
		"AuthenticationFail.OIDCToken.IssuerNotMatch":               {"%[1]s: the issuer of the OIDC token is not the issuer of the registered provider", "check the OIDC provider's ARN; in ACK, enable RRSA and recreate the pod"},
		"AuthenticationFail.OIDCToken.AudienceNotMatch":             {"%[1]s: the OIDC token is for another audience", "create the token for the audience sts.aliyuncs.com"},
		"AuthenticationFail.OIDCToken.IssuerConfigurationBroken":    {"%[1]s: STS cannot read the public keys of the OIDC token's issuer", "check that the issuer's discovery page is public; in ACK, enable RRSA and recreate the pod"},
		"AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch": {"%[1]s: the fingerprint registered for the OIDC provider does not match its certificate", "correct the fingerprint of the OIDC provider in RAM"},
	}
}

// explainSTS returns the reason and the hint for an error code of STS. For the codes that all services
// use, which are about the key or the clock, the hint is empty.
func explainSTS(code string) (why, hint string) {
	if known, found := stsRefusals()[code]; found {
		return known[0], known[1]
	}
	return "%[1]s cannot assume role %[2]s", ""
}
