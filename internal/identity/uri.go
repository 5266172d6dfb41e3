package identity

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"ecs-activation/internal/activation"
)

const credentialsURI = "ALIBABA_CLOUD_CREDENTIALS_URI"

// fromURI uses the credentials URI of the environment.
func fromURI(_ context.Context, s Search) (*Identity, *activation.Text, error) {
	uri := s.Env.get(credentialsURI)
	if uri == "" {
		return nil, activation.Textf("environment %s: not set", credentialsURI), nil
	}
	identity, err := newURI("environment "+credentialsURI, uri, s)
	return identity, nil, err
}

// newURI returns the identity whose credentials a URI returns. Plain HTTP is accepted, as in the
// official tools, because such services usually run on the same machine.
func newURI(source activation.Origin, uri string, s Search) (*Identity, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, newError(activation.Textf("%s: the credentials URI is not an http or https URL", source), "use the form http://127.0.0.1:PORT/PATH")
	}
	return &Identity{
		Source:   string(source),
		Role:     fmt.Sprintf("credentials URI %s #%.4x", u.Host, sha256.Sum256([]byte(uri))), // the rest can contain a password
		provider: &uriProvider{temporary: temporary{now: s.Now}, uri: uri, host: u.Host, client: newClient(5*time.Second, 10*time.Second, proxyFunc(s.Proxy).of)},
	}, nil
}

// proxyFunc returns the configured proxy of a request; nil: no proxy.
type proxyFunc func(*http.Request) (*url.URL, error)

// of returns the proxy to use for a request. Requests to this machine and to link-local services of its
// network do not use a proxy.
func (p proxyFunc) of(r *http.Request) (*url.URL, error) {
	host := r.URL.Hostname()
	ip := net.ParseIP(host)
	if p == nil || strings.EqualFold(host, "localhost") || ip.IsLoopback() || ip.IsLinkLocalUnicast() || host == "100.100.100.200" {
		return nil, nil
	}
	return p(r)
}

// uriProvider fetches credentials from a URI. The SDK's own provider is not used: when it
// fails it prints the URL on standard output, and it sends the request through HTTP_PROXY.
type uriProvider struct {
	temporary
	uri, host string
	client    *http.Client
}

// GetCredentials implements the SDK's provider.
func (p *uriProvider) GetCredentials() (*credentials.Credentials, error) {
	if p.fresh() {
		return p.current, nil
	}
	const hint = "check the credentials URI and its server"
	server := activation.Textf("the credentials URI on %s", p.host)
	request, err := http.NewRequest(http.MethodGet, p.uri, nil)
	if err != nil {
		return nil, newError(activation.Textf("%s is not valid", server), hint)
	}
	body, err := get(p.client, request, server, hint)
	if err != nil {
		return nil, err
	}
	if err := p.accept(body); err != nil {
		return nil, newError(activation.Textf("%s returned no credentials: %s", server, err), hint)
	}
	return p.current, nil
}

// GetProviderName implements the SDK's provider.
func (p *uriProvider) GetProviderName() string { return "credential_uri" }
