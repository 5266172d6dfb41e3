package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

// instanceMetadata is where an ECS instance finds its role's credentials.
const instanceMetadata = "http://100.100.100.200"

// probeTime is how long a machine is given to show that it is an ECS instance, when nothing
// says so.
const probeTime = 300 * time.Millisecond

const metadataDisabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"

// fromInstance uses the role of this ECS instance. It is the last source, for machines where
// nothing is configured, so it must notice soon that there is no instance.
func (s Search) fromInstance(ctx context.Context) (*Identity, string, error) {
	if s.on(metadataDisabled) {
		return nil, "instance role: switched off by " + metadataDisabled, nil
	}
	m := s.roleProvider(s.env("ALIBABA_CLOUD_ECS_METADATA"))
	identity := &Identity{Source: "instance role", provider: m}
	err := m.probe(ctx)
	if err == nil {
		_, err = identity.keys(ctx)
	}
	switch {
	case ctx.Err() != nil:
		return nil, "", fmt.Errorf("waiting for %s: %w", metadataName, context.Cause(ctx))
	case err != nil:
		return nil, "instance role (100.100.100.200): " + causeOf(err), nil
	}
	identity.Role = m.role
	return identity, "", nil
}

// instance returns the identity of a profile that stands for this instance's role. The metadata
// service is not asked before something is to be signed.
func (s Search) instance(source, role string) *Identity {
	return &Identity{Source: source, Role: cmp.Or(role, "this instance's role"), provider: s.roleProvider(role)}
}

// roleProvider returns the provider of an instance's role, which name may leave open.
func (s Search) roleProvider(name string) *metadata {
	m := newMetadata(s.Metadata, name, s.Now)
	m.hardened = s.on("ALIBABA_CLOUD_IMDSV1_DISABLED")
	return m
}

// metadata fetches the credentials of an instance's role, and again when they run out. The
// SDK's own provider is not used: it sends the request through HTTP_PROXY, waits for seconds
// where there is no instance, and dereferences what an answer may lack.
type metadata struct {
	temporary
	base     string // instanceMetadata, or a stand-in of a test
	role     string // empty: the instance says which
	hardened bool   // never without a token
	client   *http.Client
}

func newMetadata(base, role string, now func() time.Time) *metadata {
	return &metadata{temporary: temporary{now: now}, base: base, role: role, client: newClient(time.Second, 2*time.Second, nil)}
}

// probe returns an error unless something answers at the metadata's address within probeTime.
func (m *metadata) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.base+"/latest/meta-data/", nil)
	if err != nil {
		return err
	}
	response, err := m.client.Do(request)
	if err != nil {
		return errors.New("no answer in 300 ms")
	}
	return response.Body.Close()
}

// GetCredentials implements the SDK's provider: the same credentials until shortly before they
// expire.
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

func (m *metadata) refresh() error {
	if m.role == "" {
		if err := m.findRole(); err != nil {
			return err
		}
	}
	if !regexp.MustCompile(`^[A-Za-z0-9._@-]{1,128}$`).MatchString(m.role) {
		return newError("the name of the instance's role is not valid", metadataHint)
	}
	body, err := m.read(metadataRoles + m.role)
	switch {
	case errors.Is(err, httpStatus(http.StatusNotFound)):
		return newError(metadataName+" has no credentials of role "+m.role+" (HTTP 404)", metadataHint)
	case err != nil:
		return err
	}
	if err := m.accept(body); err != nil {
		return newError(metadataName+" says of role "+m.role+": "+err.Error(), metadataHint)
	}
	return nil
}

// findRole asks the instance for the name of its role.
func (m *metadata) findRole() error {
	name, err := m.read(metadataRoles)
	switch {
	case errors.Is(err, httpStatus(http.StatusNotFound)):
		return newError("no role is attached to this instance (HTTP 404)", metadataHint)
	case err != nil:
		return err
	}
	m.role = strings.TrimSpace(string(name))
	return nil
}

// read returns a page. It sends a token where the instance gives one: only one in the hardened
// mode must.
func (m *metadata) read(path string) ([]byte, error) {
	token, err := m.send(http.MethodPut, "/latest/api/token", "X-aliyun-ecs-metadata-token-ttl-seconds", "21600")
	if err != nil && m.hardened {
		return nil, err
	}
	return m.send(http.MethodGet, path, "X-aliyun-ecs-metadata-token", string(token))
}

func (m *metadata) send(method, path, header, value string) ([]byte, error) {
	request, err := http.NewRequest(method, m.base+path, nil)
	if err != nil {
		return nil, newError(metadataName+": the role's name cannot be part of a URL", metadataHint)
	}
	if value != "" {
		request.Header.Set(header, value)
	}
	return get(m.client, request, metadataName, metadataHint)
}
