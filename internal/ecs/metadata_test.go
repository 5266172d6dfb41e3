package ecs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

const roleFolder = "/latest/meta-data/ram/security-credentials/"

// instance is a stand-in for the metadata service of an ECS instance.
type instance struct {
	*httptest.Server
	mu    sync.Mutex
	paths []string

	role     string // the role that is attached
	token    string // what a request must carry; empty: the normal mode, without tokens
	lifetime time.Duration
	instead  map[string]http.HandlerFunc // other answers by path
}

func newInstance(t *testing.T) *instance {
	t.Helper()
	i := &instance{role: "web-role", lifetime: time.Hour, instead: map[string]http.HandlerFunc{}}
	i.Server = httptest.NewServer(http.HandlerFunc(i.answer))
	t.Cleanup(func() {
		i.CloseClientConnections() // of those that hang
		i.Close()
	})
	return i
}

func (i *instance) answer(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	i.paths = append(i.paths, r.Method+" "+r.URL.Path)
	i.mu.Unlock()
	if odd := i.instead[r.URL.Path]; odd != nil {
		odd(w, r)
		return
	}
	switch {
	case i.token != "" && r.Method == http.MethodPut && r.URL.Path == "/latest/api/token" && r.Header.Get("X-aliyun-ecs-metadata-token-ttl-seconds") != "":
		answer(http.StatusOK, i.token)(w, r)
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case i.token != "" && r.Header.Get("X-aliyun-ecs-metadata-token") != i.token:
		w.WriteHeader(http.StatusForbidden)
	case r.URL.Path == "/latest/meta-data/":
		answer(http.StatusOK, "hostname\nram/\n")(w, r)
	case r.URL.Path == roleFolder && i.role != "":
		answer(http.StatusOK, i.role+"\n")(w, r)
	case r.URL.Path == roleFolder+i.role && i.role != "":
		answer(http.StatusOK, fmt.Sprintf(`{"Code":"Success","AccessKeyId":"STS.role","AccessKeySecret":"TOP-SECRET-KEY","SecurityToken":"TOP-SECRET-TOKEN",
			"Expiration":%q,"LastUpdated":"2026-06-25T06:00:00Z"}`, time.Now().Add(i.lifetime).UTC().Format(time.RFC3339)))(w, r)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// asked counts the requests for a path.
func (i *instance) asked(path string) (n int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, p := range i.paths {
		if strings.HasSuffix(p, " "+path) {
			n++
		}
	}
	return n
}

// on returns a search on this instance where nothing else is configured.
func (i *instance) on(t *testing.T, env map[string]string, profile string) Search {
	t.Helper()
	path := ""
	if profile != "" {
		path = profiles(t, `{"current":"x","profiles":[{"name":"x",`+profile+`}]}`)
	}
	s := search(t, env, path)
	s.metadata = i.URL
	return s
}

func TestTheRoleOfAnInstanceSigns(t *testing.T) {
	for _, token := range []string{"", "hardened-token"} {
		for _, test := range []struct {
			name, profile, source string
			env                   map[string]string
		}{
			{"where nothing is configured", "", "instance role", nil},
			{"where the environment names it", "", "instance role", map[string]string{"ALIBABA_CLOUD_ECS_METADATA": "web-role"}},
			{"of a profile", `"mode":"EcsRamRole","ram_role_name":"web-role"`, "profile x", nil},
			{"of a profile without the role's name", `"mode":"EcsRamRole"`, "profile x", nil},
			{"of a profile without mode", `"ram_role_name":"web-role"`, "profile x", nil},
			{"of a profile, where probing is off", `"mode":"ecsramrole"`, "profile x", map[string]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}},
		} {
			i := newInstance(t)
			i.token = token
			identity, err := i.on(t, test.env, test.profile).Find(t.Context())
			if err != nil {
				t.Errorf("%s, token %q: %v", test.name, token, err)
				continue
			}
			if got := signsWith(t, identity); identity.Source != test.source || got != "STS.role/TOP-SECRET-KEY/TOP-SECRET-TOKEN" {
				t.Errorf("%s, token %q: %s signs with %s", test.name, token, identity.Source, got)
			}
		}
	}
}

func TestARoleThatIsNamedIsNotAskedFor(t *testing.T) {
	i := newInstance(t)
	identity, err := i.on(t, nil, `"mode":"EcsRamRole","ram_role_name":"web-role"`).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(i.paths); n > 0 {
		t.Errorf("%d requests before anything is signed", n)
	}
	signsWith(t, identity)
	if i.asked(roleFolder) != 0 || i.asked(roleFolder+"web-role") != 1 {
		t.Errorf("asked for %q", i.paths)
	}
}

func TestCredentialsOfARoleAreFetchedAgainBeforeTheyExpire(t *testing.T) {
	i := newInstance(t)
	var ahead time.Duration
	s := i.on(t, nil, `"mode":"EcsRamRole"`)
	s.Now = func() time.Time { return time.Now().Add(ahead) }
	identity, err := s.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		ahead time.Duration
		asked int
	}{{0, 1}, {0, 1}, {56 * time.Minute, 1}, {58 * time.Minute, 2}, {2 * time.Hour, 3}} {
		ahead = test.ahead
		signsWith(t, identity)
		if got := i.asked(roleFolder + "web-role"); got != test.asked {
			t.Errorf("%s later: asked %d times, want %d", ahead, got, test.asked)
		}
	}
}

