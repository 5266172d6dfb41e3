package identity

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/netfault"
)

// sessionName is the default name of role sessions, which the account's audit log shows.
const sessionName = "ecs-activation"

// stsURL returns the URL of STS for a role. An invalid region is an error, because a signed request
// could be sent to another host.
func (s Search) stsURL(label activation.Origin, r role) (string, error) {
	region := cmp.Or(r.region, s.Env.get("ALIBABA_CLOUD_STS_REGION"))
	prefix := "https://sts"
	if r.vpc || s.Env.isTrue("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED") {
		prefix = "https://sts-vpc"
	}
	switch {
	case s.STS != "":
		return "http://" + s.STS, nil
	case region == "":
		return "https://sts.aliyuncs.com", nil
	case activation.CheckRegion(region) != nil:
		return "", newError(activation.Textf("%s: the STS region is not a valid region", label), "set sts_region or ALIBABA_CLOUD_STS_REGION to a region such as cn-hangzhou")
	}
	return prefix + "." + region + ".aliyuncs.com", nil
}

// stsProvider fetches the credentials of a role from STS, and renews them before they expire. The SDK builds
// and signs the request, but does not send it: its providers follow redirects, which would send a signed URL
// or an OIDC token to another host, read responses without a limit, and panic for some of them.
type stsProvider struct {
	temporary
	label  activation.Origin
	role   role
	url    string
	client *http.Client

	signer                  credentials.CredentialsProvider // of the identity that assumes the role; nil: an OIDC token is sent
	oidcProvider, tokenFile string
}

// identity returns the identity of the role. accessKeyId is that of the identity that assumes it.
func (p *stsProvider) identity(s Search, accessKeyId string) *Identity {
	p.temporary = temporary{now: s.Now}
	p.client = newClient(5*time.Second, 10*time.Second, proxyFunc(s.Proxy).of)
	return &Identity{Source: string(p.label) + " (role " + p.role.arn + ")", AccessKeyId: accessKeyId, Role: p.role.arn, provider: p}
}

// GetProviderName implements the SDK's provider.
func (p *stsProvider) GetProviderName() string { return "sts" }

// GetCredentials implements the SDK's provider.
func (p *stsProvider) GetCredentials() (*credentials.Credentials, error) {
	if p.fresh() {
		return p.current, nil
	}
	request, err := p.request()
	if err != nil {
		return nil, err
	}
	status, body, err := send(p.client, request, p.server())
	if err != nil {
		return nil, err
	}
	var answer struct {
		RequestId, Code string
		Credentials     json.RawMessage
	}
	decodeErr := json.Unmarshal(body, &answer)
	switch {
	case status != http.StatusOK:
		return nil, p.refused(status, answer.Code, answer.RequestId)
	case decodeErr != nil || p.accept(answer.Credentials) != nil:
		return nil, newError(activation.Textf("%s returned no credentials: a proxy or another service may have sent the response", p.server()), "check the proxy settings")
	}
	return p.current, nil
}

// request returns a request for the role.
func (p *stsProvider) request() (*http.Request, error) {
	r := requests.NewCommonRequest()
	r.Method, r.Domain, r.Product, r.Version = requests.POST, p.host(), "Sts", "2015-04-01"
	r.Scheme, _, _ = strings.Cut(p.url, "://")
	r.FormParams["RoleArn"], r.FormParams["RoleSessionName"] = p.role.arn, cmp.Or(p.role.session, sessionName)
	r.FormParams["DurationSeconds"] = strconv.Itoa(cmp.Or(p.role.seconds, 3600))
	if p.role.policy != "" {
		r.FormParams["Policy"] = p.role.policy
	}
	authorize := p.sign
	if p.signer == nil {
		authorize = p.addToken
	}
	if err := authorize(r); err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, r.BuildUrl(), r.GetBodyReader())
	if err != nil {
		return nil, newError(activation.Textf("%s does not describe a role that can be assumed", p.label), "check the role and the OIDC provider")
	}
	request.Header.Set("Content-Type", requests.Form)
	return request, nil
}

// sign makes a request one of AssumeRole, and signs it. Its errors are those of the identity that assumes the role.
func (p *stsProvider) sign(r *requests.CommonRequest) error {
	r.ApiName = "AssumeRole"
	if p.role.externalId != "" {
		r.FormParams["ExternalId"] = p.role.externalId
	}
	r.TransToAcsRequest()
	return auth.Sign(r, nil, "cn-hangzhou", p.signer)
}

// addToken makes a request one of AssumeRoleWithOIDC, which has no signature. The file of the token is read for each
// request, because the token in it is renewed.
func (p *stsProvider) addToken(r *requests.CommonRequest) error {
	token, err := readToken(p.label, p.tokenFile)
	r.FormParams["OIDCProviderArn"], r.FormParams["OIDCToken"] = p.oidcProvider, token
	r.QueryParams["Version"], r.QueryParams["Action"], r.QueryParams["Format"] = r.Version, "AssumeRoleWithOIDC", "JSON"
	r.QueryParams["Timestamp"] = p.now().UTC().Format("2006-01-02T15:04:05Z")
	r.TransToAcsRequest()
	return err
}

// readToken returns the OIDC token in a file.
func readToken(label activation.Origin, path string) (string, error) {
	token, err := disk.ReadFile(path, largestFile)
	if err != nil {
		return "", tokenError(label, path, withoutPath(err))
	}
	if token = bytes.TrimSpace(token); len(token) == 0 {
		return "", tokenError(label, path, errors.New("it is empty"))
	}
	return string(token), nil
}

// tokenError returns the error of an OIDC token that cannot be read.
func tokenError(label activation.Origin, path string, reason error) error {
	return newError(activation.Textf("%s: cannot read the OIDC token from %s: %s", label, path, reason), "check that the file exists and is readable")
}

// host returns the host of STS.
func (p *stsProvider) host() string {
	_, host, _ := strings.Cut(p.url, "://")
	return host
}

// server returns the name of STS with its host.
func (p *stsProvider) server() error { return activation.Textf("STS (%s)", p.host()) }

// isWord reports whether a text looks like an error code or a request ID. Other texts are not shown.
func isWord(text string) bool { return regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`).MatchString(text) }

// refused returns the error of a request that STS refused. It does not show the message of STS, which
// can contain the signed text.
func (p *stsProvider) refused(status int, code, request string) error {
	if !isWord(request) {
		request = ""
	}
	if !isWord(code) {
		return unusable(p.server(), status, "a proxy or another service may have sent the response: check the proxy settings")
	}
	e := &activation.Error{Kind: activation.KindIdentity, Code: code, RequestID: request}
	if netfault.IsTemporary(status) || activation.IsTemporary(code) {
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
	e.Err, e.Hint = activation.Textf(reason, p.label, p.role.arn), hint
	return e
}
