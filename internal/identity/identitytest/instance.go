package identitytest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// RoleFolder is the path of the metadata under which the credentials of roles are.
const RoleFolder = "/latest/meta-data/ram/security-credentials/"

// Instance is a fake metadata service of an ECS instance.
type Instance struct {
	*httptest.Server
	mu    sync.Mutex
	paths []string

	Role     string // the attached role
	Token    string // the token that requests must send; empty: the normal mode, without tokens
	Lifetime time.Duration
	Instead  map[string]http.HandlerFunc // other responses, by path
}

// NewInstance starts a fake metadata service, which is stopped at the end of the test.
func NewInstance(t testing.TB) *Instance {
	t.Helper()
	i := &Instance{Role: "web-role", Lifetime: time.Hour, Instead: map[string]http.HandlerFunc{}}
	i.Server = httptest.NewServer(http.HandlerFunc(i.answer))
	t.Cleanup(func() {
		i.CloseClientConnections() // some requests hang
		i.Close()
	})
	return i
}

func (i *Instance) answer(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	i.paths = append(i.paths, r.Method+" "+r.URL.Path)
	i.mu.Unlock()
	if instead := i.Instead[r.URL.Path]; instead != nil {
		instead(w, r)
		return
	}
	switch {
	case i.Token != "" && r.Method == http.MethodPut && r.URL.Path == "/latest/api/token" && r.Header.Get("X-aliyun-ecs-metadata-token-ttl-seconds") != "":
		Answer(http.StatusOK, i.Token)(w, r)
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case i.Token != "" && r.Header.Get("X-aliyun-ecs-metadata-token") != i.Token:
		w.WriteHeader(http.StatusForbidden)
	case r.URL.Path == "/latest/meta-data/":
		Answer(http.StatusOK, "hostname\nram/\n")(w, r)
	case r.URL.Path == RoleFolder && i.Role != "":
		Answer(http.StatusOK, i.Role+"\n")(w, r)
	case r.URL.Path == RoleFolder+i.Role && i.Role != "":
		Answer(http.StatusOK, fmt.Sprintf(`{"Code":"Success","AccessKeyId":"STS.role","AccessKeySecret":"TOP-SECRET-KEY","SecurityToken":"TOP-SECRET-TOKEN",
			"Expiration":%q,"LastUpdated":"2026-06-25T06:00:00Z"}`, time.Now().Add(i.Lifetime).UTC().Format(time.RFC3339)))(w, r)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// Paths returns the requests so far, as "GET /path".
func (i *Instance) Paths() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]string{}, i.paths...)
}

// Asked returns the number of requests for a path.
func (i *Instance) Asked(path string) (n int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, p := range i.paths {
		if strings.HasSuffix(p, " "+path) {
			n++
		}
	}
	return n
}
