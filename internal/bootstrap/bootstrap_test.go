package bootstrap

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// odd are values that a shell would like to interpret.
var odd = []string{
	"a-hz0152v+/8Y=", "", " ", "two words", "it's", "''", `"double"`, "$HOME", "${HOME}", "$(touch broken)", "`touch broken`", "a;b", "a&b|c>d<e",
	"*", "~", "#comment", "a\\b\\", "\\'", "line\nbreak", "tab\there", "-n", "--help", "!history", "{a,b}", "激活码", "\x1b[31m", "%s%n", "\xff",
}

func TestTheCommandSurvivesARealShell(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh here")
	}
	for _, value := range odd {
		line := Command(Registration{RegionId: value, ActivationId: "id" + value, ActivationCode: value + "code"})
		// sudo shows its arguments, each ended by a NUL, and runs nothing.
		script := "sudo() { printf '%s\\0' \"$@\"; }\n" + line + "\n"
		cmd := exec.Command(shell, "-c", script)
		cmd.Dir = t.TempDir()
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%q: %v: %s", value, err, out)
			continue
		}
		got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		want := []string{
			"aliyun-service", "--register", "--RegionId", value, "--ActivationCode", value + "code", "--ActivationId", "id" + value,
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q arrives as\n%q, want\n%q", value, got, want)
		}
		if left, err := os.ReadDir(cmd.Dir); err != nil || len(left) > 0 {
			t.Errorf("%q ran something: %v, %v", value, left, err)
		}
	}
}

func TestTheCommandIsTheOneOfTheRegistrationPage(t *testing.T) {
	got := Command(Registration{RegionId: "cn-hangzhou", ActivationId: "4ECEEE12-56F1-4FBC-9AB1-890F12345678", ActivationCode: "a-hz01xyz"})
	want := "sudo aliyun-service --register --RegionId 'cn-hangzhou' --ActivationCode 'a-hz01xyz' --ActivationId '4ECEEE12-56F1-4FBC-9AB1-890F12345678'"
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
