package identity

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

// chained returns a profile that assumes a role from another profile.
func chained(name, source, arn string) string {
	return fmt.Sprintf(`{"name":%q,"mode":"ChainableRamRoleArn","source_profile":%q,"ram_role_arn":%q}`, name, source, arn)
}

func TestAChainOfSourceProfilesIsFollowed(t *testing.T) {
	sts := newSTS(t)
	s := sts.of(t, `"mode":"ChainableRamRoleArn","source_profile":"middle","ram_role_arn":"`+theRole+`"`,
		chained("middle", "base", "acs:ram::1:role/middle"), `{"name":"base","mode":"AK",`+theKeys+`}`)
	identity := found(t, s)
	if identity.Source != "profile x (role "+theRole+")" || identity.AccessKeyId != theKeyId || identity.Role != theRole {
		t.Errorf("%+v", identity)
	}
	if got := signsWith(t, identity); got != "STS.2/"+theSecret+"/"+theToken {
		t.Errorf("signs with %s", got)
	}
	asked := sts.Requests()
	if len(asked) != 2 || asked[0].Get("AccessKeyId") != theKeyId || asked[0].Get("RoleArn") != "acs:ram::1:role/middle" ||
		asked[1].Get("AccessKeyId") != "STS.1" || asked[1].Get("RoleArn") != theRole || asked[1].Get("SecurityToken") != theToken {
		t.Errorf("%v", asked)
	}
}

func TestALoopOfSourceProfilesIsAnError(t *testing.T) {
	for name, test := range map[string]struct {
		profile string
		others  []string
		says    string
	}{
		"itself":                    {"x", nil, "x → x"},
		"two":                       {"a", []string{chained("a", "x", theRole)}, "x → a → x"},
		"three":                     {"a", []string{chained("a", "b", theRole), chained("b", "x", theRole)}, "x → a → b → x"},
		"a loop that x only enters": {"a", []string{chained("a", "b", theRole), chained("b", "a", theRole)}, "a → b → a"},
	} {
		s := newSTS(t).of(t, `"mode":"chainableramrolearn","ram_role_arn":"`+theRole+`","source_profile":"`+test.profile+`"`, test.others...)
		identity, err := s.Find(t.Context())
		wantIdentityError(t, name, identity, err, test.says)
	}
}

func TestTheErrorNamesAnInvalidSourceProfile(t *testing.T) {
	const chain = `"mode":"ChainableRamRoleArn","ram_role_arn":"` + theRole + `","source_profile":"base"`
	for name, test := range map[string]struct{ profile, base, says string }{
		"none":           {chain, `{"name":"other"}`, `profile x has the source profile "base", which does not exist`},
		"no secret":      {chain, `{"name":"base","mode":"AK","access_key_id":"LTAI"}`, "profile base has no access_key_secret"},
		"no source":      {`"mode":"ChainableRamRoleArn","ram_role_arn":"r"`, `{"name":"base"}`, "profile x has no source_profile"},
		"no role":        {`"mode":"ChainableRamRoleArn","source_profile":"base"`, `{"name":"base"}`, "profile x has no ram_role_arn"},
		"an odd mode":    {chain, `{"name":"base","mode":"RsaKeyPair"}`, "profile base has mode RsaKeyPair"},
		"a stale login":  {chain, `{"name":"base","mode":"CloudSSO"}`, "profile base (mode CloudSSO) has no temporary credentials"},
		"no right there": {chain, `{"name":"base","mode":"RamRoleArn",` + theKeys + `}`, "profile base has no ram_role_arn"},
	} {
		identity, err := newSTS(t).of(t, test.profile, test.base).Find(t.Context())
		wantIdentityError(t, name, identity, err, test.says)
	}
}

func TestTheErrorNamesTheProfileOfARefusedRole(t *testing.T) {
	sts := newSTS(t)
	sts.Instead = refusal(404, "EntityNotExist.Role")
	s := sts.of(t, `"mode":"ChainableRamRoleArn","source_profile":"middle","ram_role_arn":"`+theRole+`"`, chained("middle", "base", "acs:ram::1:role/middle"), `{"name":"base",`+theKeys+`}`)
	_, err := found(t, s).keys(t.Context())
	wantKind(t, err, activation.KindIdentity, "profile middle: role acs:ram::1:role/middle does not exist")
}