func TestAnInstanceWithoutAUsableRoleIsAnErrorThatShowsNothingOfTheAnswer(t *testing.T) {
	t.Parallel()
	say := func(text string) http.HandlerFunc { return answer(http.StatusOK, text) }
	for _, test := range []struct {
		name    string
		instead map[string]http.HandlerFunc
		says    string
	}{
		{"no role", map[string]http.HandlerFunc{roleFolder: http.NotFound}, "HTTP 404"},
		{"a role without credentials", map[string]http.HandlerFunc{roleFolder + "web-role": http.NotFound}, "HTTP 404"},
		{"an empty role", map[string]http.HandlerFunc{roleFolder: say("")}, "role"},
		{"a page instead of a role", map[string]http.HandlerFunc{roleFolder: say("<html>\n" + theMark + "</html>")}, "role"},
		{"a path instead of a role", map[string]http.HandlerFunc{roleFolder: say("../../" + theMark)}, "role"},
		{"a control character in a role", map[string]http.HandlerFunc{roleFolder: say("a\x7f" + theMark)}, "role"},
		{"nothing", map[string]http.HandlerFunc{roleFolder + "web-role": say("")}, "not valid JSON"},
		{"a page", map[string]http.HandlerFunc{roleFolder + "web-role": say("<html>" + theMark)}, "not valid JSON"},
		{"an array", map[string]http.HandlerFunc{roleFolder + "web-role": say(`["` + theMark + `"]`)}, "unexpected form"},
		{"a failure", map[string]http.HandlerFunc{roleFolder + "web-role": say(`{"Code":"` + theMark + `","AccessKeyId":"a","AccessKeySecret":"` + theSecret + `","SecurityToken":"t"}`)}, "no usable credentials"},
		{"no secret", map[string]http.HandlerFunc{roleFolder + "web-role": say(`{"Code":"Success","AccessKeyId":"a","SecurityToken":"` + theToken + `"}`)}, "no usable credentials"},
		{"no token", map[string]http.HandlerFunc{roleFolder + "web-role": say(`{"Code":"Success","AccessKeyId":"a","AccessKeySecret":"` + theSecret + `"}`)}, "no usable credentials"},
		{"an odd expiration", map[string]http.HandlerFunc{roleFolder + "web-role": say(`{"Code":"Success","Expiration":"` + theMark + `"}`)}, ""},
		{"a redirect", map[string]http.HandlerFunc{roleFolder: http.RedirectHandler(roleFolder+"web-role?"+theMark, http.StatusFound).ServeHTTP}, "HTTP 302"},
	} {
		i := newInstance(t)
		i.instead = test.instead
		identity, err := i.on(t, nil, "").Find(t.Context())
		wantIdentityError(t, test.name, identity, err, test.says, "instance role")

		identity, err = i.on(t, nil, `"mode":"EcsRamRole"`).Find(t.Context())
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		s, _ := strange(t)
		client := s.client(t, func(o *Options) { o.Identity = identity })
		_, err = client.List(t.Context(), activation.ListRequest{RegionId: hangzhou})
		known := fails(t, err)
		if known.Kind != activation.KindIdentity || known.Op != "list" || known.Hint == "" || !known.NothingDone || len(s.asked()) != 0 || len(s.traced()) != 1 {
			t.Errorf("%s: %+v after %d requests", test.name, known, len(s.asked()))
		}
		keepsQuiet(t, s.told(known))
	}
}

func TestAPlaceWithoutInstanceMetadataIsNoticedSoon(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.instead["/latest/meta-data/"] = hang
	begun := time.Now()
	identity, err := i.on(t, nil, "").Find(t.Context())
	wantIdentityError(t, "hang", identity, err, "no answer in 300 ms")
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestAnInstanceThatStopsAnsweringIsGivenUpWithTheContext(t *testing.T) {
	for _, path := range []string{"/latest/meta-data/", "/latest/api/token", roleFolder, roleFolder + "web-role"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			i.instead[path] = hang
			ctx, cancel := contextFor(t, 100*time.Millisecond)
			defer cancel()
			begun := time.Now()
			_, err := i.on(t, nil, "").Find(ctx)
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "waiting for the instance's metadata service") {
				t.Error(err)
			}
			if took := time.Since(begun); took > 1900*time.Millisecond {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestAProxyIsNeverAskedForInstanceMetadata(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the proxy was asked for %s", r.URL) }))
	defer proxy.Close()
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	// Not loopback: for loopback no proxy would be asked in any case.
	m := newMetadata("http://192.0.2.1", "", time.Now)
	if transport := m.client.Transport.(*http.Transport); transport.Proxy != nil {
		t.Error("the transport has a proxy")
	}
	ctx, cancel := contextFor(t, 50*time.Millisecond)
	defer cancel()
	if err := m.probe(ctx); err == nil {
		t.Error("192.0.2.1 is documentation, and answers")
	}
}
