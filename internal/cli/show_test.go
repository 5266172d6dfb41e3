package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ecs-activation/internal/sandbox"
)

// used creates a code and registers machines with it.
func (u *user) used(machines int) (id string) {
	u.Helper()
	o, _ := u.run("create", "--instance-count", "100", "--sandbox", "-o", "json")
	var code struct{ ActivationId, ActivationCode string }
	if err := json.Unmarshal([]byte(o.stdout), &code); err != nil {
		u.Fatal(err, o.stderr)
	}
	for n := range machines {
		r := sandbox.Registration{
			RegionId: "cn-hangzhou", ActivationId: code.ActivationId, ActivationCode: code.ActivationCode, SourceIp: "192.0.2.7",
			Hostname: fmt.Sprintf("主机%d\x1b[31m", n),
		}
		if _, err := u.box().Register(u.Context(), r); err != nil {
			u.Fatal(err)
		}
	}
	return code.ActivationId
}

func TestShowPrintsTheMachinesOfAllPages(t *testing.T) {
	u := newUser(t)
	id := u.used(60)
	o, status := u.run("show", id, "--sandbox", "-o", "json")
	var list []struct {
		Machines []struct{ InstanceId, Hostname string }
	}
	if err := json.Unmarshal([]byte(o.stdout), &list); err != nil || status != 0 || len(list) != 1 {
		t.Fatalf("exit status %d, %v: %s", status, err, o.stderr)
	}
	seen := map[string]bool{}
	for _, m := range list[0].Machines {
		seen[m.InstanceId] = true
	}
	if len(list[0].Machines) != 60 || len(seen) != 60 {
		t.Errorf("%d machines, %d different ones", len(list[0].Machines), len(seen))
	}
	if o, _ := u.run("show", id, "--sandbox", "-o", "wide"); strings.Contains(o.stdout, "\x1b") || !strings.Contains(o.stdout, `主机59\x1b[31m`) {
		t.Errorf("a host name steers the terminal: %q", o.stdout)
	}
}

// Without the permission to read machines show always prints the code.
func TestShowWithoutPermissionForMachinesPrintsTheCode(t *testing.T) {
	u := newUser(t)
	id := u.used(1)
	served := u.serving("DescribeManagedInstances", forbidden)
	o, status := served.run("show", id)
	if status != 0 || !strings.Contains(o.stdout, "Machines           cannot be read: Forbidden.RAM (ecs:DescribeManagedInstances)\n") || !strings.Contains(o.stdout, "RegisteredCount    1\n") {
		t.Errorf("exit status %d: %s%s", status, o.stdout, o.stderr)
	}
	o, status = served.run("show", id, "-o", "json")
	var list []struct {
		Machines      []any
		MachinesError struct{ Code, Kind string }
	}
	if err := json.Unmarshal([]byte(o.stdout), &list); err != nil || status != 0 || list[0].Machines != nil || list[0].MachinesError.Code != "Forbidden.RAM" {
		t.Errorf("exit status %d, %v: %s", status, err, o.stdout)
	}
	if err := validate(t, "show", o.stdout); err != nil {
		t.Error(err)
	}
}

// Other errors of reading machines may be temporary, so show fails.
func TestShowFailsIfMachinesCannotBeRead(t *testing.T) {
	u := newUser(t)
	id := u.used(1)
	served := u.serving("DescribeManagedInstances", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("x-acs-retry-after", "60000") // longer than the time left
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, `{"RequestId":"R1","Code":"ServiceUnavailable","Message":"later"}`) //nolint:errcheck // the client may have gone
	})
	o, status := served.run("show", id, "--timeout", "5s")
	if status != 7 || !strings.Contains(o.stdout, "ActivationId       "+id) || !strings.Contains(o.stderr, "cannot list the machines of "+id) {
		t.Errorf("exit status %d: %s%s", status, o.stdout, o.stderr)
	}
}

func TestShowPrintsUnknownValues(t *testing.T) {
	u := newUser(t)
	served := u.serving("DescribeActivations", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		fmt.Fprint(w, `{"RequestId":"R1","ActivationList":[{"ActivationId":"ODD","CreationTime":"yesterday\u202e","InstanceCount":10,"IpAddressRange":"everywhere"}]}`) //nolint:errcheck // the client may have gone
	})
	o, status := served.run("show", "ODD")
	for _, line := range []string{"Status             Unknown\n", `CreationTime       yesterday\u202e` + "\n", "IpAddressRange     everywhere\n"} {
		if status != 0 || !strings.Contains(o.stdout, line) {
			t.Errorf("exit status %d: there is no line %q in\n%s", status, line, o.stdout)
		}
	}
	if strings.Contains(o.stdout, "EndsFirst") || strings.Contains(o.stdout, "ExpirationTime") {
		t.Errorf("values that are not known are printed:\n%s", o.stdout)
	}
}