func TestAnInstanceRoleCanAssumeAnother(t *testing.T) {
	i, sts := newInstance(t), newSTS(t)
	sts.Secrets["STS.role"] = theSecret
	s := sts.of(t, `"mode":"RamRoleArnWithRoleName","ram_role_name":"web-role","ram_role_arn":"`+theRole+`"`)
	s.Metadata = i.URL
	if got := signsWith(t, found(t, s)); got != "STS.1/"+theSecret+"/"+theToken {
		t.Errorf("signs with %s", got)
	}
	if asked := sts.Requests()[0]; asked.Get("AccessKeyId") != "STS.role" || asked.Get("SecurityToken") != theToken {
		t.Errorf("%v", asked)
	}
}

func TestAMissingModeIsInferredAsInTheAliyunCLI(t *testing.T) {
	for profile, mode := range map[string]string{
		`"access_key_id":"a","access_key_secret":"b"`:                                    "ak",
		`"access_key_id":"a","access_key_secret":"b","sts_token":"c"`:                    "ststoken",
		`"access_key_id":"a","access_key_secret":"b","ram_role_arn":"c"`:                 "ramrolearn",
		`"access_key_id":"a","access_key_secret":"b","ram_role_arn":"c","sts_token":"d"`: "ststoken",
		`"access_key_id":"a","access_key_secret":"b","ram_role_name":"c"`:                "ak",
		`"private_key":"a","key_pair_name":"b"`:                                          "rsakeypair",
		`"ram_role_name":"a"`:                                                            "ecsramrole",
		`"process_command":"a"`:                                                          "external",
		`"oidc_provider_arn":"a","oidc_token_file":"b","ram_role_arn":"c"`:               "oidc",
		`"cloud_sso_sign_in_url":"a"`:                                                    "cloudsso",
		`"bearer_token":"a"`:                                                             "bearertoken",
		`"ram_role_arn":"a"`:                                                             "ak",
		`"access_key_id":"a"`:                                                            "ak",
		`"mode":"EcsRamRole","access_key_id":"a","access_key_secret":"b"`:                "ecsramrole",
		`"mode":"ECSRAMROLE"`:                                                            "ecsramrole",
		`"mode":"cHaInAbLeRaMrOlEaRn"`:                                                   "chainableramrolearn",
		`"mode":"","access_key_id":"a","access_key_secret":"b"`:                          "ak",
	} {
		read, err := ReadProfile(profiles(t, `{"current":"x","profiles":[{"name":"x",`+profile+`}]}`), "")
		if err != nil || read.fields.mode() != mode {
			t.Errorf("%s: %s, %v; want %s", profile, read.fields.mode(), err, mode)
		}
	}
}

func TestTheErrorNamesAnUnsupportedMode(t *testing.T) {
	for _, mode := range []string{"RsaKeyPair", "BearerToken", "Anonymous", "Quantum"} {
		s := search(t, nil, profiles(t, `{"current":"x","profiles":[{"name":"x","mode":"`+mode+`",`+theKeys+`}]}`))
		identity, err := s.Find(t.Context())
		wantIdentityError(t, mode, identity, err, "profile x has mode "+mode)
	}
}

// login returns a profile with temporary credentials that expire after some time.
func login(mode string, end time.Duration, more string) string {
	return fmt.Sprintf(`"mode":%q,"access_key_id":"STS.cached","access_key_secret":%q,"sts_token":%q,"sts_expiration":%d%s`,
		mode, theSecret, theToken, time.Now().Add(end).Unix(), more)
}

func TestTheCachedTokenOfALoginIsUsedUntilItExpires(t *testing.T) {
	for _, mode := range []string{"CloudSSO", "OAuth", "External", "cloudsso"} {
		s := search(t, nil, profiles(t, `{"current":"x","profiles":[{"name":"x",`+login(mode, 4*time.Minute, "")+`}]}`))
		identity := found(t, s)
		if got := signsWith(t, identity); got != "STS.cached/"+theSecret+"/"+theToken || identity.Source != "profile x" || identity.AccessKeyId != "STS.cached" {
			t.Errorf("%s: %+v signs with %s", mode, identity, got)
		}
	}
}

func TestACloudSSOLoginIsIdentifiedByItsAccount(t *testing.T) {
	more := `,"cloud_sso_account_id":"12","cloud_sso_access_config":"ac-1"`
	identity := found(t, search(t, nil, profiles(t, `{"current":"x","profiles":[{"name":"x",`+login("CloudSSO", time.Hour, more)+`}]}`)))
	if identity.AccessKeyId != "" || identity.Role != "CloudSSO account 12, access configuration ac-1" {
		t.Errorf("%+v", identity)
	}
}

