package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAModuleNeedsALicenceThatSomebodyHasRead(t *testing.T) {
	folder := t.TempDir()
	if _, err := licenceIn(folder); err == nil {
		t.Error("a folder without a licence is accepted")
	}
	if err := os.WriteFile(filepath.Join(folder, "LICENSE.md"), []byte("MIT License\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := licenceIn(folder)
	if err != nil {
		t.Fatal(err)
	}
	const hash = "267f7a2e19dfa9df"
	for list, want := range map[string]string{
		"a MIT " + hash:          "",
		"b MIT " + hash:          "a is not in licences.txt",
		"a MIT 0000000000000000": "has changed",
		"a GPL-3.0 " + hash:      "not allowed",
	} {
		known, err := parse("# comment\n\n" + list)
		if err != nil {
			t.Fatal(err)
		}
		err = check("a", text, known)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", list, err)
		}
	}
	if _, err := parse("a MIT"); err == nil {
		t.Error("a line without a hash is accepted")
	}
}
