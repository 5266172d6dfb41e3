package identity

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const twoSections = `# of the official SDKs
[default]
type = access_key
access_key_id = LTAIdefault
access_key_secret = TOP-SECRET-KEY

[prod]
type = sts
access_key_id = STS.prod
access_key_secret = "TOP-SECRET-KEY"
security_token = TOP-SECRET-TOKEN ; with a remark
`

// inFile returns a search in which only the official SDKs' file is configured.
func inFile(t testing.TB, content string) Search {
	t.Helper()
	s := search(t, nil, "")
	s.CredentialsPath = filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(s.CredentialsPath, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASectionOfTheCredentialsFileIsUsed(t *testing.T) {
	for _, test := range []struct{ section, signs string }{
		{"default", "LTAIdefault/TOP-SECRET-KEY/"}, {"prod", "STS.prod/TOP-SECRET-KEY/TOP-SECRET-TOKEN"},
	} {
		s := inFile(t, twoSections)
		if test.section != "default" {
			s.ProfileName = test.section
		}
		identity := found(t, s)
		if got := signsWith(t, identity); got != test.signs || identity.Source != "section "+test.section+" of "+s.CredentialsPath {
			t.Errorf("%s signs with %s", identity.Source, got)
		}
	}
}

func TestTheEnvironmentSetsThePathOfTheCredentialsFile(t *testing.T) {
	other := inFile(t, strings.ReplaceAll(twoSections, "LTAIdefault", "LTAIother")).CredentialsPath
	s := inFile(t, twoSections)
	s.Env = environment(map[string]string{"ALIBABA_CLOUD_CREDENTIALS_FILE": other})
	if identity := found(t, s); identity.AccessKeyId != "LTAIother" {
		t.Errorf("%+v", identity)
	}
	s.Env = environment(map[string]string{"ALIBABA_CLOUD_CREDENTIALS_FILE": other + "-gone"})
	identity, err := s.Find(t.Context())
	wantIdentityError(t, "gone", identity, err, "cannot read "+other+"-gone")
}

func TestASectionCanAssumeARoleOrUseTheInstanceRole(t *testing.T) {
	sts, i := newSTS(t), newInstance(t)
	for _, test := range []struct{ section, signs, role string }{
		{fmt.Sprintf("type = ram_role_arn\naccess_key_id = %s\naccess_key_secret = %s\nrole_arn = %s\nrole_session_name = s\nrole_session_expiration = 900\n", theKeyId, theSecret, theRole), "STS.1", theRole},
		{fmt.Sprintf("type = oidc_role_arn\noidc_provider_arn = %s\noidc_token_file_path = %s\nrole_arn = %s\nrole_session_name = s\n", theProvider, tokenFile(t, theToken), theRole), "STS.2", theRole},
		{"type = ecs_ram_role\nrole_name = web-role\n", "STS.role", "web-role"},
	} {
		s := inFile(t, "[default]\n"+test.section)
		s.STS, s.Metadata = sts.Host(), i.URL
		identity := found(t, s)
		if got := signsWith(t, identity); got != test.signs+"/"+theSecret+"/"+theToken || identity.Role != test.role {
			t.Errorf("%s: signs with %s as %s", test.section, got, identity.Role)
		}
	}
	if asked := sts.Requests()[0]; asked.Get("RoleSessionName") != "s" || asked.Get("DurationSeconds") != "900" {
		t.Errorf("%v", asked)
	}
}

func TestAnInvalidSectionIsAnError(t *testing.T) {
	const keys = "access_key_id = a\naccess_key_secret = TOP-SECRET-KEY\n"
	for _, test := range []struct{ file, name, says string }{
		{"[default]\ntype = access_key\naccess_key_id = a\n", "", "section default of PATH has no access_key_secret"},
		{"[default]\ntype = access_key\naccess_key_secret = TOP-SECRET-KEY\n", "", "has no access_key_id"},
		{"[default]\ntype = sts\n" + keys, "", "has no security_token"},
		{"[default]\ntype = ram_role_arn\n" + keys, "", "has no role_arn"},
		{"[default]\ntype = oidc_role_arn\noidc_provider_arn = a\n", "", "has no oidc_token_file_path"},
		{"[default]\ntype = ram_role_arn\nrole_arn = r\nrole_session_expiration = 60\n" + keys, "", "role_session_expiration must be at least 900"},
		{"[default]\ntype = ram_role_arn\nrole_session_expiration = TOP-SECRET-KEY\n" + keys, "", "role_session_expiration is not an integer"},
		{"[default]\n" + keys, "", "has no type"},
		{"[default]\ntype = rsa_key_pair\n" + keys, "", "has type rsa_key_pair"},
		{"[prod]\ntype = access_key\n" + keys, "", `PATH has no section "default"; it has prod`},
		{"type = access_key\n" + keys, "", `PATH has no section "default"; it has DEFAULT`},
		{"[default]\nTOP-SECRET-KEY\n", "", "PATH is not a valid INI file: line 2"},
		{"[default\naccess_key_secret = TOP-SECRET-KEY\n", "", "PATH is not a valid INI file"},
		{"[default]\naccess_key_secret = \"\"\"TOP-SECRET-KEY\n", "", "PATH is not a valid INI file"},
		{"[default]\n= TOP-SECRET-KEY\n", "", "PATH is not a valid INI file"},
		{"[default]\nenable = false\ntype = access_key\n" + keys + "[prod]\ntype = access_key\n", "", `PATH has no section "default"; it has prod`},
	} {
		s := inFile(t, test.file)
		s.ProfileName = test.name
		s.Env = environment(map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1:1/"}) // must not be reached
		identity, err := s.Find(t.Context())
		wantIdentityError(t, test.file, identity, err, strings.ReplaceAll(test.says, "PATH", s.CredentialsPath))
	}
}

func TestAnEmptyCredentialsFileIsSkipped(t *testing.T) {
	for _, file := range []string{"", "\n# nothing yet\n", "[default]\n", "[default]\nenable = FALSE\ntype = access_key\n"} {
		s := inFile(t, file)
		s.Env = environment(map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1:1/"})
		if identity := found(t, s); identity.Source != "environment ALIBABA_CLOUD_CREDENTIALS_URI" {
			t.Errorf("%q: %+v", file, identity)
		}
	}
}

func TestAProfileIsFoundInTheCredentialsFile(t *testing.T) {
	s := inFile(t, twoSections)
	s.ProfilePath, s.ProfileName = profiles(t, `{"current":"other","profiles":[{"name":"other",`+theKeys+`}]}`), "prod"
	if identity := found(t, s); identity.AccessKeyId != "STS.prod" {
		t.Errorf("%+v", identity)
	}
	if profile, _, err := s.Profile(); profile != nil || err != nil {
		t.Errorf("%+v, %v", profile, err)
	}
	s.Explicit = true
	identity, err := s.Find(t.Context())
	wantIdentityError(t, "named for this tool", identity, err, `no profile "prod"; it has other`)
	if hint := err.Error(); hint == "" || !strings.Contains(fmt.Sprintf("%+v", err), `no profile "prod"`) {
		t.Error(err)
	}
	s.Explicit, s.ProfileName = false, "nobody"
	identity, err = s.Find(t.Context())
	wantIdentityError(t, "in neither", identity, err, `no profile "nobody"; it has other`)
}

func TestTheAliyunProfileComesBeforeTheCredentialsFile(t *testing.T) {
	s := inFile(t, twoSections)
	s.ProfilePath = profiles(t, prodAndTest)
	if identity := found(t, s); identity.Source != "profile prod" {
		t.Errorf("%+v", identity)
	}
	for _, name := range []string{"ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "ALIBABA_CLOUD_IGNORE_PROFILE", "ALIBABACLOUD_IGNORE_PROFILE"} {
		s.Env = environment(map[string]string{name: "True"})
		if identity := found(t, s); identity.AccessKeyId != "LTAIdefault" {
			t.Errorf("%s: %+v", name, identity)
		}
	}
}

func TestTheCredentialsFileIsNotWritten(t *testing.T) {
	s := inFile(t, twoSections)
	past := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(s.CredentialsPath, past, past); err != nil {
		t.Fatal(err)
	}
	found(t, s)
	after, err := os.Stat(s.CredentialsPath)
	if err != nil || content(t, s.CredentialsPath) != twoSections || !after.ModTime().Equal(past) {
		t.Errorf("the file was changed: %v, %v", after, err)
	}
}
