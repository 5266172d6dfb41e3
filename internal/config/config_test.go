package config

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// file writes a configuration file and returns its path.
func file(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// environment returns a lookup function for a map of variables.
func environment(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { value, set := variables[name]; return value, set }
}

// load loads settings, and fails the test on an error.
func load(t testing.TB, in Input) *Settings {
	t.Helper()
	if in.Env == nil {
		in.Env = environment(nil)
	}
	s, err := Load(in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// examples returns two valid values of a setting that are not its default.
func examples(s Setting) (string, string) {
	switch {
	case len(s.Choices) > 0:
		others := slices.DeleteFunc(slices.Clone(s.Choices), func(choice string) bool { return choice == s.Default })
		return others[0], others[1]
	case s.Kind == Bool:
		return "true", "false"
	case s.Kind == Duration:
		return "5m0s", "7s"
	case s.Kind == Count:
		return "12", "7"
	default:
		return "strong", "weak"
	}
}

// origin is one source of a setting.
type origin struct {
	source string // as Value names it
	set    func(value string)
}

// origins returns the sources of a setting, in the order of their priority.
func origins(t *testing.T, s Setting) ([]origin, func() Input) {
	flags, env, path := map[string]string{}, map[string]string{}, filepath.Join(t.TempDir(), "config.yaml")
	flag := cmp.Or(s.Flag, s.Name)
	list := []origin{{"flag --" + flag, func(value string) { flags[flag] = value }}}
	for _, name := range append([]string{EnvName(s.Name)}, s.Env...) {
		list = append(list, origin{"environment " + name, func(value string) { env[name] = value }})
	}
	list = append(list, origin{path, func(value string) {
		if err := os.WriteFile(path, []byte(s.Name+": "+value+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}})
	return list, func() Input { return Input{Flags: flags, Env: environment(env), File: ReadFile(path)} }
}

func TestOfTwoSourcesTheOneWithHigherPriorityIsUsed(t *testing.T) {
	for _, s := range Global() {
		strong, weak := examples(s)
		places, _ := origins(t, s)
		for i := range places {
			for j := range i {
				places, in := origins(t, s)
				places[j].set(strong)
				places[i].set(weak)
				if got := load(t, in()).Value(s.Name); got.Value != strong || string(got.Source) != places[j].source {
					t.Errorf("%s: %q by %s; want %q by %s before %s", s.Name, got.Value, got.Source, strong, places[j].source, places[i].source)
				}
			}
		}
	}
}

func TestEverySourceAloneIsUsed(t *testing.T) {
	for _, s := range Global() {
		value, _ := examples(s)
		places, _ := origins(t, s)
		for i := range places {
			places, in := origins(t, s)
			places[i].set(value)
			if got := load(t, in()).Value(s.Name); got.Value != value || string(got.Source) != places[i].source || got.IsDefault() || got.FromFlag() != (i == 0) {
				t.Errorf("%s: %+v, want %q by %s", s.Name, got, value, places[i].source)
			}
		}
	}
}

func TestWithoutAnySourceTheDefaultIsUsed(t *testing.T) {
	s := load(t, Input{File: ReadFile(filepath.Join(t.TempDir(), "none.yaml"))})
	for _, setting := range Global() {
		if got := s.Value(setting.Name); got.Value != setting.Default || got.Source != "default" || !got.IsDefault() {
			t.Errorf("%s: %+v", setting.Name, got)
		}
	}
	if s.Duration("timeout") != time.Minute || s.Text("output") != "table" || s.Bool("sandbox") || s.Count("sandbox-quota") != 0 {
		t.Errorf("%s, %s, %t, %d", s.Duration("timeout"), s.Text("output"), s.Bool("sandbox"), s.Count("sandbox-quota"))
	}
}

func TestACommandCanHaveItsOwnDefault(t *testing.T) {
	in := Input{File: ReadFile(filepath.Join(t.TempDir(), "none.yaml")), Env: environment(nil), Defaults: map[string]string{"timeout": "1h", "output": ""}}
	s := load(t, in)
	if s.Duration("timeout") != time.Hour || !s.Value("timeout").IsDefault() || s.Text("output") != "table" {
		t.Errorf("%+v, %+v", s.Value("timeout"), s.Value("output"))
	}
	in.Env = environment(map[string]string{"ECS_ACTIVATION_TIMEOUT": "5s"})
	if s := load(t, in); s.Duration("timeout") != 5*time.Second {
		t.Errorf("%+v", s.Value("timeout"))
	}
}

func TestACommandCanHaveItsOwnChoices(t *testing.T) {
	in := Input{
		Choices:  map[string][]string{"output": {"command", "sh"}},
		Defaults: map[string]string{"output": "command"},
		Env:      environment(map[string]string{"ECS_ACTIVATION_OUTPUT": "json"}),
	}
	if got := load(t, in).Value("output"); got.Value != "command" || !got.IsDefault() {
		t.Errorf("what is set for other commands gives %+v", got)
	}
	in.Flags = map[string]string{"output": "sh"}
	if got := load(t, in).Value("output"); got.Value != "sh" || !got.FromFlag() {
		t.Errorf("its flag gives %+v", got)
	}
	in.Flags = map[string]string{"output": "json"}
	if _, err := Load(in); err == nil || !strings.Contains(err.Error(), `"json" must be one of command, sh`) {
		t.Errorf("another command's choice as its flag: %v", err)
	}
	in.Flags, in.Env = nil, environment(map[string]string{"ECS_ACTIVATION_OUTPUT": "sh"})
	if _, err := Load(in); err == nil || !strings.Contains(err.Error(), "ECS_ACTIVATION_OUTPUT") {
		t.Errorf("its choice in the environment, where every command sees it: %v", err)
	}
}

func TestAnEmptyVariableIsNotSet(t *testing.T) {
	s := load(t, Input{Env: environment(map[string]string{
		"ECS_ACTIVATION_REGION": "", "ALIBABA_CLOUD_REGION_ID": "", "ALIBABACLOUD_REGION_ID": "cn-beijing", "ECS_ACTIVATION_DEBUG": "", "ECS_ACTIVATION_TIMEOUT": "",
	})})
	if got := s.Value("region"); got.Value != "cn-beijing" || got.Source != "environment ALIBABACLOUD_REGION_ID" {
		t.Errorf("%+v", got)
	}
	if s.Bool("debug") || s.Duration("timeout") != time.Minute {
		t.Error("an empty variable sets something")
	}
}

func TestValuesAreParsed(t *testing.T) {
	for _, test := range []struct {
		name, value string
		same        func(*Settings) bool
	}{
		{"timeout", "90s", func(s *Settings) bool { return s.Duration("timeout") == 90*time.Second }},
		{"timeout", "1h30m", func(s *Settings) bool { return s.Duration("timeout") == 90*time.Minute }},
		{"timeout", "0", func(s *Settings) bool { return s.Duration("timeout") == 0 }},
		{"timeout", "1.5s", func(s *Settings) bool { return s.Duration("timeout") == 1500*time.Millisecond }},
		{"sandbox-quota", "12", func(s *Settings) bool { return s.Count("sandbox-quota") == 12 }},
		{"sandbox-quota", "010", func(s *Settings) bool { return s.Count("sandbox-quota") == 10 }},
		{"sandbox-quota", "09", func(s *Settings) bool { return s.Count("sandbox-quota") == 9 }},
		{"sandbox-quota", "2147483647", func(s *Settings) bool { return s.Count("sandbox-quota") == 2147483647 }},
		{"debug", "1", func(s *Settings) bool { return s.Bool("debug") }},
		{"debug", "T", func(s *Settings) bool { return s.Bool("debug") }},
		{"debug", "0", func(s *Settings) bool { return !s.Bool("debug") }},
		{"region", "cn-beijing,cn-hangzhou", func(s *Settings) bool { return s.Text("region") == "cn-beijing,cn-hangzhou" }},
		{"region", "true", func(s *Settings) bool { return s.Text("region") == "true" }},
		{"profile", "007", func(s *Settings) bool { return s.Text("profile") == "007" }},
	} {
		if s := load(t, Input{Env: environment(map[string]string{EnvName(test.name): test.value})}); !test.same(s) {
			t.Errorf("%s %q is read as something else", test.name, test.value)
		}
		if s := load(t, Input{File: ReadFile(file(t, test.name+": "+test.value))}); !test.same(s) {
			t.Errorf("%s %q in the file is read as something else", test.name, test.value)
		}
	}
}

func TestTheErrorOfAnInvalidValueNamesItsSource(t *testing.T) {
	for _, test := range []struct{ name, value, says string }{
		{"timeout", "30", "with its unit"},
		{"timeout", "-5s", "with its unit"},
		{"timeout", "soon", "with its unit"},
		{"timeout", "99999999999h", "with its unit"},
		{"output", "xml", "must be one of table, wide, json, jsonl, yaml"},
		{"output", "JSONX", "must be one of"},
		{"color", "sometimes", "must be one of auto, always, never"},
		{"debug", "yes", "must be true or false"},
		{"debug", "2", "must be true or false"},
		{"sandbox-limits", "2020", "must be one of 2021"},
		{"sandbox-quota", "-1", "must be a whole number"},
		{"sandbox-quota", "1.5", "must be a whole number"},
		{"sandbox-quota", "0x10", "must be a whole number"},
		{"sandbox-quota", "9999999999", "must be a whole number"},
	} {
		own := EnvName(test.name)
		_, err := Load(Input{Env: environment(map[string]string{own: test.value})})
		if err == nil || !strings.Contains(err.Error(), "environment "+own+`: "`+test.value+`" `) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s %q in the environment: %v", test.name, test.value, err)
		}
		flags := map[string]string{test.name: test.value, strings.TrimPrefix(test.name, "sandbox-"): test.value}
		_, err = Load(Input{Env: environment(nil), Flags: flags})
		if err == nil || !strings.Contains(err.Error(), "flag --") || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s %q as a flag: %v", test.name, test.value, err)
		}
	}
}

func TestChoicesAreInAnyCase(t *testing.T) {
	own := map[string][]string{"output": {"table", "json"}}
	for name, in := range map[string]Input{
		"a flag":          {Env: environment(nil), Flags: map[string]string{"output": "JSON"}},
		"a variable":      {Env: environment(map[string]string{"ECS_ACTIVATION_OUTPUT": "Json"})},
		"the file":        {Env: environment(nil), File: ReadFile(file(t, "output: jsoN\n"))},
		"other choices":   {Env: environment(nil), Flags: map[string]string{"output": "Json"}, Choices: own},
		"in the variable": {Env: environment(map[string]string{"ECS_ACTIVATION_OUTPUT": "JSON"}), Choices: own},
	} {
		s, err := Load(in)
		if err != nil || s.Text("output") != "json" || s.Value("output").IsDefault() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnInvalidValueInTheFileIsAnErrorEvenIfAFlagOverridesIt(t *testing.T) {
	in := Input{Env: environment(nil), Flags: map[string]string{"timeout": "5s"}, File: ReadFile(file(t, "debug: true\ntimeout: 30\n"))}
	if _, err := Load(in); err == nil || !strings.Contains(err.Error(), "line 2: timeout") {
		t.Errorf("%v", err)
	}
}

func TestSettingsOfACommandAreLoaded(t *testing.T) {
	command := []Setting{{Name: "create-tag", Flag: "tag", Kind: List}, {Name: "create-ttl", Flag: "ttl"}}
	others := []Setting{{Name: "list-sort"}}
	s := load(t, Input{
		Command: command, Others: func() []Setting { return others }, Env: environment(map[string]string{"ECS_ACTIVATION_CREATE_TTL": "4h"}),
		File: ReadFile(file(t, "list-sort: name\ncreate-tag: [env=prod, 'team=a,b', x=]\ncreate-ttl: 2h\n")),
	})
	if got := s.List("create-tag"); !slices.Equal(got, []string{"env=prod", "team=a,b", "x="}) {
		t.Errorf("%q", got)
	}
	if got := s.Value("create-ttl"); got.Value != "4h" || got.Source != "environment ECS_ACTIVATION_CREATE_TTL" {
		t.Errorf("%+v", got)
	}
	s = load(t, Input{Command: command, Env: environment(map[string]string{"ECS_ACTIVATION_CREATE_TAG": "env=prod,team=a"})})
	if got := s.List("create-tag"); !slices.Equal(got, []string{"env=prod", "team=a"}) {
		t.Errorf("%q", got)
	}
	if _, err := Load(Input{Command: command, Env: environment(nil), File: ReadFile(file(t, "create-tag: [a, [b]]"))}); err == nil {
		t.Error("a list in a list is read")
	}
}

func TestTheRegionOfAProfileIsUsed(t *testing.T) {
	for _, test := range []struct {
		name  string
		flags map[string]string
		env   map[string]string
		file  string
		want  string // the region, and who gave it
	}{
		{"none was given", nil, nil, "", "cn-profile by profile p"},
		{"a flag did", map[string]string{"region": "cn-flag"}, nil, "", "cn-flag by flag --region"},
		{"our variable did", nil, map[string]string{"ECS_ACTIVATION_REGION": "cn-own"}, "", "cn-own by environment ECS_ACTIVATION_REGION"},
		{"an official variable did", nil, map[string]string{"ALICLOUD_REGION_ID": "cn-official"}, "", "cn-official by environment ALICLOUD_REGION_ID"},
		{"the file did", nil, nil, "region: cn-file", "cn-file by the file"},
		{"an official variable names the profile too", nil, map[string]string{"ALIBABA_CLOUD_PROFILE": "p", "ALIBABA_CLOUD_REGION_ID": "cn-official"}, "", "cn-official by environment ALIBABA_CLOUD_REGION_ID"},
		{"the file names the profile too", nil, nil, "region: cn-file\nprofile: p", "cn-file by the file"},

		{"the profile is a flag", map[string]string{"profile": "p"}, nil, "region: cn-file", "cn-profile by profile p"},
		{"the profile is a flag, the region official", map[string]string{"profile": "p"}, map[string]string{"ALIBABA_CLOUD_REGION_ID": "cn-official"}, "", "cn-profile by profile p"},
		{"the profile is a flag, the region our variable", map[string]string{"profile": "p"}, map[string]string{"ECS_ACTIVATION_REGION": "cn-own"}, "", "cn-profile by profile p"},
		{"both are flags", map[string]string{"profile": "p", "region": "cn-flag"}, nil, "", "cn-flag by flag --region"},
		{"the profile is our variable, the region official", nil, map[string]string{"ECS_ACTIVATION_PROFILE": "p", "ALIBABA_CLOUD_REGION_ID": "cn-official"}, "", "cn-profile by profile p"},
		{"both are our variables", nil, map[string]string{"ECS_ACTIVATION_PROFILE": "p", "ECS_ACTIVATION_REGION": "cn-own"}, "", "cn-own by environment ECS_ACTIVATION_REGION"},
		{"the profile is our variable, the region a flag", map[string]string{"region": "cn-flag"}, map[string]string{"ECS_ACTIVATION_PROFILE": "p"}, "", "cn-flag by flag --region"},
	} {
		path := file(t, test.file)
		s := load(t, Input{Flags: test.flags, Env: environment(test.env), File: ReadFile(path)})
		s.SetProfileRegion("profile p", "cn-profile")
		got := s.Value("region")
		if text := got.Value + " by " + strings.Replace(string(got.Source), path, "the file", 1); text != test.want || s.Text("region") != got.Value {
			t.Errorf("%s: %s (read as %q), want %s", test.name, text, s.Text("region"), test.want)
		}
	}
}

func TestAProfileWithoutARegionChangesNothing(t *testing.T) {
	s := load(t, Input{Flags: map[string]string{"profile": "p"}, Env: environment(map[string]string{"ALIBABA_CLOUD_REGION_ID": "cn-official"})})
	s.SetProfileRegion("profile p", "")
	if got := s.Value("region"); got.Value != "cn-official" {
		t.Errorf("%+v", got)
	}
}

func TestAProfileIsExplicitIfItWasSetForThisTool(t *testing.T) {
	for _, test := range []struct {
		flags, env map[string]string
		file       string
		want       bool
	}{
		{nil, nil, "", false},
		{map[string]string{"profile": "p"}, nil, "", true},
		{nil, map[string]string{"ECS_ACTIVATION_PROFILE": "p"}, "", true},
		{nil, map[string]string{"ECS_ACTIVATION_PROFILE": ""}, "", false},
		{nil, map[string]string{"ALIBABA_CLOUD_PROFILE": "p"}, "", false},
		{nil, map[string]string{"ALIBABACLOUD_PROFILE": "p"}, "", false},
		{nil, nil, "profile: p", false},
	} {
		if got := load(t, Input{Flags: test.flags, Env: environment(test.env), File: ReadFile(file(t, test.file))}).ProfileIsExplicit(); got != test.want {
			t.Errorf("flags %v, environment %v, file %q: %t", test.flags, test.env, test.file, got)
		}
	}
}

func TestSettingNamesAreUnique(t *testing.T) {
	names, flags := map[string]bool{}, map[string]bool{}
	for _, s := range Global() {
		if names[s.Name] || flags[cmp.Or(s.Flag, s.Name)] || s.Usage == "" {
			t.Errorf("%+v", s)
		}
		names[s.Name], flags[cmp.Or(s.Flag, s.Name)] = true, true
		if err := s.check(s.Default); err != nil && s.Default != "" {
			t.Errorf("%s: the default %q %v", s.Name, s.Default, err)
		}
	}
	for _, secret := range []string{"access-key-id", "access-key-secret", "security-token"} {
		if names[secret] {
			t.Errorf("%s is a setting; sorted names: %v", secret, slices.Sorted(maps.Keys(names)))
		}
	}
}
