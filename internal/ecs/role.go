package ecs

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"

	"ecs-activation/internal/activation"
)

// sessionName tells our calls apart in the account's audit log, where nothing else is set.
const sessionName = "ecs-activation"

// role is a role to be assumed.
type role struct {
	arn, session, externalId, policy string
	seconds                          int // 0: an hour
	region                           string
	vpc                              bool
}

func (p *Profile) role() role {
	said := p.said
	return role{
		arn: said.RamRoleArn, session: said.RoleSessionName, externalId: said.ExternalId, policy: said.Policy,
		seconds: said.ExpiredSeconds, region: said.StsRegion, vpc: said.EnableVpc,
	}
}

// assume is the identity that a profile's role gives to another identity.
func (s Search) assume(p *Profile, from *Identity) (*Identity, error) {
	r := p.role()
	host, err := s.stsHost(p.label, r)
	if err != nil {
		return nil, err
	}
	if r.seconds != 0 && r.seconds < 900 {
		return nil, identityError(fmt.Sprintf("%s: %s must be at least 900", p.label, cmp.Or(p.keys["expired_seconds"], "expired_seconds")), p.repair, p.repairBy...)
	}
	// Every value that the builder would otherwise look up in the environment is given.
	sts, err := credentials.NewRAMRoleARNCredentialsProviderBuilder().
		WithCredentialsProvider(from.provider).
		WithRoleArn(r.arn).WithRoleSessionName(cmp.Or(r.session, sessionName)).
		WithExternalId(r.externalId).WithPolicy(r.policy).WithDurationSeconds(r.seconds).
		WithStsEndpoint(host).WithHttpOptions(stsTimes()).Build()
	if err != nil {
		return nil, identityError(p.label+" describes no role that can be assumed", p.repair, p.repairBy...)
	}
	return assumed(p.label, r.arn, host, from.AccessKeyId, sts), nil
}

// assumed is the identity of a role that STS gives out.
func assumed(label, arn, host, accessKeyId string, sts credentials.CredentialsProvider) *Identity {
	return &Identity{
		Source: label + " (role " + arn + ")", AccessKeyId: accessKeyId, Role: arn,
		provider: &stsProvider{CredentialsProvider: sts, label: label, arn: arn, host: host},
	}
}

// stsHost is where to assume a role. A region that is none would lead a signed request to
// another host.
func (s Search) stsHost(label string, r role) (string, error) {
	region := cmp.Or(r.region, s.env("ALIBABA_CLOUD_STS_REGION"))
	prefix := "sts"
	if r.vpc || s.on("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED") {
		prefix = "sts-vpc"
	}
	switch {
	case s.sts != "":
		return s.sts, nil
	case region == "":
		return "sts.aliyuncs.com", nil
	case activation.CheckRegion(region) != nil:
		return "", identityError(label+": the region of STS is not written as a region", "write sts_region, or ALIBABA_CLOUD_STS_REGION, as cn-hangzhou")
	}
	return prefix + "." + region + ".aliyuncs.com", nil
}

// stsTimes are the limits of one question: 10 s in all.
func stsTimes() *credentials.HttpOptions {
	return &credentials.HttpOptions{ConnectTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second}
}

// stsProvider words the errors of an SDK's provider: those quote signed URLs, what was signed,
// and whole answers.
type stsProvider struct {
	credentials.CredentialsProvider
	label, arn, host string
}

// GetCredentials implements the SDK's provider.
func (p *stsProvider) GetCredentials() (keys *credentials.Credentials, err error) {
	defer func() {
		if recover() != nil { // the SDK's decoder panics over {"Code":403} and credentials without an end
			keys, err = nil, p.senseless()
		}
	}()
	keys, err = p.CredentialsProvider.GetCredentials()
	if err != nil {
		return nil, p.explain(err)
	}
	return keys, nil
}

func (p *stsProvider) explain(err error) error {
	var known *activation.Error
	var refusal *sdkerrors.ServerError
	var file *fs.PathError
	var network net.Error
	switch {
	case errors.As(err, &known): // of the identity that assumes the role
		return known
	case errors.As(err, &refusal):
		return p.refused(refusal)
	case errors.As(err, &file):
		return unreadToken(p.label, file.Path, file.Err.Error())
	case errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF):
		return unreachable("STS ("+p.host+")", err)
	default:
		return p.senseless()
	}
}

func (p *stsProvider) senseless() error {
	return identityError("STS ("+p.host+") gave an answer without credentials: a proxy or another service may have sent it", "check the proxy settings")
}

// isWord says whether a text looks like a code or a request id; anything else is not repeated.
func isWord(text string) bool { return regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`).MatchString(text) }

// refused is STS's refusal. Its own words are left out: they can hold what was signed.
func (p *stsProvider) refused(refusal *sdkerrors.ServerError) error {
	code, request := refusal.ErrorCode(), refusal.RequestId()
	if !isWord(request) {
		request = ""
	}
	if !isWord(code) {
		return answered("STS ("+p.host+")", refusal.HttpStatus(), "a proxy or another service may have answered: check the proxy settings")
	}
	e := &activation.Error{Kind: activation.KindIdentity, Code: code, RequestID: request}
	if retryable(refusal.HttpStatus(), code) {
		e.Kind = activation.KindUnavailable
	}
	why, hint := explainSTS(code)
	if remedy, _ := e.Remedy(); hint == "" && remedy != "" {
		hint = "STS said so of {who}: " + remedy
	}
	hint = cmp.Or(hint, "check the role and its trust policy in the RAM console")
	fill := strings.NewReplacer("{who}", p.label, "{role}", p.arn)
	e.Err, e.Hint = errors.New(fill.Replace(why)), fill.Replace(hint)
	return e
}
