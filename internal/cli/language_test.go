package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// failing are command lines that fail, with their environment. languageFiles has their files.
var failing = []struct {
	line string // words separated by blanks
	env  string // variables separated by blanks; "keys": those of an account that does not exist
}{
	// credentials
	{"list --region cn-hangzhou", ""},
	{"list --region cn-hangzhou", "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIsomeone"},
	{"list --region cn-hangzhou", "ALIBABA_CLOUD_OIDC_TOKEN_FILE=missing"},
	{"list --region cn-hangzhou", "ALIBABA_CLOUD_CREDENTIALS_URI=ftp://x"},
	{"list --region cn-hangzhou", "ALIBABA_CLOUD_CREDENTIALS_URI=http://127.0.0.1:1/x"},
	{"list --region cn-hangzhou", "ALIBABA_CLOUD_CREDENTIALS_FILE=missing"},
	{"list --region cn-hangzhou", "ALIBABA_CLOUD_CREDENTIALS_FILE=bad.ini"},
	{"list --region cn-hangzhou", "ALIBABA_CLOUD_CREDENTIALS_FILE=sections.ini"},
	{"list --profile sectioned", "HOME=profiles ALIBABA_CLOUD_CREDENTIALS_FILE=sections.ini"},
	{"list --region cn-hangzhou", "HOME=profiles ALIBABA_CLOUD_PROFILE=nobody"},
	{"list --profile nobody", ""},
	{"list --profile nobody", "HOME=profiles"},
	{"list --profile empty", "HOME=profiles"},
	{"list --profile unknown", "HOME=profiles"},
	{"list --profile chain", "HOME=profiles"},
	{"list --profile loop", "HOME=profiles"},
	{"list --profile sso", "HOME=profiles"},
	{"list --profile external", "HOME=profiles"},
	{"list --profile oidc", "HOME=profiles"},
	{"list --profile short", "HOME=profiles"},
	{"list --profile away", "HOME=profiles"},
	{"list --profile blank", "HOME=profiles"},

	// connections
	{"list --timeout 5s", "keys http://127.0.0.1:1"},
	{"status --timeout 5s", "keys http://127.0.0.1:1"},
	{"create --timeout 5s", "keys http://127.0.0.1:1"},
	{"list --timeout 5s", "keys HTTPS_PROXY=http://127.0.0.1:1 ecs.example"},
	{"list", "keys ftp://host"},
	{"list", "keys http://host"},
	{"list", "keys host/path"},
	{"list", "keys host:99999"},

	// settings
	{"config", "XDG_CONFIG_HOME=yaml"},
	{"config", "XDG_CONFIG_HOME=unknown"},
	{"config", "XDG_CONFIG_HOME=twice"},
	{"config", "XDG_CONFIG_HOME=folder"},
	{"config", "ECS_ACTIVATION_NOPE=1"},
	{"list", "ECS_ACTIVATION_TIMEOUT=5"},
	{"list", "ECS_ACTIVATION_OUTPUT=xml"},

	// the command line
	{"lst", ""},
	{"list --nope", ""},
	{"list -Z", ""},
	{"list one", ""},
	{"list --region", ""},
	{"list -o xml", ""},
	{"list -o name --columns id --sandbox", ""},
	{"show", ""},
	{"show 1 2,3 --region cn-hangzhou --sandbox", ""},
	{"wait --sandbox", ""},
	{"delete - --sandbox", ""},
	{"list --all-regions --region cn-hangzhou --sandbox", ""},
	{"version --jq .[", ""},
	{"help nope", ""},
	{"sandbox advance x", ""},

	// the rules of create
	{"create --sandbox --ttl 99", ""},
	{"create --sandbox --ttl 90m", ""},
	{"create --sandbox --ttl x", ""},
	{"create --sandbox --instance-count 0", ""},
	{"create --sandbox --instance-count 5000", ""},
	{"create --sandbox --instance-name 1", ""},
	{"create --sandbox --instance-name a_!", ""},
	{"create --sandbox --description " + strings.Repeat("x", 101), ""},
	{"create --sandbox --ip-address-range 10.0.0.0/99", ""},
	{"create --sandbox --tag novalue", ""},
	{"create --sandbox --tag aliyun=x --tag a=1 --tag a=2", ""},
	{"create --sandbox --client-token é", ""},
	{"create --sandbox --region Hangzhou!", ""},
	{"create --sandbox -o sh --machine-proxy proxy --machine-network-mode lan", ""},

	// files
	{"create --sandbox --save missing/code.json", ""},
	{"create --sandbox --save broken.json", ""},
	{"ensure --sandbox --save broken.json", ""},
	{"ensure --sandbox --save folder", ""},
	{"ensure --sandbox --save listed.json", ""},
	{"bootstrap --from missing.json", ""},
	{"bootstrap --from broken.json", ""},
	{"bootstrap --from listed.json", ""},
	{"bootstrap --from number.json", ""},
	{"bootstrap --from folder", ""},
	{"create --sandbox --from missing.csv", ""},
	{"create --sandbox --from empty.csv", ""},
	{"create --sandbox --from rules.csv", ""},
	{"create --sandbox --from lines.jsonl", ""},
	{"recover", "XDG_STATE_HOME=damaged"},
	{"recover --last", "XDG_STATE_HOME=damaged"},
	{"recover nothing", ""},
	{"recover nothing other", ""},

	// the service
	{"show 4ECEEE12-0000 --sandbox", ""},
	{"delete 4ECEEE12-0000 --sandbox --yes", ""},
	{"disable 4ECEEE12-0000 --sandbox", ""},
	{"list --sandbox --timeout 1s", "ECS_ACTIVATION_SANDBOX_FAULT=throttle=1"},
	{"create --sandbox --timeout 1s", "ECS_ACTIVATION_SANDBOX_FAULT=drop-after=1"},
	{"create --sandbox", "ECS_ACTIVATION_SANDBOX_FAULT=forbidden=1"},
}

