package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// docs/output.schema.json describes the output for programs. There are two tests: the output of the commands is
// valid against it, and it has exactly the keys of the types that are printed (package view).

// validate returns the problems of a JSON document according to a definition of the schema.
func validate(t *testing.T, definition, document string) error {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiled, err := compiler.Compile(filepath.Join("..", "..", "docs", "output.schema.json") + "#/$defs/" + definition)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	if err != nil {
		return fmt.Errorf("no JSON: %w", err)
	}
	return compiled.Validate(value)
}

const manyCodes = `[
{"ActivationId":"ACTIVE","Tags":[{"TagKey":"env","TagValue":""}],"IpAddressRange":"::/0"},
{"ActivationId":"EXPIRED","CreationTime":"2021-01-20T06:00:00Z"},
{"ActivationId":"USED","InstanceCount":1,"RegisteredCount":1},
{"ActivationId":"DISABLED","Disabled":true},
{"ActivationId":"FRESH"},
{"ActivationId":"TEN","Disabled":true}]`

// The test runs commands in one sandbox and checks each output against a definition. Errors are on standard
// error.
func TestOutputIsValidAgainstTheSchema(t *testing.T) {
	t.Parallel()
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1", "ECS_ACTIVATION_SANDBOX_QUOTA=20")
	if err := os.WriteFile(filepath.Join(u.folder, "codes.json"), []byte(manyCodes), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(u.folder, "more.json"), []byte(`[{"ActivationId":"MORE"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	if o, status := u.run("sandbox", "load", "codes.json"); status != 0 {
		t.Fatal(o.stderr)
	}
	u.hosts(2)
	for _, step := range []struct {
		definition, args string
		status           int
	}{
		{"create", "create --instance-name web --tag a=1 --client-token t", 0},
		{"create", "create --instance-name web --tag a=1 --client-token t", 0}, // knows less of it
		{"create", "create --dry-run", 0},
		{"create", "create --save saved.json", 0},
		{"createFrom", "create --from hosts.csv", 0},
		{"createFrom", "create --from hosts.csv --dry-run", 0},
		{"createSaveDir", "create --from hosts.csv --save-dir folder", 0},
		{"createSaveDir", "create --from hosts.csv --save-dir folder", 0},
		{"error", "create --from hosts.csv --ttl 9", 2},
		{"ensure", "ensure --save saved.json", 0},
		{"ensure", "ensure --save saved.json --instance-name other --dry-run", 0},
		{"ensure", "ensure --save saved.json --instance-name other --retire-old", 0},
		{"ensure", "ensure --save saved.json --instance-name third", 0},
		{"list", "list", 0},
		{"list", "list --instance-name nothing", 0},
		{"listPage", "list --page-number 1 --page-size 2", 0},
		{"listPage", "list --max-results 2", 0},
		{"wait", "wait ACTIVE --status active", 0},
		{"wait", "wait EXPIRED --registered 1", 6},
		{"show", "show ACTIVE USED DISABLED EXPIRED MISSING", 3},
		{"prune", "prune --dry-run", 0},
		{"prune", "prune --yes", 0},
		{"disable", "disable --yes ACTIVE MISSING", 3},
		{"delete", "delete --yes --ignore-missing ACTIVE MISSING USED", 3},
		{"delete", "delete --dry-run FRESH", 0},
		{"recover", "recover", 0},
		{"create", "recover --last --save again.json", 0},
		{"recoverAll", "recover --all", 0},
		{"config", "config", 0},
		{"statusCommand", "status", 0},
		{"statusCommand", "status --all-regions", 0},
		{"statusCommand", "status --region cn-hangzhou,nowhere", 3},
		{"statusCommand", "status --region nowhere", 5},
		{"regions", "regions", 0},
		{"regions", "regions --live", 0},
		{"configPath", "config path", 0},
		{"version", "version", 0},
		{"sandboxPath", "sandbox path", 0},
		{"sandboxAdvance", "sandbox advance 1s", 0},
		{"sandboxLoad", "sandbox load more.json", 0},
		{"sandboxStatus", "sandbox status", 0},
		{"sandboxDump", "sandbox dump", 0},
		{"error", "create --ttl 9", 2},
		{"error", "delete --yes USED", 6},
		{"error", "disable --yes MISSING MISSING2", 5},
		{"error", "list --region nowhere", 5},
		{"error", "unknown", 2},
		{"sandboxReset", "sandbox reset", 0},
	} {
		o, status := u.run(append(strings.Fields(step.args), "-o", "json")...)
		document := o.stdout
		if step.definition == "error" {
			lines := strings.Split(strings.TrimSpace(o.stderr), "\n")
			document = lines[len(lines)-1]
		}
		if err := validate(t, step.definition, document); err != nil || status != step.status {
			t.Errorf("%s: exit status %d, want %d; %v in %s", step.args, status, step.status, err, document)
		}
	}
	for _, file := range []string{"saved.json", "again.json"} {
		content, err := os.ReadFile(filepath.Join(u.folder, file))
		if err == nil {
			err = validate(t, "saved", string(content))
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestLinesOfJSONLAreElementsOfTheArray(t *testing.T) {
	t.Parallel()
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1")
	u.run("create")
	for definition, args := range map[string]string{
		"listed": "list", "detailed": "show " + u.used(1),
		"record": "recover", "setting": "config", "created": "create", "overview": "status --all-regions", "region": "regions --live",
	} {
		o, _ := u.run(append(strings.Fields(args), "-o", "jsonl")...)
		if o.stdout == "" {
			t.Errorf("%s prints nothing", args)
		}
		for line := range strings.Lines(o.stdout) {
			if err := validate(t, definition, line); err != nil {
				t.Errorf("%s: %v in %s", args, err, line)
			}
		}
	}
}

func TestLinesOfAWatchAreValidAgainstTheSchema(t *testing.T) {
	t.Parallel()
	needSignals(t)
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1")
	u.run("create")
	p := u.start("list", "--watch", "-o", "jsonl")
	if err := validate(t, "listWatch", p.line()); err != nil {
		t.Error(err)
	}
	p.signal(syscall.SIGINT)
	p.wait()
}