func TestTheErrorOfAnExpiredLoginNamesTheCommandToRenewIt(t *testing.T) {
	later, before := time.Now().Add(time.Hour).Unix(), time.Now().Add(-time.Hour).Unix()
	for _, test := range []struct{ mode, more, command string }{
		{"CloudSSO", "", "aliyun configure --mode CloudSSO --profile x"},
		{"CloudSSO", fmt.Sprintf(`,"cloud_sso_access_token_expire":%d`, before), "aliyun configure --mode CloudSSO --profile x"},
		{"CloudSSO", fmt.Sprintf(`,"cloud_sso_access_token_expire":%d`, later), "aliyun sts GetCallerIdentity --profile x"},
		{"OAuth", "", "aliyun configure --mode OAuth --profile x"},
		{"OAuth", `,"oauth_site_type":"INTL"`, "aliyun configure --mode OAuth --oauth-site-type INTL --profile x"},
		{"OAuth", `,"oauth_refresh_token":"` + theMark + `"`, "aliyun sts GetCallerIdentity --profile x"},
		{"OAuth", fmt.Sprintf(`,"oauth_refresh_token":"a","oauth_refresh_token_expire":%d`, before), "aliyun configure --mode OAuth --profile x"},
		{"OAuth", fmt.Sprintf(`,"oauth_access_token_expire":%d`, later), "aliyun sts GetCallerIdentity --profile x"},
		{"External", `,"process_command":"` + theMark + `"`, "aliyun configure --mode StsToken --profile x-token"},
	} {
		for _, end := range []time.Duration{-time.Hour, 0, 2 * time.Minute} {
			s := search(t, nil, profiles(t, `{"current":"x","profiles":[{"name":"x",`+login(test.mode, end, test.more)+`}]}`))
			identity, err := s.Find(t.Context())
			wantIdentityError(t, test.mode, identity, err, "profile x (mode "+test.mode+")", "have expired")
			if command := strings.Join(err.(*activation.Error).Command, " "); command != test.command { //nolint:errorlint // checked above
				t.Errorf("%s%s: %q", test.mode, test.more, command)
			}
		}
	}
	for _, profile := range []string{`"mode":"OAuth"`, `"mode":"External","access_key_id":"a","access_key_secret":"` + theSecret + `"`, `"mode":"CloudSSO","sts_token":"` + theToken + `"`} {
		identity, err := search(t, nil, profiles(t, `{"current":"x","profiles":[{"name":"x",`+profile+`}]}`)).Find(t.Context())
		wantIdentityError(t, profile, identity, err, "profile x", "has no temporary credentials")
	}
}

func TestAProfileNameIsOneArgumentOfACommand(t *testing.T) {
	path := profiles(t, `{"current":"my prod; rm -rf ~","profiles":[{"name":"my prod; rm -rf ~","mode":"OAuth"}]}`)
	_, err := search(t, nil, path).Find(t.Context())
	command := err.(*activation.Error).Command //nolint:errorlint // Find returns no other
	if !slices.Contains(command, "my prod; rm -rf ~") {
		t.Errorf("%q", command)
	}
}

func TestTheAliyunFileIsNotWrittenInAnyMode(t *testing.T) {
	sts := newSTS(t)
	for _, profile := range []string{
		`"mode":"AK",` + theKeys, ramRole, login("External", time.Hour, `,"process_command":"false"`), login("External", -time.Hour, `,"process_command":"false"`),
		login("OAuth", time.Hour, ""), login("OAuth", -time.Hour, `,"oauth_refresh_token":"a"`), login("CloudSSO", -time.Hour, ""), `"mode":"Quantum"`,
	} {
		s := sts.of(t, profile)
		before, past := content(t, s.ProfilePath), time.Now().Add(-time.Hour).Truncate(time.Second)
		if err := os.Chtimes(s.ProfilePath, past, past); err != nil {
			t.Fatal(err)
		}
		if identity, err := s.Find(t.Context()); err == nil {
			signsWith(t, identity)
		}
		after, err := os.Stat(s.ProfilePath)
		if err != nil || content(t, s.ProfilePath) != before || !after.ModTime().Equal(past) {
			t.Errorf("%s: the file was changed: %v, %v", profile, after, err)
		}
	}
}

func content(t testing.TB, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
