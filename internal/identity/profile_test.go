package identity

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
)

func TestAProfileHasItsNameAndRegion(t *testing.T) {
	path := profiles(t, prodAndTest)
	for _, test := range []struct{ ask, name, region string }{{"", "prod", "cn-beijing"}, {"prod", "prod", "cn-beijing"}, {"test", "test", ""}} {
		profile, err := ReadProfile(path, test.ask)
		if err != nil || profile.Name != test.name || profile.RegionId != test.region {
			t.Errorf("%q: %+v, %v", test.ask, profile, err)
		}
	}
}

func TestProfilesAreListedInOrderWithoutSecrets(t *testing.T) {
	all, err := search(t, nil, profiles(t, prodAndTest)).Profiles()
	if text := fmt.Sprintf("%v", all); text != `[profile prod, region "cn-beijing" profile test, region ""]` || err != nil {
		t.Errorf("%s, %v", text, err)
	}
	if all, err := search(t, nil, "").Profiles(); all != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a file: %v, %v", all, err)
	}
}

func TestWithoutACurrentProfileTheDefaultProfileIsUsed(t *testing.T) {
	profile, err := ReadProfile(profiles(t, `{"profiles":[{"name":"a"},{"name":"default","region_id":"us-west-1"}]}`), "")
	if err != nil || profile.RegionId != "us-west-1" {
		t.Errorf("%+v, %v", profile, err)
	}
}

func TestAMissingFileWithoutAProfileNameIsNoError(t *testing.T) {
	for _, path := range []string{filepath.Join(t.TempDir(), "config.json"), filepath.Join(t.TempDir(), "no", "such", "folder.json")} {
		if profile, err := ReadProfile(path, ""); profile != nil || err != nil {
			t.Errorf("%+v, %v", profile, err)
		}
	}
}

func TestTheErrorNamesAnUnreadableFileOnce(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"", "prod"} {
		profile, err := ReadProfile(folder, name)
		if profile != nil || err == nil || !strings.Contains(err.Error(), folder) || strings.Contains(err.Error(), "  ") {
			t.Errorf("%q: %+v, %v", name, profile, err)
		}
	}
}

func TestAByteOrderMarkIsIgnored(t *testing.T) {
	if profile, err := ReadProfile(profiles(t, "\ufeff"+prodAndTest), ""); err != nil || profile.Name != "prod" {
		t.Errorf("%+v, %v", profile, err)
	}
}

func TestTheErrorOfAnInvalidFileDoesNotShowItsContent(t *testing.T) {
	for name, content := range map[string]string{
		"cut off":            prodAndTest[:180],
		"a stray quote":      strings.Replace(prodAndTest, `TOP-SECRET-KEY"`, `TOP-SECRET-KEY""`, 1),
		"an odd escape":      strings.Replace(prodAndTest, "TOP-SECRET-KEY", `\qTOP-SECRET-KEY`, 1),
		"a bare secret":      `{"profiles":[{"name":"x","access_key_secret":TOP-SECRET-KEY}]}`,
		"a list of secrets":  `{"profiles":[{"name":"x","access_key_secret":["TOP-SECRET-KEY"]}]}`,
		"profiles as an map": `{"profiles":{"TOP-SECRET-KEY":{"access_key_secret":"TOP-SECRET-KEY"}}}`,
		"a number as name":   `{"current":5,"profiles":[{"name":"TOP-SECRET-KEY"}]}`,
		"an array":           `["TOP-SECRET-KEY"]`,
		"a text":             `"TOP-SECRET-KEY"`,
		"another format":     "[default]\naccess_key_secret = TOP-SECRET-KEY\n",
		"UTF-16":             "\xff\xfe{\x00",
		"NULs":               "\x00\x00\x00TOP-SECRET-KEY",
		"two objects":        prodAndTest + prodAndTest,
	} {
		path := profiles(t, content)
		profile, err := ReadProfile(path, "")
		if profile != nil || err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %+v, %v", name, profile, err)
			continue
		}
		keepsQuiet(t, err.Error())
	}
}

func TestTheProfileFileIsNotWritten(t *testing.T) {
	path := profiles(t, prodAndTest)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := search(t, nil, path).Find(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(path)
	if err != nil || !after.ModTime().Equal(before.ModTime()) || after.Size() != before.Size() {
		t.Errorf("%v is now %v, %v", before, after, err)
	}
}

func TestANamedProfileMustExistEvenIfTheEnvironmentHasKeys(t *testing.T) {
	s := search(t, map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIenv", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": theSecret}, profiles(t, prodAndTest))
	s.ProfileName, s.ProfileSource = "nope", "environment ALIBABA_CLOUD_PROFILE"
	identity, err := s.Find(t.Context())
	wantIdentityError(t, "a name without a profile", identity, err, `has no profile "nope"; it has prod, test`)
	var known *activation.Error
	if !errors.As(err, &known) || !strings.HasPrefix(fmt.Sprintf(known.Hint, known.HintArgs...), "correct environment ALIBABA_CLOUD_PROFILE, or ") {
		t.Errorf("%+v", err)
	}
	s.ProfileName = "test"
	if identity := found(t, s); identity.AccessKeyId != "LTAIenv" {
		t.Error(identity)
	}
}

func TestTheCurrentProfileOfTheFileHasNoSourceToCorrect(t *testing.T) {
	s := search(t, nil, profiles(t, strings.Replace(prodAndTest, `"current":"prod"`, `"current":"gone"`, 1)))
	s.ProfileSource = "default"
	identity, err := s.Find(t.Context())
	wantIdentityError(t, "a current profile that does not exist", identity, err, `has no profile "gone"; it has prod, test`)
	var known *activation.Error
	if !errors.As(err, &known) || !strings.HasPrefix(known.Hint, "choose one with --profile; ") {
		t.Errorf("%+v", err)
	}
}

func TestAProfileNameTwiceInTheFileIsAnError(t *testing.T) {
	twice := strings.Replace(prodAndTest, `"name":"test"`, `"name":"prod"`, 1)
	identity, err := search(t, nil, profiles(t, twice)).Find(t.Context())
	wantIdentityError(t, "a profile twice", identity, err, `has two profiles with the name "prod"`)
	identity, err = inFile(t, strings.Replace(twoSections, "[prod]", "[default]", 1)).Find(t.Context())
	wantIdentityError(t, "a section twice", identity, err, `has two sections with the name "default"`)
}

func TestANamedProfileDoesNotSignIfTheEnvironmentDoes(t *testing.T) {
	for variable, env := range map[string]map[string]string{
		"":                                {},
		"ALICLOUD_ACCESS_KEY_ID":          {"ALICLOUD_ACCESS_KEY_ID": "LTAIenv", "ALICLOUD_ACCESS_KEY_SECRET": theSecret},
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET": {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": theSecret},
		"ALIBABA_CLOUD_OIDC_TOKEN_FILE":   pod("token"),
	} {
		for _, test := range []struct {
			name     string
			explicit bool
			want     string
		}{{"prod", false, variable}, {"prod", true, ""}, {"", false, ""}} {
			s := search(t, env, profiles(t, prodAndTest))
			s.ProfileName, s.Explicit = test.name, test.explicit
			if profile, instead, err := s.Profile(); err != nil || profile.Name != "prod" || instead != test.want {
				t.Errorf("%s, %+v: %v, %q, %v", variable, test, profile, instead, err)
			}
		}
	}
}
