package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"ecs-activation/internal/cli"
	"ecs-activation/internal/process"
)

// everyFormat has the formats of all commands.
var everyFormat = strings.Fields("table wide csv name json jsonl yaml command sh powershell cloud-init env code")

// examples has arguments for each command with which it succeeds. The code A exists, and code.json has a code.
var examples = map[string]string{
	"create": "", "list": "", "disable": "--dry-run A", "delete": "--dry-run A", "prune": "--dry-run", "wait": "A --status active",
	"show": "A", "ensure": "--save new.json", "bootstrap": "--from code.json", "recover": "", "status": "", "regions": "",
	"config": "", "config path": "", "completion": "bash", "version": "", "help": "list",
	"sandbox serve": "--addr nowhere", "sandbox register": "A CODE", "sandbox advance": "1s", "sandbox load": "other.json",
	"sandbox dump": "", "sandbox status": "", "sandbox reset": "", "sandbox path": "",
}

// Every command prints every format that it accepts, and refuses the others.
func TestEveryCommandPrintsAFormatOrRefusesIt(t *testing.T) {
	t.Parallel()
	names := leaves(cli.NewRootCmd(&cli.App{Process: process.Current()}), "")
	for _, name := range append(names, "help") { // cobra adds help later
		given, known := examples[name]
		if !known {
			t.Errorf("%s has no example", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			words := strings.Fields(name + " " + given)
			accepted, u := 0, formatUser(t)
			for _, format := range everyFormat {
				o, status := u.run(append(slices.Clone(words), "-o", format)...)
				switch {
				case status == 2 && o.stdout == "" && strings.Contains(o.stderr, "must be one of "):
				case name == "recover" && status == 2 && strings.Contains(o.stderr, "-o "+format+" requires a single code"):
				case name == "sandbox serve" && status == 2 && strings.Contains(o.stderr, "nowhere"): // it would not end
					accepted++
				case name == "sandbox register" && status == 6 && o.stdout == "": // the code of A is not known
					accepted++
				case status != 0:
					t.Errorf("-o %s: exit status %d\n%s%s", format, status, o.stdout, o.stderr)
				default:
					accepted++
					if err := parse(format, o.stdout); err != nil {
						t.Errorf("-o %s: %v\n%s", format, err, o.stdout)
					}
				}
			}
			if accepted == 0 {
				t.Error("it has no format")
			}
			if o, status := u.run(append(words, "-q", "-o", "json")...); status != 2 || o.stdout != "" || !strings.Contains(o.stderr, "--quiet and --output cannot be combined") {
				t.Errorf("-q -o json: exit status %d\n%s%s", status, o.stdout, o.stderr)
			}
		})
	}
}

// leaves returns the names of the commands that do something.
func leaves(cmd *cobra.Command, name string) (names []string) {
	for _, sub := range cmd.Commands() {
		names = append(names, leaves(sub, strings.TrimSpace(name+" "+sub.Name()))...)
	}
	if len(names) == 0 || name == "config" {
		names = append(names, name)
	}
	return names
}

// formatUser returns a user with a sandbox.
func formatUser(t *testing.T) *user {
	t.Helper()
	u := newUser(t, "ECS_ACTIVATION_SANDBOX=1", "ECS_ACTIVATION_SANDBOX_QUOTA=50")
	for file, text := range map[string]string{
		"codes.json": `[{"ActivationId":"A","InstanceName":"a","Tags":[{"TagKey":"k","TagValue":"v, w"}]},{"ActivationId":"OLD","CreationTime":"2021-01-20T06:00:00Z"}]`,
		"other.json": `[{}]`,
		"code.json":  `{"ActivationId":"A","ActivationCode":"a-hz01xyz","RegionId":"cn-hangzhou"}`,
	} {
		if err := os.WriteFile(filepath.Join(u.folder, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range []string{"sandbox load codes.json", "create --instance-name web"} {
		if o, status := u.run(strings.Fields(args)...); status != 0 {
			t.Fatal(o.stderr)
		}
	}
	return u
}

// parse returns an error if a text is not in a format.
func parse(format, text string) error {
	switch format {
	case "json":
		return whole(text, json.Unmarshal)
	case "yaml":
		return whole(text, yaml.Unmarshal)
	case "jsonl":
		for line := range strings.Lines(text) {
			if err := whole(line, json.Unmarshal); err != nil {
				return err
			}
		}
	case "csv":
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err == nil && (len(rows) == 0 || len(rows[0]) < 2 || strings.ToLower(rows[0][0]) != rows[0][0]) {
			err = errors.New("no header")
		}
		return err
	case "name":
		if strings.ContainsAny(text, " \t{") {
			return errors.New("not only names")
		}
	}
	return nil
}

// whole returns an error if a text is not one object or array.
func whole(text string, decode func([]byte, any) error) error {
	var value any
	if err := decode([]byte(text), &value); err != nil {
		return err
	}
	switch value.(type) {
	case map[string]any, []any:
		return nil
	}
	return fmt.Errorf("it is a %T", value)
}
