package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheErrorOfAnInvalidFileHasTheFileAndLine(t *testing.T) {
	for _, test := range []struct{ name, content, says string }{
		{"an unknown key", "output: json\nregoin: cn-beijing\n", `line 2: unknown setting "regoin"`},
		{"a key in capitals", "Region: cn-beijing\n", `line 1: unknown setting "Region"`},
		{"a credential", "# keys\n\naccess-key-secret: x\n", `line 3: unknown setting "access-key-secret"`},
		{"a time without unit", "timeout: 30\n", `line 1: timeout: "30" must be a length of time with its unit`},
		{"a list instead of a value", "region: [a]\n", `line 1: region: must be a single value`},
		{"a wrong choice", "output: xml\n", `line 1: output: "xml" must be one of`},
		{"a switch in words", "debug: yes\n", `line 1: debug: "yes" must be true or false`},
		{"a number in words", "sandbox-quota: ten\n", `line 1: sandbox-quota: "ten" must be a whole number`},
		{"a key twice", "region: a\noutput: json\nregion: b\n", "line 3: region is set twice"},
		{"a nested value", "region:\n  default: cn-beijing\n", "line 2: region: "},
		{"a sequence", "region: [cn-beijing, cn-hangzhou]\n", "line 1: region: "},
		{"no value", "debug: true\nregion:\n", "line 2: region: "},
		{"null", "region: null\n", "line 1: region: "},
		{"an empty value", "debug: true\nregion: \"\"\n", "line 2: region: "},
		{"an alias", "profile: &p x\nregion: *p\n", "line 2: region: "},
		{"a merge", "<<: {region: x}\n", "line 1: unknown setting"},
		{"a key that is a map", "? {a: b}\n: c\n", "line 1: unknown setting"},
		{"a list of settings", "- region: cn-beijing\n", "line 1: must be settings"},
		{"a text", "cn-beijing\n", "line 1: must be settings"},
		{"JSON of another kind", `["region"]`, "line 1: must be settings"},
		{"no YAML", "region: [\n", "line "},
		{"a tab", "region:\tx\n\ty: z\n", "line "},
		{"a second document", "debug: true\n---\nregoin: x\n", "must contain a single YAML document"},
		{"NULs", "\x00\x00", ""},
	} {
		path := file(t, test.content)
		_, err := Load(Input{Env: environment(nil), File: ReadFile(path)})
		if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v; want the file and %q", test.name, err, test.says)
		}
	}
}

func TestAFileWithoutSettingsSetsNothing(t *testing.T) {
	for _, content := range []string{"", "\n\n", "# nothing yet\n", "{}\n", "---\n{}\n", "\ufeff# windows\r\n"} {
		values, err := ReadFile(file(t, content)).values(Global(), nil)
		if err != nil || len(values) > 0 {
			t.Errorf("%q: %v, %v", content, values, err)
		}
	}
	for _, path := range []string{"", filepath.Join(t.TempDir(), "none.yaml"), filepath.Join(t.TempDir(), "no", "folder.yaml")} {
		if values, err := ReadFile(path).values(Global(), nil); err != nil || len(values) > 0 {
			t.Errorf("%q: %v, %v", path, values, err)
		}
	}
}

func TestAllFormsOfYAMLAreAccepted(t *testing.T) {
	want := map[string]string{"region": "cn-beijing", "debug": "true", "timeout": "5m"}
	for _, content := range []string{
		"region: cn-beijing\ndebug: true\ntimeout: 5m\n",
		"# ours\nregion:   'cn-beijing'  # where we live\n\"debug\": true\r\ntimeout: \"5m\"",
		`{"region": "cn-beijing", "debug": true, "timeout": "5m"}`,
		"%YAML 1.1\n---\nregion: cn-beijing\ndebug: true\ntimeout: 5m\n...\n",
		"\ufeffregion: cn-beijing\ndebug: true\ntimeout: 5m\n",
	} {
		if got, err := ReadFile(file(t, content)).values(Global(), nil); err != nil || !maps.Equal(got, want) {
			t.Errorf("%q: %v, %v", content, got, err)
		}
	}
}

func TestAnUnreadableFileIsAnError(t *testing.T) {
	folder := t.TempDir()
	if _, err := Load(Input{Env: environment(nil), File: ReadFile(folder)}); err == nil || !strings.Contains(err.Error(), folder) {
		t.Errorf("%v", err)
	}
}

func FuzzAFileIsReadOrRefusedAndNeverHalfRead(f *testing.F) {
	for _, seed := range []string{
		"region: cn-beijing\ndebug: true\n", "timeout: 30", "region: a\nregion: b", "region:\n  a: b", "- a", "", "---\n---", "? {}\n: x",
		"<<: *a", "region: &a b\nprofile: *a", "\ufeff{}", "%YAML 1.1\n---\n", "region: !!binary aGk=", "region: |\n a\n b", "\xff\xfe", "{a", "!!map",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		settings := append(Global(), Setting{Name: "create-tag", Kind: List})
		values, err := ReadFile(path).values(settings, nil)
		if err != nil {
			if len(values) > 0 || !strings.Contains(err.Error(), path) {
				t.Fatalf("%v beside %v", values, err)
			}
			return
		}
		known := map[string]Setting{}
		for _, s := range settings {
			known[s.Name] = s
		}
		for name, value := range values {
			setting, found := known[name]
			if !found || setting.check(value) != nil || value == "" {
				t.Fatalf("%s is set to %q", name, value)
			}
		}
		if _, err := Load(Input{Env: environment(nil), File: ReadFile(path), Others: func() []Setting { return settings }}); err != nil {
			t.Fatal(fmt.Errorf("read and not loaded: %w", err))
		}
	})
}
