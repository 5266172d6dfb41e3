package identity

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/identity/identitytest"
)

func TestTheRoleOfAnInstanceIsUsed(t *testing.T) {
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
			i.Token = token
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

func TestAConfiguredRoleNameIsNotRequested(t *testing.T) {
	i := newInstance(t)
	identity, err := i.on(t, nil, `"mode":"EcsRamRole","ram_role_name":"web-role"`).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(i.Paths()); n > 0 {
		t.Errorf("%d requests before anything is signed", n)
	}
	signsWith(t, identity)
	if i.Asked(identitytest.RoleFolder) != 0 || i.Asked(identitytest.RoleFolder+"web-role") != 1 {
		t.Errorf("asked for %q", i.Paths())
	}
}

func TestRoleCredentialsAreRenewedBeforeTheyExpire(t *testing.T) {
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
		if got := i.Asked(identitytest.RoleFolder + "web-role"); got != test.asked {
			t.Errorf("%s later: asked %d times, want %d", ahead, got, test.asked)
		}
	}
}

func TestErrorsOfTheMetadataServiceDoNotShowTheResponse(t *testing.T) {
	t.Parallel()
	say := func(text string) http.HandlerFunc { return answer(http.StatusOK, text) }
	for _, test := range []struct {
		name    string
		instead map[string]http.HandlerFunc
		says    string
	}{
		{"no role", map[string]http.HandlerFunc{identitytest.RoleFolder: http.NotFound}, "HTTP 404"},
		{"a role without credentials", map[string]http.HandlerFunc{identitytest.RoleFolder + "web-role": http.NotFound}, "HTTP 404"},
		{"an empty role", map[string]http.HandlerFunc{identitytest.RoleFolder: say("")}, "role"},
		{"a page instead of a role", map[string]http.HandlerFunc{identitytest.RoleFolder: say("<html>\n" + theMark + "</html>")}, "role"},
		{"a path instead of a role", map[string]http.HandlerFunc{identitytest.RoleFolder: say("../../" + theMark)}, "role"},
		{"a control character in a role", map[string]http.HandlerFunc{identitytest.RoleFolder: say("a\x7f" + theMark)}, "role"},
		{"nothing", map[string]http.HandlerFunc{identitytest.RoleFolder + "web-role": say("")}, "not valid JSON"},
		{"a page", map[string]http.HandlerFunc{identitytest.RoleFolder + "web-role": say("<html>" + theMark)}, "not valid JSON"},
		{"an array", map[string]http.HandlerFunc{identitytest.RoleFolder + "web-role": say(`["` + theMark + `"]`)}, "unexpected form"},
		{"a failure", map[string]http.HandlerFunc{identitytest.RoleFolder + "web-role": say(`{"Code":"` + theMark + `","AccessKeyId":"a","AccessKeySecret":"` + theSecret + `","SecurityToken":"t"}`)}, "no usable credentials"},
		{"no secret", map[string]http.HandlerFunc{identitytest.RoleFolder + "web-role": say(`{"Code":"Success","AccessKeyId":"a","SecurityToken":"` + theToken + `"}`)}, "no usable credentials"},
		{"no token", map[string]http.HandlerFunc{identitytest.RoleFolder + "web-role": say(`{"Code":"Success","AccessKeyId":"a","AccessKeySecret":"` + theSecret + `"}`)}, "no usable credentials"},
		{"an odd expiration", map[string]http.HandlerFunc{identitytest.RoleFolder + "web-role": say(`{"Code":"Success","Expiration":"` + theMark + `"}`)}, ""},
		{"a redirect", map[string]http.HandlerFunc{identitytest.RoleFolder: http.RedirectHandler(identitytest.RoleFolder+"web-role?"+theMark, http.StatusFound).ServeHTTP}, "HTTP 302"},
	} {
		i := newInstance(t)
		i.Instead = test.instead
		identity, err := i.on(t, nil, "").Find(t.Context())
		wantIdentityError(t, test.name, identity, err, test.says, "instance role")

		identity, err = i.on(t, nil, `"mode":"EcsRamRole"`).Find(t.Context())
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		_, err = identity.Provider(t.Context())
		wantKind(t, err, activation.KindIdentity, test.says)
	}
}

func TestAMissingMetadataServiceIsDetectedQuickly(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.Instead["/latest/meta-data/"] = hang
	begun := time.Now()
	identity, err := i.on(t, nil, "").Find(t.Context())
	wantIdentityError(t, "hang", identity, err, "no response within 300 ms")
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestWaitingForTheMetadataServiceEndsWithTheContext(t *testing.T) {
	for _, path := range []string{"/latest/meta-data/", "/latest/api/token", identitytest.RoleFolder, identitytest.RoleFolder + "web-role"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			i.Instead[path] = hang
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

func TestInstanceMetadataIsNotRequestedThroughAProxy(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the proxy was asked for %s", r.URL) }))
	defer proxy.Close()
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	// Not a loopback address, because no proxy is used for loopback addresses.
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
