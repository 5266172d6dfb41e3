package identity

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Other programs write these files. No content may cause a panic, a hang, or a secret in an error.

const theFuzzedSecret = "qX7-secret-qX7"

// quietly searches for an identity in fuzzed files, and checks that no error shows the secret.
func quietly(t *testing.T, s Search) {
	t.Helper()
	s.Metadata, s.STS = "http://127.0.0.1:1", "127.0.0.1:1"
	s.Env = environment(map[string]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"})
	begun := time.Now()
	identity, err := s.Find(t.Context())
	profile, _, profileErr := s.Profile()
	took := time.Since(begun)
	if (identity == nil) == (err == nil) || identity != nil && identity.provider == nil {
		t.Errorf("%v, %v", identity, err)
	}
	if output := fmt.Sprintf("%+v %+v %v %+v %v", identity, err, err, profile, profileErr); strings.Contains(output, theFuzzedSecret) {
		t.Errorf("the secret is shown: %s", output)
	}
	if took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// secretKeys lists the keys of a profile whose values must not be shown.
var secretKeys = []string{"access_key_secret", "sts_token", "policy", "external_id", "process_command", "oauth_refresh_token", "bearer_token", "private_key"}

func FuzzProfileFile(f *testing.F) {
	for _, profile := range []string{
		`"mode":"AK","access_key_id":"a"`, `"mode":"StsToken","access_key_id":"a","access_key_secret":"b"`, `"mode":"RamRoleArn","access_key_id":"a","ram_role_arn":"r","expired_seconds":60`,
		`"mode":"ChainableRamRoleArn","source_profile":"x","ram_role_arn":"r"`, `"mode":"OIDC","oidc_provider_arn":"p","oidc_token_file":"/dev/null","ram_role_arn":"r"`,
		`"mode":"CloudSSO","sts_expiration":99999999999999`, `"mode":"OAuth"`, `"mode":"EcsRamRole"`, `"mode":7`, `"sts_region":"/?"`, `"mode":"CredentialsURI","credentials_uri":"http://127.0.0.1/"`,
	} {
		for key := range secretKeys {
			f.Add(`{"current":"x","profiles":[{"name":"x",`+profile+`,`, `}]}`, "x", byte(key))
		}
	}
	f.Add("\ufeff", "", "", byte(0))
	f.Add(`{"profiles":null,`, "", "x", byte(1))
	f.Fuzz(func(t *testing.T, before, after, name string, key byte) {
		path := filepath.Join(t.TempDir(), "config.json")
		content := fmt.Sprintf("%s%q:%q%s", before, secretKeys[int(key)%len(secretKeys)], theFuzzedSecret, after)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		quietly(t, Search{ProfilePath: path, ProfileName: name})
	})
}

func FuzzCredentialsFile(f *testing.F) {
	const keys = "access_key_id = a\naccess_key_secret = b\n"
	for _, section := range []string{
		"type = access_key\n", "type = sts\n" + keys, "type = ram_role_arn\nrole_arn = r\nrole_session_expiration = 60\n" + keys, "type = ecs_ram_role\n",
		"type = oidc_role_arn\noidc_provider_arn = p\noidc_token_file_path = /dev/null\nrole_arn = r\n", "enable = false\n", "a = %(b)s%(b)s\nb = %(a)s%(a)s\n", "type\n", "",
	} {
		f.Add("[default]\n"+section, "", "")
		f.Add("[a.b]\n"+section, "[", "a.b")
	}
	f.Fuzz(func(t *testing.T, before, after, name string) {
		if strings.ContainsAny(before, "`\\") || strings.Contains(before, `"""`) {
			return // what follows may be the rest of another key's value
		}
		path := filepath.Join(t.TempDir(), "credentials")
		if err := os.WriteFile(path, []byte(before+"\nsecurity_token = "+theFuzzedSecret+"\naccess_key_secret = "+theFuzzedSecret+"\n"+after), 0o600); err != nil {
			t.Fatal(err)
		}
		quietly(t, Search{ProfilePath: path + "-none", CredentialsPath: path, ProfileName: name})
	})
}
