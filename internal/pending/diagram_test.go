package pending

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the diagram of the states into docs/reliability.md")

// TestTheDiagramShowsTheTable checks that the diagram in docs/reliability.md is that of the table of
// transitions. With -update it writes the diagram:
//
//	go test ./internal/pending -run Diagram -update
func TestTheDiagramShowsTheTable(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "reliability.md")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(content), "stateDiagram-v2\n")
	old, after, ended := strings.Cut(rest, "```\n")
	if !found || !ended {
		t.Fatal("docs/reliability.md has no diagram of the states")
	}
	want := diagram()
	if *update {
		if err := os.WriteFile(path, []byte(before+"stateDiagram-v2\n"+want+"```\n"+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old != want {
		t.Errorf("docs/reliability.md has\n%sand the table is\n%s(go test ./internal/pending -run Diagram -update)", old, want)
	}
}

// diagram returns the table in the language of Mermaid: one line for each pair of states, with the
// events that lead from the first one to the second, in the order of the table.
func diagram() string {
	duties := map[Duty]string{Nothing: "", Append: " (line)", AppendSynced: " (line, synced)", Remove: " (record deleted)"}
	events := map[string][]string{}
	edges := []string{"[*] --> " + string(Recorded)}
	for _, row := range transitions {
		to := string(row.to)
		if row.to == Gone {
			to = "[*]"
		}
		edge := string(row.from) + " --> " + to
		if events[edge] == nil {
			edges = append(edges, edge)
		}
		events[edge] = append(events[edge], string(row.event)+duties[row.duty])
	}
	events[edges[0]] = []string{"record synced"}
	var b strings.Builder
	for _, edge := range edges {
		b.WriteString("    " + edge + ": " + strings.Join(events[edge], "<br/>") + "\n")
	}
	return b.String()
}
