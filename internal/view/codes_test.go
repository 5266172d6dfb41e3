package view_test

import (
	"strings"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/view"
)

func list(codes ...activation.Activation) (views []view.Listed) {
	for _, code := range codes {
		views = append(views, view.NewListed(code, noon))
	}
	return views
}

func TestAListInEachFormat(t *testing.T) {
	const table = "ID  NAME        STATUS  USES  EXPIRES\n" + "A   " + clean + "  Active  3/10  2026-01-20T15:00:00Z\n"
	const wide = "ID  REGION       NAME        STATUS  USES  EXPIRES               CREATED               ADDRESSES  GROUP  TAGS             DESCRIPTION\n" +
		"A   cn-hangzhou  " + clean + "  Active  3/10  2026-01-20T15:00:00Z  2026-01-20T11:00:00Z  ::/0       rg-1   env=prod,empty=  d\n"
	const several = "ID  REGION       NAME        STATUS  USES  EXPIRES\n" + "A   cn-hangzhou  " + clean + "  Active  3/10  2026-01-20T15:00:00Z\n"
	const csv = "id,region,name,status,uses,expires,created,addresses,group,tags,description\n" +
		`A,cn-hangzhou,` + clean + `,Active,3/10,2026-01-20T15:00:00Z,2026-01-20T11:00:00Z,::/0,rg-1,"env=prod,empty=",d` + "\n"
	const line = `{"ActivationId":"A","RegionId":"cn-hangzhou","InstanceName":"a\u001b[31mb","Description":"d","InstanceCount":10,` +
		`"RegisteredCount":3,"DeregisteredCount":0,"RemainingCount":7,"TimeToLiveInHours":4,"IpAddressRange":"::/0",` +
		`"CreationTime":"2026-01-20T11:00:00Z","ExpirationTime":"2026-01-20T15:00:00Z","Status":"Active","Disabled":false,` +
		`"ResourceGroupId":"rg-1","Tags":[{"TagKey":"env","TagValue":"prod"},{"TagKey":"empty","TagValue":""}]}` + "\n"
	for _, test := range []struct {
		name, format   string
		quiet, several bool
		want           string
	}{
		{"a table", view.FormatTable, false, false, table},
		{"a table of several regions", view.FormatTable, false, true, several},
		{"a wide table", view.FormatWide, false, false, wide},
		{"a wide table of several regions", view.FormatWide, false, true, wide},
		{"lines", "jsonl", false, true, line},
		{"CSV", "csv", false, false, csv},
		{"names", "name", false, false, "cn-hangzhou/A\n"},
		{"IDs", view.FormatTable, true, false, "A\n"},
		{"IDs of several regions", view.FormatTable, true, true, "cn-hangzhou/A\n"},
		{"IDs, and a format from the environment", "json", true, false, "A\n"},
	} {
		p, out := printer(test.format)
		p.Quiet = test.quiet
		err := view.PrintCodes(p, list(web()), noon, test.several)
		expect(t, test.name, err, out, test.want)
	}
}

func TestAListWithoutCodes(t *testing.T) {
	for format, want := range map[string]string{view.FormatTable: "", "json": "[]\n", "jsonl": ""} {
		p, out := printer(format)
		expect(t, format, view.PrintCodes(p, nil, noon, false), out, want)
	}
}

func TestATerminalShowsBarsAndRelativeTimes(t *testing.T) {
	p, out := printer(view.FormatTable)
	terminal(p, 80)
	err := view.PrintCodes(p, list(web()), noon, false)
	expect(t, "wide enough", err, out, "ID  NAME        STATUS  USES         EXPIRES\nA   "+clean+"  Active  ██░░░  3/10  in 3h 0m\n")
	out.Reset()
	terminal(p, 40)
	err = view.PrintCodes(p, list(web()), noon, false)
	expect(t, "too narrow for bars", err, out, "ID  NAME        STATUS  USES  EXPIRES\nA   "+clean+"  Active  3/10  in 3h 0m\n")
}

func TestALiveTableCountsDown(t *testing.T) {
	p, _ := printer(view.FormatTable)
	terminal(p, 80)
	lines, err := view.LiveTable(p, list(web()), noon, false)
	if err != nil || len(lines) != 2 || !strings.HasSuffix(lines[1], "in 3:00:00") {
		t.Errorf("%v, %q", err, lines)
	}
}

func TestOneCode(t *testing.T) {
	p, out := printer("jsonl")
	if err := view.PrintCode(p, list(web())[0], noon); err != nil || !strings.HasPrefix(out.String(), `{"ActivationId":"A"`) {
		t.Errorf("%v, %s", err, out)
	}
	p, out = printer(view.FormatTable)
	quiet(p)
	expect(t, "quiet", view.PrintCode(p, list(web())[0], noon), out, "")
}

func TestTitlesOfChangesComeOnce(t *testing.T) {
	p, out := printer(view.FormatTable)
	changes := []view.CodeChange{{Change: view.ChangeNew, Listed: list(web())[0]}}
	const title, row = "CHANGE   ID  NAME        STATUS     USES  EXPIRES\n", "new      A   " + clean + "  Active     3/10  2026-01-20T15:00:00Z\n"
	expect(t, "the first", view.PrintChanges(p, changes, noon, false, false), out, title+row)
	expect(t, "the next", view.PrintChanges(p, changes, noon, false, true), out, title+row+row)
	p, out = printer("jsonl")
	if err := view.PrintChanges(p, changes, noon, false, false); err != nil || !strings.HasPrefix(out.String(), `{"Change":"new","ActivationId":"A"`) {
		t.Errorf("%v, %s", err, out)
	}
}
