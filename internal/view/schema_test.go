package view_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/view"
)

// docs/output.schema.json describes the output for programs. There are two tests: it has exactly the keys of the
// types that are printed, and the output of the commands is valid against it (package cli).

// schema is the content of docs/output.schema.json.
type schema struct {
	Defs map[string]node `json:"$defs"`
}

// node is the schema of one value.
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

// find returns the node to which a reference refers.
func (s schema) find(n node) node {
	if n.Ref == "" {
		return n
	}
	return s.find(s.Defs[strings.TrimPrefix(n.Ref, "#/$defs/")])
}

// keys returns the properties of an object and whether each is required, including those of the schemas that it
// combines.
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

// describes reports whether the schema describes a Go type.
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

// views are the types of all JSON output, by their names in the schema.
func views() map[string]any {
	return map[string]any{
		"created": codefile.Code{}, "saved": codefile.File{}, "ensured": view.Ensured{}, "row": view.Row{}, "reference": activation.Ref{},
		"code": view.Code{}, "listed": view.Listed{}, "tag": activation.Tag{}, "page": view.Page{}, "changed": view.Changed{},
		"record": view.Record{}, "setting": view.Setting{}, "failure": view.Failure{}, "problem": view.Problem{},
		"detailed": view.Detailed{}, "codeChange": view.CodeChange{}, "machine": activation.Machine{},
		"overview": view.Status{}, "signer": view.Signer{}, "regionStatus": view.RegionStatus{}, "quota": view.Quota{}, "region": view.Region{},
		"changedCode": view.ChangedCode{}, "build": view.Version{}, "path": view.Path{}, "advanced": view.Advanced{}, "loaded": view.Loaded{},
		"counts": sandbox.Status{}, "registered": sandbox.Machine{},
	}
}

func TestSchemaHasTheKeysOfTheTypes(t *testing.T) {
	s := readSchema(t)
	for name, value := range views() {
		keys, fields := s.keys(s.Defs[name]), fieldsOf(reflect.TypeOf(value))
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
		if _, known := views()[name]; !known && len(n.Properties) > 0 && name != "dumped" { // the sandbox keeps that type to itself
			t.Errorf("the schema has %s, which no command prints", name)
		}
	}
}

// The output of sandbox dump has another type, so its keys are compared in the output.
func TestADumpHasTheKeysOfTheSchema(t *testing.T) {
	box, err := sandbox.New(sandbox.Options{Path: filepath.Join(t.TempDir(), "sandbox.db"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := box.Load(t.Context(), strings.NewReader(`[{"ActivationId":"A"}]`)); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := box.Dump(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	var dump []map[string]any
	if err := json.Unmarshal(out.Bytes(), &dump); err != nil || len(dump) != 1 {
		t.Fatalf("%v in %s", err, out.String())
	}
	s := readSchema(t)
	got, want := slices.Sorted(maps.Keys(dump[0])), slices.Sorted(maps.Keys(s.keys(s.Defs["dumped"])))
	if !slices.Equal(got, want) {
		t.Errorf("dumped are %q, and the schema says %q", got, want)
	}
}
