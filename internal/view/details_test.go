package view_test

import (
	"strings"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/view"
)

func machines() []activation.Machine {
	return []activation.Machine{
		{InstanceId: "mi-1", InstanceName: hostile, Hostname: "h", IntranetIp: "10.0.0.1", OsType: "Linux", OsVersion: "6", AgentVersion: "2.2",
			Connected: true, RegistrationTime: "2026-01-20T11:30:00Z", InvocationCount: 7, LastInvokedTime: "2026-01-20T11:40:00Z", ResourceGroupId: "rg-2"},
		{InstanceId: "mi-2", InternetIp: "192.0.2.7", IntranetIp: "10.0.0.2", OsType: "Windows", RegistrationTime: "2026-01-20T11:31:00Z"},
	}
}

const shownFields = `ActivationId       A
RegionId           cn-hangzhou
Status             Active
InstanceName       ` + clean + `
Description        d
InstanceCount      10
RegisteredCount    3
DeregisteredCount  0
RemainingCount     7
TimeToLiveInHours  4
CreationTime       2026-01-20T11:00:00Z
ExpirationTime     2026-01-20T15:00:00Z
EndsFirst          uses, at the pace so far
IpAddressRange     ::/0
ResourceGroupId    rg-1
Tags               env=prod,empty=
Machines           2

`

func TestCodesWithTheirMachines(t *testing.T) {
	code := view.NewDetailed(web(), machines(), nil, noon)
	const table = "MACHINE  NAME        ADDRESS    SYSTEM   CONNECTED  REGISTERED\n" +
		"mi-1     " + clean + "  10.0.0.1   Linux 6  yes        2026-01-20T11:30:00Z\n" +
		"mi-2                 192.0.2.7  Windows  no         2026-01-20T11:31:00Z\n"
	p, out := printer(view.FormatTable)
	expect(t, "two codes", view.PrintDetails(p, []view.Detailed{code, code}, false), out, shownFields+table+"\n"+shownFields+table)
	p, out = printer(view.FormatWide)
	err := view.PrintDetails(p, []view.Detailed{code}, false)
	wide := "REGISTERED            HOST  PRIVATE   AGENT  COMMANDS  LAST                  GROUP  TAGS\n"
	row := "2026-01-20T11:30:00Z  h     10.0.0.1  2.2    7         2026-01-20T11:40:00Z  rg-2\n"
	if err != nil || !strings.Contains(out.String(), wide) || !strings.Contains(out.String(), row) {
		t.Errorf("%v, %s", err, out)
	}
	p, out = printer(view.FormatTable)
	quiet(p)
	expect(t, "quiet", view.PrintDetails(p, []view.Detailed{code}, true), out, "cn-hangzhou/A\n")
}

func TestDetailsForPrograms(t *testing.T) {
	p, out := printer("jsonl")
	err := view.PrintDetails(p, []view.Detailed{view.NewDetailed(web(), []activation.Machine{}, nil, noon)}, false)
	if want := `"RemainingSeconds":10800,"EndsFirst":"uses","Machines":[],"MachinesError":null}` + "\n"; err != nil || !strings.HasSuffix(out.String(), want) {
		t.Errorf("%v, %s", err, out)
	}
}

func TestMachinesThatCannotBeRead(t *testing.T) {
	for code, want := range map[string]string{
		"Forbidden.RAM": "Machines           cannot be read: Forbidden.RAM (ecs:DescribeManagedInstances)\n",
		"":              "Machines           cannot be read\n",
	} {
		p, out := printer(view.FormatTable)
		err := view.PrintDetails(p, []view.Detailed{view.NewDetailed(web(), nil, &view.Problem{Code: code}, noon)}, false)
		if err != nil || !strings.HasSuffix(out.String(), want) {
			t.Errorf("%v, %s", err, out)
		}
	}
}

func TestATerminalShowsHowMuchIsUsedAndRelativeTimes(t *testing.T) {
	p, out := printer(view.FormatTable)
	terminal(p, 80)
	err := view.PrintDetails(p, []view.Detailed{view.NewDetailed(web(), nil, nil, noon)}, false)
	for _, line := range []string{"RegisteredCount    3  ███░░░░░░░\n", "ExpirationTime     2026-01-20T15:00:00Z (in 3h 0m)\n"} {
		if err != nil || !strings.Contains(out.String(), line) {
			t.Errorf("%v: there is no line %q in\n%s", err, line, out)
		}
	}
}
