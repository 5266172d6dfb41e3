package identity

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/netfault"
)

// sessionName marks our calls in the account's audit log, where nothing else is set.
const sessionName = "ecs-activation"

// assumed returns the identity of a role whose keys come from STS.
func assumed(label, arn, host, accessKeyId string, sts credentials.CredentialsProvider) *Identity {
	return &Identity{
		Source: label + " (role " + arn + ")", AccessKeyId: accessKeyId, Role: arn,
		provider: &stsProvider{CredentialsProvider: sts, label: label, arn: arn, host: host},
	}
}

// stsHost returns the host of the STS that gives out a role. It refuses what is not written as a
// region: it would lead a signed request to another host.
func (s Search) stsHost(label string, r role) (string, error) {
	region := cmp.Or(r.region, s.env("ALIBABA_CLOUD_STS_REGION"))
	prefix := "sts"
	if r.vpc || s.on("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED") {
		prefix = "sts-vpc"
	}
	switch {
	case s.STS != "":
		return s.STS, nil
	case region == "":
		return "sts.aliyuncs.com", nil
	case activation.CheckRegion(region) != nil:
		return "", newError(label+": the region of STS is not written as a region", "write sts_region, or ALIBABA_CLOUD_STS_REGION, as cn-hangzhou")
	}
	return prefix + "." + region + ".aliyuncs.com", nil
}

// stsTimes returns the time limits of one request to STS: 10 s in all.
func stsTimes() *credentials.HttpOptions {
	return &credentials.HttpOptions{ConnectTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second}
}

// stsProvider replaces the errors of an SDK's provider, which quote signed URLs, what was signed,
// and whole answers.
type stsProvider struct {
	credentials.CredentialsProvider
	label, arn, host string
}

// GetCredentials implements the SDK's provider.
func (p *stsProvider) GetCredentials() (keys *credentials.Credentials, err error) {
	defer func() {
		if recover() != nil { // the SDK's decoder panics over {"Code":403} and credentials without an end
			keys, err = nil, p.notSTS()
		}
	}()
	keys, err = p.CredentialsProvider.GetCredentials()
	if err != nil {
		return nil, p.explain(err)
	}
	return keys, nil
}

// explain returns an error of ours for one of the SDK.
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
		return p.notSTS()
	}
}

// notSTS returns the error of an answer that is not of STS.
func (p *stsProvider) notSTS() error {
	return newError("STS ("+p.host+") gave an answer without credentials: a proxy or another service may have sent it", "check the proxy settings")
}

// isWord reports whether a text looks like a code or a request id; anything else is not shown.
func isWord(text string) bool { return regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`).MatchString(text) }

// refused returns the error of a refusal by STS. The message of STS is left out: it can hold what
// was signed.
func (p *stsProvider) refused(refusal *sdkerrors.ServerError) error {
	code, request := refusal.ErrorCode(), refusal.RequestId()
	if !isWord(request) {
		request = ""
	}
	if !isWord(code) {
		return unusable("STS ("+p.host+")", refusal.HttpStatus(), "a proxy or another service may have answered: check the proxy settings")
	}
	e := &activation.Error{Kind: activation.KindIdentity, Code: code, RequestID: request}
	if netfault.IsTemporary(refusal.HttpStatus()) || activation.IsTemporary(code) {
		e.Kind = activation.KindUnavailable
	}
	why, hint := explainSTS(code)
	switch _, known := activation.Known(code); {
	case hint != "":
	case known: // what to do follows from the code
		e.Signer = p.label
	default:
		hint = "check the role and its trust policy in the RAM console"
	}
	fill := strings.NewReplacer("{who}", p.label, "{role}", p.arn)
	e.Err, e.Hint = errors.New(fill.Replace(why)), fill.Replace(hint)
	return e
}

// unreadToken returns the error of an OIDC token that cannot be read.
func unreadToken(label, path, why string) error {
	return newError(label+": the OIDC token cannot be read from "+path+": "+why, "check that the file is there and may be read")
}
