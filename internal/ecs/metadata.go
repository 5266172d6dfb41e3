package ecs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

// instanceMetadata is where an ECS instance finds its role's credentials.
const instanceMetadata = "http://100.100.100.200"

// probeTime is how long a machine is given to show that it is an ECS instance, when nothing
// says so.
const probeTime = 300 * time.Millisecond

// metadata fetches the credentials of an instance's role, and again when they run out. The
// SDK's own provider is not used: it sends the request through HTTP_PROXY, waits for seconds
// where there is no instance, and knows no context.
type metadata struct {
	base   string // instanceMetadata, or a stand-in of a test
	role   string // empty: the instance says which
	client *http.Client
	now    func() time.Time

	mu      sync.Mutex
	current *credentials.Credentials
	expires time.Time
}

func newMetadata(base, role string, now func() time.Time) *metadata {
	return &metadata{base: base, role: role, now: now, client: &http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: time.Second}).DialContext, DisableKeepAlives: true},
	}}
}

// probe says whether this machine has instance metadata: whether anything answers within
// probeTime.
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

// GetCredentials implements the SDK's provider: the same credentials until three minutes
// before they expire.
func (m *metadata) GetCredentials() (*credentials.Credentials, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.current != nil && m.now().Before(m.expires.Add(-3*time.Minute)) {
		return m.current, nil
	}
	if err := m.refresh(); err != nil {
		return nil, identityError(err.Error(), "attach a RAM role to this instance, or use an AccessKey")
	}
	return m.current, nil
}

// GetProviderName implements the SDK's provider.
func (m *metadata) GetProviderName() string { return "ecs_ram_role" }

func (m *metadata) refresh() error {
	token, err := m.fetch(http.MethodPut, "/latest/api/token", "")
	if err != nil {
		token = nil // an instance without the hardened mode; the next request tells more
	}
	const roles = "/latest/meta-data/ram/security-credentials/"
	if m.role == "" {
		name, err := m.fetch(http.MethodGet, roles, string(token))
		if err != nil {
			return err
		}
		m.role = strings.TrimSpace(string(name))
	}
	body, err := m.fetch(http.MethodGet, roles+m.role, string(token))
	if err != nil {
		return err
	}
	return m.accept(body)
}

func (m *metadata) accept(body []byte) error {
	var answer struct {
		Code, AccessKeyId, AccessKeySecret, SecurityToken string
		Expiration                                        time.Time
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return withoutContent(err)
	}
	if answer.Code != "Success" || answer.AccessKeyId == "" || answer.AccessKeySecret == "" || answer.SecurityToken == "" {
		return fmt.Errorf("role %q has no usable credentials", m.role)
	}
	m.current = &credentials.Credentials{
		AccessKeyId: answer.AccessKeyId, AccessKeySecret: answer.AccessKeySecret,
		SecurityToken: answer.SecurityToken, ProviderName: m.GetProviderName(),
	}
	m.expires = answer.Expiration
	return nil
}

// fetch asks the metadata service. Its errors name the path, never the answer.
func (m *metadata) fetch(method, path, token string) (body []byte, err error) {
	request, err := http.NewRequest(method, m.base+path, nil)
	if err != nil {
		return nil, err
	}
	if method == http.MethodPut {
		request.Header.Set("X-aliyun-ecs-metadata-token-ttl-seconds", "21600")
	} else if token != "" {
		request.Header.Set("X-aliyun-ecs-metadata-token", token)
	}
	response, err := m.client.Do(request)
	if err != nil {
		return nil, plain(err)
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the instance's metadata service has no role's credentials (HTTP %d for %s)", response.StatusCode, path)
	}
	return io.ReadAll(io.LimitReader(response.Body, 64<<10))
}
