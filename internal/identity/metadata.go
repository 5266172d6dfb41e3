package identity

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"ecs-activation/internal/activation"
)

// instanceMetadata is the URL of the metadata service, which returns the credentials of an instance's
// role.
const instanceMetadata = "http://100.100.100.200"

// probeTimeout is how long the search waits for the metadata service if no role is configured.
const probeTimeout = 300 * time.Millisecond

const metadataDisabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"

// fromInstance uses the role of this ECS instance. It is the last source, for machines on which nothing
// is configured, so it must quickly detect that this machine is not an instance.
func fromInstance(ctx context.Context, s Search) (*Identity, *activation.Text, error) {
	if s.Env.isTrue(metadataDisabled) {
		return nil, activation.Textf("instance role: disabled by %s", metadataDisabled), nil
	}
	m := s.roleProvider(s.Env.get("ALIBABA_CLOUD_ECS_METADATA"))
	identity := &Identity{Source: "instance role", provider: m}
	err := m.probe(ctx)
	if err == nil {
		_, err = identity.keys(ctx)
	}
	switch {
	case ctx.Err() != nil:
		return nil, nil, activation.Textf("waiting for %s: %w", errors.New(metadataName), context.Cause(ctx))
	case err != nil:
		return nil, activation.Textf("instance role (100.100.100.200): %s", causeOf(err)), nil
	}
	identity.Role = m.role
	return identity, nil, nil
}

// instance returns the identity of a profile that uses this instance's role. The metadata service is
// not called before a request is signed.
func (s Search) instance(source, role string) *Identity {
	return &Identity{Source: source, Role: cmp.Or(role, "this instance's role"), provider: s.roleProvider(role)}
}

// roleProvider returns the provider of an instance's role. If name is empty, it uses the attached role.
func (s Search) roleProvider(name string) *metadata {
	m := newMetadata(s.Metadata, name, s.Now)
	m.hardened = s.Env.isTrue("ALIBABA_CLOUD_IMDSV1_DISABLED")
	return m
}

// metadata fetches the credentials of an instance's role, and renews them before they expire. The SDK's
// provider is not used, because it sends the request through HTTP_PROXY, waits for seconds if there is
// no instance, and panics if a field is missing in a response.
type metadata struct {
	temporary
	base     string // instanceMetadata, or the URL of a test server
	role     string // empty: the metadata service returns its name
	hardened bool   // do not send requests without a token
	client   *http.Client
}

// newMetadata returns a provider for a metadata service.
func newMetadata(base, role string, now func() time.Time) *metadata {
	return &metadata{temporary: temporary{now: now}, base: base, role: role, client: newClient(time.Second, 2*time.Second, nil)}
}

// probe returns an error if the metadata service does not respond within probeTimeout.
func (m *metadata) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.base+"/latest/meta-data/", nil)
	if err != nil {
		return err
	}
	response, err := m.client.Do(request)
	if err != nil {
		return errors.New("no response within 300 ms")
	}
	return response.Body.Close()
}

// GetCredentials implements the SDK's provider. It returns the same credentials until shortly before
// they expire.
func (m *metadata) GetCredentials() (*credentials.Credentials, error) {
	if m.fresh() {
		return m.current, nil
	}
	if err := m.refresh(); err != nil {
		return nil, err
	}
	return m.current, nil
}

// GetProviderName implements the SDK's provider.
func (m *metadata) GetProviderName() string { return "ecs_ram_role" }

const (
	metadataRoles = "/latest/meta-data/ram/security-credentials/"
	metadataName  = "the instance's metadata service"
	metadataHint  = "attach a RAM role to this instance, or use an AccessKey"
)

// refresh fetches the credentials of the role.
func (m *metadata) refresh() error {
	if m.role == "" {
		if err := m.findRole(); err != nil {
			return err
		}
	}
	if !regexp.MustCompile(`^[A-Za-z0-9._@-]{1,128}$`).MatchString(m.role) {
		return newError(errors.New("the name of the instance's role is not valid"), metadataHint)
	}
	body, err := m.read(metadataRoles + m.role)
	switch {
	case errors.Is(err, httpStatus(http.StatusNotFound)):
		return newError(activation.Textf("the instance's metadata service has no credentials of role %s (HTTP 404)", m.role), metadataHint)
	case err != nil:
		return err
	}
	if err := m.accept(body); err != nil {
		return newError(activation.Textf("the instance's metadata service returned no credentials of role %s: %s", m.role, err), metadataHint)
	}
	return nil
}

// findRole gets the name of the attached role from the metadata service.
func (m *metadata) findRole() error {
	name, err := m.read(metadataRoles)
	switch {
	case errors.Is(err, httpStatus(http.StatusNotFound)):
		return newError(errors.New("no role is attached to this instance (HTTP 404)"), metadataHint)
	case err != nil:
		return err
	}
	m.role = strings.TrimSpace(string(name))
	return nil
}

// read returns the content of a path. It requests a token first, and sends it if the instance returns
// one. In hardened mode a token is required.
func (m *metadata) read(path string) ([]byte, error) {
	token, err := m.send(http.MethodPut, "/latest/api/token", "X-aliyun-ecs-metadata-token-ttl-seconds", "21600")
	if err != nil && m.hardened {
		return nil, err
	}
	return m.send(http.MethodGet, path, "X-aliyun-ecs-metadata-token", string(token))
}

// send sends one request with one header.
func (m *metadata) send(method, path, header, value string) ([]byte, error) {
	request, err := http.NewRequest(method, m.base+path, nil)
	if err != nil {
		return nil, newError(errors.New("the instance's metadata service: the name of the role is not valid in a URL"), metadataHint)
	}
	if value != "" {
		request.Header.Set(header, value)
	}
	return get(m.client, request, errors.New(metadataName), metadataHint)
}
