package identity

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"net"
	"regexp"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/netfault"
)

// sessionName is the default name of role sessions, which the account's audit log shows.
const sessionName = "ecs-activation"

// assumed returns the identity of a role whose keys come from STS.
func assumed(label activation.Origin, arn, host, accessKeyId string, sts credentials.CredentialsProvider) *Identity {
	return &Identity{
		Source: string(label) + " (role " + arn + ")", AccessKeyId: accessKeyId, Role: arn,
		provider: &stsProvider{CredentialsProvider: sts, label: label, arn: arn, host: host},
	}
}

// stsHost returns the host of STS for a role. An invalid region is an error, because a signed request
// could be sent to another host.
func (s Search) stsHost(label activation.Origin, r role) (string, error) {
	region := cmp.Or(r.region, s.Env.get("ALIBABA_CLOUD_STS_REGION"))
	prefix := "sts"
	if r.vpc || s.Env.isTrue("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED") {
		prefix = "sts-vpc"
	}
	switch {
	case s.STS != "":
		return s.STS, nil
	case region == "":
		return "sts.aliyuncs.com", nil
	case activation.CheckRegion(region) != nil:
		return "", newError(activation.Textf("%s: the STS region is not a valid region", label), "set sts_region or ALIBABA_CLOUD_STS_REGION to a region such as cn-hangzhou")
	}
	return prefix + "." + region + ".aliyuncs.com", nil
}

// stsTimes returns the timeouts of one request to STS: 10 s in total.
func stsTimes() *credentials.HttpOptions {
	return &credentials.HttpOptions{ConnectTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second}
}

// stsProvider replaces the errors of an SDK's provider, which quote signed URLs, signed texts and
// complete responses.
type stsProvider struct {
	credentials.CredentialsProvider
	label     activation.Origin
	arn, host string
}

// GetCredentials implements the SDK's provider.
func (p *stsProvider) GetCredentials() (keys *credentials.Credentials, err error) {
	defer func() {
		if recover() != nil { // the SDK's decoder panics for {"Code":403} and for credentials without an expiration
			keys, err = nil, p.notSTS()
		}
	}()
	keys, err = p.CredentialsProvider.GetCredentials()
	if err != nil {
		return nil, p.explain(err)
	}
	return keys, nil
}

// explain converts an error of the SDK.
func (p *stsProvider) explain(err error) error {
	var known *activation.Error
	var refusal *sdkerrors.ServerError
	var file *fs.PathError
	var network net.Error
	switch {
	case errors.As(err, &known): // an error of the identity that assumes the role
		return known
	case errors.As(err, &refusal):
		return p.refused(refusal)
	case errors.As(err, &file):
		return tokenError(p.label, file.Path, file.Err)
	case errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF):
		return unreachable(p.server(), err)
	default:
		return p.notSTS()
	}
}

// notSTS returns the error of a response that was not sent by STS.
func (p *stsProvider) notSTS() error {
	return newError(activation.Textf("%s returned no credentials: a proxy or another service may have sent the response", p.server()), "check the proxy settings")
}

// server returns the name of STS with its host.
func (p *stsProvider) server() error { return activation.Textf("STS (%s)", p.host) }

// isWord reports whether a text looks like an error code or a request ID. Other texts are not shown.
func isWord(text string) bool { return regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`).MatchString(text) }

// refused returns the error of a request that STS refused. It does not show the message of STS, which
// can contain the signed text.
func (p *stsProvider) refused(refusal *sdkerrors.ServerError) error {
	code, request := refusal.ErrorCode(), refusal.RequestId()
	if !isWord(request) {
		request = ""
	}
	if !isWord(code) {
		return unusable(p.server(), refusal.HttpStatus(), "a proxy or another service may have sent the response: check the proxy settings")
	}
	e := &activation.Error{Kind: activation.KindIdentity, Code: code, RequestID: request}
	if netfault.IsTemporary(refusal.HttpStatus()) || activation.IsTemporary(code) {
		e.Kind = activation.KindUnavailable
	}
	reason, hint := explainSTS(code)
	switch _, known := activation.Known(code); {
	case hint != "":
	case known: // what to do follows from the code
		e.Signer = string(p.label)
	default:
		hint = "check the role and its trust policy in the RAM console"
	}
	e.Err, e.Hint = activation.Textf(reason, p.label, p.arn), hint
	return e
}

// tokenError returns the error of an OIDC token that cannot be read.
func tokenError(label activation.Origin, path string, reason error) error {
	return newError(activation.Textf("%s: cannot read the OIDC token from %s: %s", label, path, reason), "check that the file exists and is readable")
}
