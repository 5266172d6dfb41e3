package identity

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/identity/identitytest"
)

// The rules of the official credential chains, one test for each rule. Those
// on the profile file, its modes and its loops are in profile_test.go and modes_test.go, those
// on proxies in metadata_test.go and uri_test.go.

// place is a source with a valid and an invalid configuration.
type place struct {
	source string
	set    func(*world)
	spoil  func(*world)
	says   string // of the spoiled one
}

// world is a search and the environment and files that it searches.
type world struct {
	*Search
	t   testing.TB
	env map[string]string
}

func (w *world) write(path, content string) {
	w.t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// places returns all sources in their order.
func places(t testing.TB) []place {
	token := tokenFile(t, theToken)
	return []place{
		{
			"environment ALIBABA_CLOUD_ACCESS_KEY_ID",
			func(w *world) {
				w.env["ALIBABA_CLOUD_ACCESS_KEY_ID"], w.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "LTAIenv", theSecret
			},
			func(w *world) { delete(w.env, "ALIBABA_CLOUD_ACCESS_KEY_SECRET") }, "incomplete AccessKey in the environment",
		},
		{
			"environment ALIBABA_CLOUD_OIDC_TOKEN_FILE (role " + theRole + ")",
			func(w *world) {
				for name, value := range pod(token) {
					w.env[name] = value
				}
			},
			func(w *world) { delete(w.env, "ALIBABA_CLOUD_ROLE_ARN") }, "ALIBABA_CLOUD_ROLE_ARN is not set",
		},
		{
			"profile prod",
			func(w *world) { w.write(w.ProfilePath, prodAndTest) },
			func(w *world) { w.write(w.ProfilePath, strings.Replace(prodAndTest, "access_key_secret", "x", 1)) }, "profile prod has no access_key_secret",
		},
		{
			"section default of CREDENTIALS",
			func(w *world) { w.write(w.CredentialsPath, twoSections) },
			func(w *world) { w.write(w.CredentialsPath, strings.Replace(twoSections, "access_key_secret", "x", 1)) }, "section default of CREDENTIALS has no access_key_secret",
		},
		{
			"environment ALIBABA_CLOUD_CREDENTIALS_URI",
			func(w *world) { w.env["ALIBABA_CLOUD_CREDENTIALS_URI"] = "http://127.0.0.1:1/" },
			func(w *world) { w.env["ALIBABA_CLOUD_CREDENTIALS_URI"] = "127.0.0.1" }, "ALIBABA_CLOUD_CREDENTIALS_URI",
		},
		{"instance role", func(*world) {}, func(w *world) { w.env["ALIBABA_CLOUD_ECS_METADATA"] = "no-such-role" }, "instance role (100.100.100.200): "},
	}
}

// all returns a world in which every source from number n on is configured.
func all(t *testing.T, places []place, n int) *world {
	t.Helper()
	w := &world{t: t, env: map[string]string{}, Search: &Search{
		ProfilePath: filepath.Join(t.TempDir(), "config.json"), CredentialsPath: filepath.Join(t.TempDir(), "credentials"), Metadata: newInstance(t).URL,
	}}
	w.Env = func(name string) (string, bool) { value, set := w.env[name]; return value, set }
	for _, p := range places[n:] {
		p.set(w)
	}
	return w
}

func TestTheSourcesAreSearchedInTheOrderOfTheOfficialTools(t *testing.T) {
	places := places(t)
	for n, p := range places {
		w := all(t, places, n)
		if identity := found(t, *w.Search); identity.Source != strings.ReplaceAll(p.source, "CREDENTIALS", w.CredentialsPath) && identity.Source != p.source {
			t.Errorf("%d: %s, not %s", n, identity.Source, p.source)
		}
	}
}

func TestAnInvalidSourceIsNotSkipped(t *testing.T) {
	places := places(t)
	for n, p := range places {
		w := all(t, places, n)
		p.spoil(w)
		identity, err := w.Find(t.Context())
		wantIdentityError(t, p.source, identity, err, strings.ReplaceAll(p.says, " CREDENTIALS ", " "+w.CredentialsPath+" "))
	}
}

func TestAnExplicitProfileIsTheOnlySource(t *testing.T) {
	w := all(t, places(t), 0)
	w.ProfileName, w.Explicit = "test", true
	if identity := found(t, *w.Search); identity.Source != "profile test" {
		t.Errorf("%v", identity)
	}
	for name, file := range map[string]string{"of no such name": `{"profiles":[]}`, "without a secret": `{"profiles":[{"name":"test","access_key_id":"a"}]}`, "of a broken file": `{`} {
		w.write(w.ProfilePath, file)
		identity, err := w.Find(t.Context())
		wantIdentityError(t, name, identity, err)
	}
}

func TestWithoutConfigurationAllSourcesAreListedQuickly(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // it accepts, and never answers
	s := search(t, nil, "")
	s.CredentialsPath, s.Metadata = filepath.Join(t.TempDir(), "credentials"), "http://"+listener.Addr().String()
	begun := time.Now()
	identity, err := s.Find(t.Context())
	took := time.Since(begun)
	wantIdentityError(t, "nothing", identity, err,
		"looked at environment ALIBABA_CLOUD_ACCESS_KEY_ID: not set\n", "looked at environment ALIBABA_CLOUD_OIDC_TOKEN_FILE: not set\n",
		"looked at "+s.ProfilePath+": no such file\n", "looked at "+s.CredentialsPath+": no such file", "looked at environment ALIBABA_CLOUD_CREDENTIALS_URI: not set\n",
		"looked at instance role (100.100.100.200): no response within 300 ms")
	if took > 500*time.Millisecond {
		t.Errorf("it took %s", took)
	}
}

func TestAnUnconfiguredAliyunProfileIsSkipped(t *testing.T) {
	const fresh = `{"current":"default","profiles":[{"name":"default","mode":"","region_id":"cn-beijing","output_format":"json","language":"en"}],"meta_path":""}`
	i := newInstance(t)
	s := search(t, nil, profiles(t, fresh))
	s.Metadata = i.URL
	if identity := found(t, s); identity.Source != "instance role" || identity.Role != "web-role" {
		t.Errorf("%v", identity)
	}
	if profile, _, err := s.Profile(); err != nil || profile.RegionId != "cn-beijing" {
		t.Errorf("%v, %v", profile, err)
	}
	s.ProfileName = "default" // named, it must be whole
	identity, err := s.Find(t.Context())
	wantIdentityError(t, "named", identity, err, "profile default has no access_key_id")
}

func TestAnInterruptedSearchReturnsTheCause(t *testing.T) {
	i := newInstance(t)
	i.Instead["/latest/meta-data/"] = hang
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("interrupted")
	time.AfterFunc(20*time.Millisecond, func() { cancel(enough) })
	if identity, err := i.on(t, nil, "").Find(ctx); identity != nil || !errors.Is(err, enough) {
		t.Errorf("%v, %v", identity, err)
	}
}

func TestAHardenedInstanceGetsNoRequestWithoutAToken(t *testing.T) {
	i := newInstance(t) // it gives no tokens
	env := map[string]string{"ALIBABA_CLOUD_IMDSV1_DISABLED": "true"}
	identity, err := i.on(t, env, "").Find(t.Context())
	wantIdentityError(t, "no token", identity, err, "HTTP 405")
	if i.Asked(identitytest.RoleFolder) > 0 {
		t.Error("asked all the same")
	}
	i.Token = "hardened-token"
	if identity := found(t, i.on(t, env, "")); identity.Role != "web-role" {
		t.Errorf("%v", identity)
	}
}

func TestTwoRunsWithTheSameKeyOrRoleHaveTheSameIdentity(t *testing.T) {
	sts := newSTS(t)
	who := func(profile string) [2]string {
		identity := found(t, sts.of(t, profile))
		return [2]string{identity.AccessKeyId, identity.Role}
	}
	seen := map[[2]string]string{}
	for _, profile := range []string{
		`"access_key_id":"LTAI1","access_key_secret":"s"`, `"access_key_id":"LTAI2","access_key_secret":"s"`, ramRole,
		strings.Replace(ramRole, "role/ops", "role/dev", 1), strings.Replace(ramRole, theKeyId, "LTAI1", 1), `"mode":"EcsRamRole","ram_role_name":"a"`, `"mode":"EcsRamRole","ram_role_name":"b"`,
		`"mode":"CredentialsURI","credentials_uri":"http://127.0.0.1:1/a"`, `"mode":"CredentialsURI","credentials_uri":"http://127.0.0.1:1/b"`,
	} {
		one := who(profile)
		if two := who(profile); one != two || one == [2]string{} {
			t.Errorf("%s: %v, then %v", profile, one, two)
		}
		if other, taken := seen[one]; taken {
			t.Errorf("%s and %s are both %v", profile, other, one)
		}
		seen[one] = profile
	}
}
