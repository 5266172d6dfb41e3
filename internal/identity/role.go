package identity

import (
	"cmp"

	"ecs-activation/internal/activation"
)

// role is a role to be assumed.
type role struct {
	arn, session, externalId, policy string
	seconds                          int // 0: one hour
	region                           string
	vpc                              bool
}

// role returns the role that a profile describes.
func (p *Profile) role() role {
	fields := p.fields
	return role{
		arn: fields.RamRoleArn, session: fields.RoleSessionName, externalId: fields.ExternalId, policy: fields.Policy,
		seconds: fields.ExpiredSeconds, region: fields.StsRegion, vpc: fields.EnableVpc,
	}
}

// assume returns the identity of a profile's role, which the identity from assumes.
func (s Search) assume(p *Profile, from *Identity) (*Identity, error) {
	r := p.role()
	url, err := s.stsURL(p.label, r)
	if err != nil {
		return nil, err
	}
	if r.seconds != 0 && r.seconds < 900 {
		return nil, p.incomplete(activation.Textf("%s: %s must be at least 900", p.label, cmp.Or(p.keys["expired_seconds"], "expired_seconds")))
	}
	sts := &stsProvider{label: p.label, role: r, url: url, signer: from.provider}
	return sts.identity(s, from.AccessKeyId), nil
}
