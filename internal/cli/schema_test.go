package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"ecs-activation/internal/cli"
)

// docs/output.schema.json is a promise to programs. It is held from two sides: every key of it
// is one of a type that is printed, and the other way round; and what the commands print is
// valid by it.

// schema is docs/output.schema.json, read as it stands.
type schema struct {
	Defs map[string]node `json:"$defs"`
}

// node is what the schema says about one value.
type node struct {
	Ref        string `json:"$ref"`
	Type       string
	Enum       []string
	Items      *node
	AnyOf      []node
	AllOf      []node
	Properties map[string]node
	Required   []string
}

func readSchema(t *testing.T) (s schema) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "docs", "output.schema.json"))
	if err == nil {
		err = json.Unmarshal(content, &s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// find follows a reference.
func (s schema) find(n node) node {
	if n.Ref == "" {
		return n
	}
	return s.find(s.Defs[strings.TrimPrefix(n.Ref, "#/$defs/")])
}

// keys are the properties of an object and whether each must be there, with those of what it
// is made of.
func (s schema) keys(n node) map[string]property {
	keys := map[string]property{}
	for _, part := range n.AllOf {
		maps.Copy(keys, s.keys(s.find(part)))
	}
	for key, value := range n.Properties {
		keys[key] = property{value, slices.Contains(n.Required, key)}
	}
	return keys
}

type property struct {
	node
	required bool
}

// field is a key as encoding/json prints it.
type field struct {
	kind   reflect.Type
	always bool
}

func fieldsOf(t reflect.Type) map[string]field {
	fields := map[string]field{}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			maps.Copy(fields, fieldsOf(f.Type))
		case f.IsExported():
			fields[f.Name] = field{f.Type, options != "omitempty"}
		}
	}
	return fields
}

// describes says whether the schema describes a Go type.
func (s schema) describes(n node, t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer:
		return len(n.AnyOf) == 2 && n.AnyOf[0].Type == "null" && s.describes(n.AnyOf[1], t.Elem())
	case reflect.Slice:
		if len(n.AnyOf) == 2 && n.AnyOf[0].Type == "null" {
			n = n.AnyOf[1]
		}
		return n.Type == "array" && s.describes(*n.Items, t.Elem())
	case reflect.Struct:
		return slices.Equal(slices.Sorted(maps.Keys(s.keys(s.find(n)))), slices.Sorted(maps.Keys(fieldsOf(t))))
	case reflect.String:
		return s.find(n).Type == "string" || len(s.find(n).Enum) > 0
	case reflect.Bool:
		return n.Type == "boolean"
	default:
		return n.Type == "integer"
	}
}

func TestTheSchemaHasTheKeysThatArePrintedAndNoOthers(t *testing.T) {
	s := readSchema(t)
	for name, view := range cli.Views() {
		keys, fields := s.keys(s.Defs[name]), fieldsOf(reflect.TypeOf(view))
		for key, f := range fields {
			p, there := keys[key]
			switch {
			case !there:
				t.Errorf("%s: the key %s is printed and not in the schema", name, key)
			case p.required != f.always:
				t.Errorf("%s: %s: required is %v, always printed is %v", name, key, p.required, f.always)
			case !s.describes(p.node, f.kind):
				t.Errorf("%s: %s is printed as %s, and the schema says %+v", name, key, f.kind, p.node)
			}
		}
		for key := range keys {
			if _, there := fields[key]; !there {
				t.Errorf("%s: the schema has the key %s, which is never printed", name, key)
			}
		}
	}
	for name, n := range s.Defs {
		if _, known := cli.Views()[name]; !known && len(n.Properties) > 0 && name != "dumped" { // the sandbox keeps that type to itself
			t.Errorf("the schema has %s, which no command prints", name)
		}
	}
}

// validate says what is wrong with a JSON document, by a definition of the schema.
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

// What a command prints, line after line in one sandbox, and the definition it must follow. An
// error is on standard error.
func TestWhatIsPrintedIsValidByTheSchema(t *testing.T) {
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1", "ECS_ACTIVATION_SANDBOX_QUOTA=20")
	if err := os.WriteFile(filepath.Join(u.folder, "codes.json"), []byte(manyCodes), 0o600); err != nil {
		t.Fatal(err)
	}
	if o, status := u.run("sandbox", "load", "codes.json"); status != 0 {
		t.Fatal(o.stderr)
	}
	for _, step := range []struct {
		definition, args string
		status           int
	}{
		{"create", "create --instance-name web --tag a=1 --client-token t", 0},
		{"create", "create --instance-name web --tag a=1 --client-token t", 0}, // knows less of it
		{"create", "create --dry-run", 0},
		{"create", "create --save saved.json", 0},
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
		{"sandboxStatus", "sandbox status", 0},
		{"sandboxDump", "sandbox dump", 0},
		{"error", "create --ttl 9", 2},
		{"error", "delete --yes USED", 6},
		{"error", "disable --yes MISSING MISSING2", 5},
		{"error", "list --region nowhere", 5},
		{"error", "unknown", 2},
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

func TestALineOfJSONLinesIsAnElementOfTheArray(t *testing.T) {
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1")
	u.run("create")
	for definition, args := range map[string]string{
		"listed": "list", "detailed": "show " + u.used(1),
		"record": "recover", "setting": "config", "created": "create",
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

func TestALineOfAWatchIsValidByTheSchema(t *testing.T) {
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

// What the sandbox dumps has a type of its own: there the keys are compared in the output.
func TestADumpHasTheKeysOfTheSchema(t *testing.T) {
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1")
	u.run("create")
	o, _ := u.run("sandbox", "dump")
	var dump []map[string]any
	if err := json.Unmarshal([]byte(o.stdout), &dump); err != nil || len(dump) != 1 {
		t.Fatalf("%v in %s", err, o.stdout)
	}
	s := readSchema(t)
	got, want := slices.Sorted(maps.Keys(dump[0])), slices.Sorted(maps.Keys(s.keys(s.Defs["dumped"])))
	if !slices.Equal(got, want) {
		t.Errorf("dumped are %q, and the schema says %q", got, want)
	}
}