// languageFiles are the files of these command lines.
var languageFiles = map[string]string{
	"profiles/.aliyun/config.json": `{"profiles":[{"name":"empty"},{"name":"unknown","mode":"Nope"},
		{"name":"chain","mode":"ChainableRamRoleArn","source_profile":"x","ram_role_arn":"acs:ram::1:role/r"},
		{"name":"loop","mode":"ChainableRamRoleArn","source_profile":"loop","ram_role_arn":"acs:ram::1:role/r"},
		{"name":"sso","mode":"CloudSSO"},{"name":"external","mode":"External"},
		{"name":"oidc","mode":"OIDC","oidc_provider_arn":"p","oidc_token_file":"missing","ram_role_arn":"r"},
		{"name":"short","mode":"RamRoleArn","access_key_id":"a","access_key_secret":"s","ram_role_arn":"r","expired_seconds":5},
		{"name":"away","mode":"RamRoleArn","access_key_id":"a","access_key_secret":"s","ram_role_arn":"r","sts_region":"a b"},
		{"name":"blank","mode":"AK","access_key_id":"a b","access_key_secret":"s"}]}`,
	"bad.ini":                         "[default]\nno value\n",
	"sections.ini":                    "[default]\ntype = nope\n[sectioned]\ntype = access_key\n",
	"yaml/ecs-activation/config.yaml": "a: [\n", "unknown/ecs-activation/config.yaml": "nope: 1\n",
	"twice/ecs-activation/config.yaml": "region: a\nregion: b\n", "folder/ecs-activation/config.yaml/file": "",
	"broken.json": "{", "number.json": `{"ActivationId":1}`, "listed.json": `{"ActivationId":"4ECEEE12-0000","RegionId":"cn-hangzhou"}`,
	"empty.csv": "", "rules.csv": "instance-name,ttl,nope\n1,99,\nweb,x,\n", "lines.jsonl": "{\"ttl\":[]} x\n{\"ttl\":\n[1]\n",
	"damaged/ecs-activation/pending/0123": "{}\n", "damaged/ecs-activation/pending/4567": "{",
}

// namesInEnglish matches the parts of a message that are not translated: quotes, and commands after a colon with two
// blanks.
var namesInEnglish = regexp.MustCompile(`"[^"\n]*"|` + "`[^`\n]*`" + `|“[^”\n]*”|:  [^\n]*`)

// englishWords matches three words in a row that are no names, such as those of flags and formats.
var englishWords = regexp.MustCompile(`(?:^|[ （(：，])[a-z]{2,} [a-z]{2,} [a-z]{2,}`)

// The errors of the system and of the libraries are different on other systems, and translated as well.
func TestErrorsAreInChinese(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for name, content := range languageFiles {
		path := filepath.Join(u.folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range failing {
		u.extra = variablesIn(u.folder, test.env)
		o, status := u.run(append(strings.Fields(test.line), "--lang", "zh")...)
		if status == 0 {
			t.Errorf("%s %s: it succeeded", test.env, test.line)
		}
		if found := englishWords.FindString(namesInEnglish.ReplaceAllString(o.stderr, "")); found != "" || !strings.ContainsFunc(o.stderr, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s %s: %q in\n%s", test.env, test.line, found, o.stderr)
		}
	}
}

// variablesIn returns the variables of a test. The names of files and folders are in the folder of the user.
func variablesIn(folder, text string) (env []string) {
	words := strings.Fields(text)
	if len(words) > 0 && words[0] == "keys" {
		env, words = keys(words[len(words)-1]), words[1:len(words)-1]
	}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		if strings.HasSuffix(name, "HOME") || strings.HasSuffix(name, "_FILE") {
			value = filepath.Join(folder, value)
		}
		env = append(env, name+"="+value)
	}
	return env
}
