package identity

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
)

const theProvider = "acs:ram::123456789012:oidc-provider/ack"

// tokenFile writes an OIDC token and returns its path.
func tokenFile(t testing.TB, token string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// pod returns the environment of a pod with RRSA.
func pod(path string) map[string]string {
	return map[string]string{
		"ALIBABA_CLOUD_OIDC_TOKEN_FILE": path, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": theProvider, "ALIBABA_CLOUD_ROLE_ARN": theRole,
	}
}

func TestTheOIDCTokenOfTheEnvironmentIsUsed(t *testing.T) {
	sts := newSTS(t)
	path := tokenFile(t, theToken)
	env := pod(path)
	env["ALIBABA_CLOUD_ROLE_SESSION_NAME"] = "pod-7"
	s := search(t, env, profiles(t, prodAndTest)) // the profile comes after it
	s.STS = sts.Host()
	identity := found(t, s)
	if identity.Source != "environment ALIBABA_CLOUD_OIDC_TOKEN_FILE (role "+theRole+")" || identity.AccessKeyId != "" || identity.Role != theRole {
		t.Errorf("%+v", identity)
	}
	if got := signsWith(t, identity); got != "STS.1/"+theSecret+"/"+theToken {
		t.Errorf("signs with %s", got)
	}
	asked := sts.Requests()[0]
	for name, want := range map[string]string{
		"Action": "AssumeRoleWithOIDC", "Version": "2015-04-01", "Format": "JSON", "RoleArn": theRole, "OIDCProviderArn": theProvider, "OIDCToken": theToken,
		"RoleSessionName": "pod-7", "DurationSeconds": "3600", "AccessKeyId": "", "Signature": "",
	} {
		if got := asked.Get(name); got != want {
			t.Errorf("STS was asked with %s = %q, not %q", name, got, want)
		}
	}
}

func TestTheOtherBeginningOfTheOIDCVariablesComesFirst(t *testing.T) {
	sts := newSTS(t)
	env := pod("another")
	for name, value := range pod(tokenFile(t, theToken)) {
		env[strings.Replace(name, "ALIBABA_CLOUD_", "ALIBABACLOUD_", 1)] = value
	}
	env["ALIBABA_CLOUD_ROLE_ARN"] = "another"
	s := search(t, env, "")
	s.STS = sts.Host()
	if identity := found(t, s); identity.Role != theRole || signsWith(t, identity) != "STS.1/"+theSecret+"/"+theToken {
		t.Error(identity)
	}
	s.Env, s.ProfileName, s.Explicit = environment(env), "x", true
	s.ProfilePath = profiles(t, `{"profiles":[{"name":"x","mode":"OIDC"}]}`)
	if identity := found(t, s); identity.Role != theRole {
		t.Error(identity)
	}
}

func TestAnIncompleteOIDCEnvironmentIsAnError(t *testing.T) {
	whole := pod(tokenFile(t, theToken))
	for missing := range whole {
		env := maps.Clone(whole)
		delete(env, missing)
		identity, err := search(t, env, profiles(t, prodAndTest)).Find(t.Context())
		wantIdentityError(t, missing, identity, err, missing+" is not set")
	}
}

func TestARoleInTheEnvironmentAloneConfiguresNoOIDCToken(t *testing.T) {
	s := search(t, map[string]string{"ALIBABA_CLOUD_ROLE_ARN": theRole, "ALIBABA_CLOUD_ROLE_SESSION_NAME": "x"}, profiles(t, prodAndTest))
	if identity := found(t, s); identity.Source != "profile prod" {
		t.Errorf("%+v", identity)
	}
}

func TestAnUnreadableTokenFileIsAnError(t *testing.T) {
	folder := t.TempDir()
	for name, path := range map[string]string{"missing": filepath.Join(folder, "none"), "a folder": folder, "empty": tokenFile(t, " \n")} {
		identity, err := search(t, pod(path), profiles(t, prodAndTest)).Find(t.Context())
		wantIdentityError(t, name, identity, err, "OIDC token", path)
	}
}

func TestAnOIDCTokenIsReadAgainForEachFetch(t *testing.T) {
	sts := newSTS(t)
	sts.Lifetime = 0
	path := tokenFile(t, "first")
	s := search(t, pod(path), "")
	s.STS = sts.Host()
	identity := found(t, s)
	signsWith(t, identity)
	if err := os.WriteFile(path, []byte("second"), 0o600); err != nil {
		t.Fatal(err)
	}
	signsWith(t, identity)
	if asked := sts.Requests(); asked[0].Get("OIDCToken") != "first" || asked[1].Get("OIDCToken") != "second" {
		t.Errorf("%v", asked)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	_, err := identity.keys(t.Context())
	wantKind(t, err, activation.KindIdentity, "OIDC token", path)
}

func TestARefusedOIDCTokenHasAReasonAndAHint(t *testing.T) {
	for code, says := range map[string]string{
		"AuthenticationFail.OIDCToken.Expired":          "the OIDC token has expired",
		"AuthenticationFail.OIDCToken.Invalid":          "the OIDC token is not valid",
		"AuthenticationFail.OIDCToken.AudienceNotMatch": "another audience",
		"AuthenticationFail.OIDCToken.IssuerNotMatch":   "issuer",
		"AuthenticationFail.NoPermission":               "does not trust this OIDC token",
		"EntityNotExist.Role":                           "role " + theRole + " does not exist",
	} {
		sts := newSTS(t)
		sts.Instead = refusal(http.StatusForbidden, code)
		s := search(t, pod(tokenFile(t, theToken)), "")
		s.STS = sts.Host()
		_, err := found(t, s).keys(t.Context())
		wantKind(t, err, activation.KindIdentity, says)
		if !activation.HasCode(err, code) {
			t.Errorf("%s: %+v", code, err)
		}
	}
}

func TestAnOIDCProfileIsCompletedFromTheEnvironment(t *testing.T) {
	sts := newSTS(t)
	path := tokenFile(t, theToken)
	for name, test := range map[string]struct {
		profile string
		env     map[string]string
	}{
		"whole":            {fmt.Sprintf(`"mode":"OIDC","oidc_provider_arn":%q,"oidc_token_file":%q,"ram_role_arn":%q,"ram_session_name":"s"`, theProvider, path, theRole), nil},
		"without its mode": {fmt.Sprintf(`"oidc_provider_arn":%q,"oidc_token_file":%q,"ram_role_arn":%q,"ram_session_name":"s"`, theProvider, path, theRole), nil},
		"in a pod":         {`"mode":"OIDC","ram_session_name":"s"`, pod(path)},
	} {
		s := sts.of(t, test.profile)
		s.Env, s.ProfileName, s.Explicit = environment(test.env), "x", true
		identity := found(t, s)
		signsWith(t, identity)
		asked := sts.Requests()[len(sts.Requests())-1]
		if identity.Source != "profile x (role "+theRole+")" || asked.Get("OIDCToken") != theToken || asked.Get("RoleSessionName") != "s" {
			t.Errorf("%s: %+v asked %v", name, identity, asked)
		}
	}
	for _, seconds := range []string{"1", "3601"} {
		s := sts.of(t, `"mode":"OIDC","expired_seconds":`+seconds)
		s.Env, s.ProfileName, s.Explicit = environment(pod(path)), "x", true
		identity, err := s.Find(t.Context())
		wantIdentityError(t, seconds, identity, err, "profile x", "900 to 3600")
	}
	if strings.Contains(fmt.Sprintf("%+v", found(t, sts.of(t, ramRole))), theSecret) {
		t.Error("an identity shows its secret")
	}
}
