package identity

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

// profiles writes an aliyun CLI file and returns its path.
func profiles(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const prodAndTest = `{"current":"prod","profiles":[
	{"name":"prod","mode":"AK","access_key_id":"LTAIprod","access_key_secret":"TOP-SECRET-KEY","region_id":"cn-beijing","language":"zh"},
	{"name":"test","mode":"StsToken","access_key_id":"STS.test","access_key_secret":"TOP-SECRET-KEY","sts_token":"TOP-SECRET-TOKEN"}]}`

// search returns a search in these sources only, without a metadata service.
func search(t testing.TB, env map[string]string, path string) Search {
	t.Helper()
	if path == "" {
		path = filepath.Join(t.TempDir(), "config.json")
	}
	return Search{Env: environment(env), ProfilePath: path, Now: time.Now, Metadata: nobody}
}

// signsWith returns the keys that an identity provides to the SDK: "id/secret/token".
func signsWith(t testing.TB, identity *Identity) string {
	t.Helper()
	keys, err := identity.provider.GetCredentials()
	if err != nil {
		t.Fatal(err)
	}
	return keys.AccessKeyId + "/" + keys.AccessKeySecret + "/" + keys.SecurityToken
}

func TestTheFirstConfiguredSourceIsUsed(t *testing.T) {
	keys := func(prefix string) map[string]string {
		return map[string]string{prefix + "ACCESS_KEY_ID": "id-of-" + prefix, prefix + "ACCESS_KEY_SECRET": "s"}
	}
	with := func(env map[string]string, pairs ...string) map[string]string {
		for i := 0; i < len(pairs); i += 2 {
			env[pairs[i]] = pairs[i+1]
		}
		return env
	}
	for _, test := range []struct {
		name     string
		env      map[string]string
		profile  string
		explicit bool
		source   string
		signs    string
	}{
		{"the environment", keys("ALIBABA_CLOUD_"), "", false, "environment ALIBABA_CLOUD_ACCESS_KEY_ID", "id-of-ALIBABA_CLOUD_/s/"},
		{"the second spelling", keys("ALIBABACLOUD_"), "", false, "environment ALIBABACLOUD_ACCESS_KEY_ID", "id-of-ALIBABACLOUD_/s/"},
		{"the third spelling", keys("ALICLOUD_"), "", false, "environment ALICLOUD_ACCESS_KEY_ID", "id-of-ALICLOUD_/s/"},
		{
			"a security token", with(keys("ALIBABA_CLOUD_"), "ALIBABA_CLOUD_SECURITY_TOKEN", "t"), "", false,
			"environment ALIBABA_CLOUD_ACCESS_KEY_ID", "id-of-ALIBABA_CLOUD_/s/t",
		},
		{
			"a token of another spelling is another's", with(keys("ALICLOUD_"), "ALIBABA_CLOUD_OTHER", "t"), "", false,
			"environment ALICLOUD_ACCESS_KEY_ID", "id-of-ALICLOUD_/s/",
		},
		{
			"the first of two spellings", with(keys("ALIBABA_CLOUD_"), "ALICLOUD_ACCESS_KEY_ID", "x", "ALICLOUD_ACCESS_KEY_SECRET", "y"), "", false,
			"environment ALIBABA_CLOUD_ACCESS_KEY_ID", "id-of-ALIBABA_CLOUD_/s/",
		},
		{
			"empty variables are not set", with(keys("ALICLOUD_"), "ALIBABA_CLOUD_ACCESS_KEY_ID", "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", ""), "", false,
			"environment ALICLOUD_ACCESS_KEY_ID", "id-of-ALICLOUD_/s/",
		},
		{"the environment before a profile that an official variable names", keys("ALIBABA_CLOUD_"), "test", false, "environment ALIBABA_CLOUD_ACCESS_KEY_ID", "id-of-ALIBABA_CLOUD_/s/"},
		{"a profile named for this tool before the environment", keys("ALIBABA_CLOUD_"), "test", true, "profile test", "STS.test/TOP-SECRET-KEY/TOP-SECRET-TOKEN"},
		{"a profile named for this tool before half an environment", map[string]string{"ALICLOUD_ACCESS_KEY_ID": "x"}, "test", true, "profile test", "STS.test/TOP-SECRET-KEY/TOP-SECRET-TOKEN"},
		{"the environment before other sources", with(keys("ALICLOUD_"), "ALIBABA_CLOUD_CREDENTIALS_URI", "http://x"), "", false, "environment ALICLOUD_ACCESS_KEY_ID", "id-of-ALICLOUD_/s/"},
		{"the current profile", nil, "", false, "profile prod", "LTAIprod/TOP-SECRET-KEY/"},
		{"another profile", nil, "test", false, "profile test", "STS.test/TOP-SECRET-KEY/TOP-SECRET-TOKEN"},
	} {
		s := search(t, test.env, profiles(t, prodAndTest))
		s.ProfileName, s.Explicit = test.profile, test.explicit
		identity, err := s.Find(t.Context())
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := signsWith(t, identity); identity.Source != test.source || got != test.signs || identity.AccessKeyId != strings.Split(got, "/")[0] {
			t.Errorf("%s: %s signs with %s; want %s with %s", test.name, identity.Source, got, test.source, test.signs)
		}
	}
}

// wantIdentityError checks that an error has kind Identity, contains these texts, and contains no secret.
func wantIdentityError(t *testing.T, name string, identity *Identity, err error, says ...string) {
	t.Helper()
	var known *activation.Error
	if identity != nil || !errors.As(err, &known) || known.Kind != activation.KindIdentity {
		t.Errorf("%s: %+v, %v", name, identity, err)
		return
	}
	for _, word := range says {
		if !strings.Contains(known.Err.Error(), word) {
			t.Errorf("%s: %q does not say %q", name, known.Err, word)
		}
	}
	if known.Hint == "" {
		t.Errorf("%s: %q has no hint", name, known.Err)
	}
	keepsQuiet(t, fmt.Sprintf("%+v %s %s", *known, known.Err, known.Hint))
}

func TestAnIncompleteEnvironmentIsAnError(t *testing.T) {
	for _, prefix := range []string{"ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_"} {
		for _, test := range []struct {
			set     []string
			missing string
		}{
			{[]string{"ACCESS_KEY_ID"}, "ACCESS_KEY_SECRET"},
			{[]string{"ACCESS_KEY_SECRET"}, "ACCESS_KEY_ID"},
			{[]string{"SECURITY_TOKEN"}, "ACCESS_KEY_ID"},
			{[]string{"ACCESS_KEY_ID", "SECURITY_TOKEN"}, "ACCESS_KEY_SECRET"},
			{[]string{"ACCESS_KEY_SECRET", "SECURITY_TOKEN"}, "ACCESS_KEY_ID"},
		} {
			env := map[string]string{}
			if prefix == "ALIBABA_CLOUD_" { // a whole set of a later spelling must not be reached
				env["ALICLOUD_ACCESS_KEY_ID"], env["ALICLOUD_ACCESS_KEY_SECRET"] = "x", theSecret
			}
			for _, name := range test.set {
				env[prefix+name] = theSecret
			}
			identity, err := search(t, env, profiles(t, prodAndTest)).Find(t.Context())
			wantIdentityError(t, fmt.Sprint(prefix, test.set), identity, err, prefix+test.missing+" is not set")
		}
	}
}

func TestWithoutCredentialsTheErrorListsAllSources(t *testing.T) {
	s := search(t, nil, "")
	identity, err := s.Find(t.Context())
	wantIdentityError(t, "nothing", identity, err, "ALIBABA_CLOUD_ACCESS_KEY_ID", s.ProfilePath, "100.100.100.200")
	for _, value := range []string{"true", "TRUE", "True"} {
		var asked bool
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
		s = search(t, map[string]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": value}, "")
		s.Metadata = server.URL
		identity, err = s.Find(t.Context())
		server.Close()
		wantIdentityError(t, "metadata off", identity, err, "ALIBABA_CLOUD_ECS_METADATA_DISABLED")
		if asked {
			t.Errorf("the metadata service was asked in spite of %s", value)
		}
	}
}

func TestAProfileIsUsedByItsModeAndAnInvalidOneIsAnError(t *testing.T) {
	const ak, secret, token = `"access_key_id":"LTAIx"`, `"access_key_secret":"TOP-SECRET-KEY"`, `"sts_token":"TOP-SECRET-TOKEN"`
	for _, test := range []struct {
		name, profile string
		signs, says   string // one of them
	}{
		{"AK", `"mode":"AK",` + ak + `,` + secret, "LTAIx/TOP-SECRET-KEY/", ""},
		{"ak in small letters", `"mode":"ak",` + ak + `,` + secret, "LTAIx/TOP-SECRET-KEY/", ""},
		{"AK ignores a token that is left over", `"mode":"AK",` + ak + `,` + secret + `,` + token, "LTAIx/TOP-SECRET-KEY/", ""},
		{"StsToken", `"mode":"StsToken",` + ak + `,` + secret + `,` + token, "LTAIx/TOP-SECRET-KEY/TOP-SECRET-TOKEN", ""},
		{"STSTOKEN", `"mode":"STSTOKEN",` + ak + `,` + secret + `,` + token, "LTAIx/TOP-SECRET-KEY/TOP-SECRET-TOKEN", ""},
		{"no mode and a key", ak + `,` + secret, "LTAIx/TOP-SECRET-KEY/", ""},
		{"no mode and a token", `"mode":"",` + ak + `,` + secret + `,` + token, "LTAIx/TOP-SECRET-KEY/TOP-SECRET-TOKEN", ""},
		{"no mode and a key beside a role's name", ak + `,` + secret + `,"ram_role_name":"r"`, "LTAIx/TOP-SECRET-KEY/", ""},

		{"AK without id", `"mode":"AK",` + secret, "", "has no access_key_id"},
		{"AK without secret", `"mode":"AK",` + ak, "", "has no access_key_secret"},
		{"AK with an empty secret", `"mode":"AK","access_key_secret":"",` + ak, "", "has no access_key_secret"},
		{"StsToken without token", `"mode":"StsToken",` + ak + `,` + secret, "", "has no sts_token"},
		{"StsToken without secret", `"mode":"StsToken",` + ak + `,` + token, "", "has no access_key_secret"},
		{"nothing at all", `"mode":""`, "", "has no access_key_id"},
		{"RamRoleArn without role", `"mode":"RamRoleArn",` + ak + `,` + secret, "", "has no ram_role_arn"},
		{"OIDC without provider", `"mode":"OIDC"`, "", "has no oidc_provider_arn"},
		{"CloudSSO without token", `"mode":"CloudSSO",` + ak + `,` + secret, "", "mode CloudSSO"},
		{"a mode of the future", `"mode":"Quantum",` + ak + `,` + secret, "", "mode Quantum"},
	} {
		env := map[string]string{"ALIBABA_CLOUD_ECS_METADATA": "role"} // must not be reached
		s := search(t, env, profiles(t, `{"current":"x","profiles":[{"name":"x",`+test.profile+`}]}`))
		identity, err := s.Find(t.Context())
		if test.says != "" {
			wantIdentityError(t, test.name, identity, err, test.says, "profile x")
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if got := signsWith(t, identity); got != test.signs {
			t.Errorf("%s: signs with %s, want %s", test.name, got, test.signs)
		}
	}
}

func TestAMissingProfileIsAnError(t *testing.T) {
	for _, test := range []struct {
		name, file, profile string
		explicit            bool
		says                []string
	}{
		{"a name nobody has", prodAndTest, "prd", false, []string{`no profile "prd"`, "prod, test"}},
		{"a name nobody has, for this tool", prodAndTest, "prd", true, []string{`no profile "prd"`, "prod, test"}},
		{"a current profile nobody has", `{"current":"gone","profiles":[{"name":"prod"}]}`, "", false, []string{`no profile "gone"`, "prod"}},
		{"no current profile and none called default", `{"profiles":[{"name":"prod"}]}`, "", false, []string{`no profile "default"`}},
		{"no profiles", `{"current":"prod","profiles":[]}`, "", false, []string{`no profile "prod" and no other profiles`}},
		{"an empty object", `{}`, "", false, []string{`no profile "default"`}},
		{"an empty file", ``, "", false, []string{"not valid JSON"}},
	} {
		s := search(t, nil, profiles(t, test.file))
		s.ProfileName, s.Explicit = test.profile, test.explicit
		identity, err := s.Find(t.Context())
		wantIdentityError(t, test.name, identity, err, append(test.says, s.ProfilePath)...)
	}
	for _, explicit := range []bool{true, false} {
		s := search(t, nil, "")
		s.ProfileName, s.Explicit = "prod", explicit
		identity, err := s.Find(t.Context())
		wantIdentityError(t, "no file at all", identity, err, "prod", s.ProfilePath)
	}
}
