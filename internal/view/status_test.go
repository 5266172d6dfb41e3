package view_test

import (
	"strings"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/view"
)

func counted(region string, codes int, status activation.Status) fleet.Counts {
	return fleet.Counts{RegionId: region, Codes: codes, ByStatus: map[activation.Status]int{status: codes}, ExpireWithinHour: 1, Registered: 5, Deregistered: 2}
}

func TestAStatusOfSeveralRegionsHasATable(t *testing.T) {
	status := view.Status{Identity: view.Signer{Source: hostile}, Regions: []view.RegionStatus{
		view.NewRegionStatus(counted("a", 2, activation.Active), "h", nil),
		view.NewRegionStatus(fleet.Counts{RegionId: "b"}, "h", nil),
		view.NewRegionStatus(fleet.Counts{RegionId: hostile}, "h", &view.Problem{}),
	}}
	texts := view.StatusTexts{NoCredentials: "none", Works: "yes", RegionsWithout: "1 region without codes"}
	const fields = "Credentials  " + clean + "\nWorks        yes\n"
	const table = "REGION      CODES   ACTIVE  EXHAUSTED  EXPIRED  DISABLED  EXPIRING  MACHINES\n" +
		"a           2       2       0          0        0         1         3\n"
	const failed = clean + "  failed  -       -          -        -         -         -\n"
	p, out := printer(view.FormatTable)
	err := view.PrintStatus(p, status, texts, true)
	expect(t, "only used regions", err, out, fields+"\n"+table+failed+"1 region without codes\n")

	p, out = printer(view.FormatTable)
	err = view.PrintStatus(p, status, texts, false)
	expect(t, "all regions", err, out, fields+"\n"+table+"b           0       0       0          0        0         0         0\n"+failed)

	p, out = printer(view.FormatTable)
	status.Regions[0] = view.NewRegionStatus(counted("a", 2, activation.Unknown), "h", nil)
	if err := view.PrintStatus(p, status, texts, true); err != nil || !strings.Contains(out.String(), "  DISABLED  UNKNOWN  EXPIRING") {
		t.Errorf("%v, %s", err, out)
	}

	p, out = printer(view.FormatTable)
	status.Regions = status.Regions[1:2]
	err = view.PrintStatus(p, status, texts, true)
	expect(t, "one region", err, out, fields+"Endpoint     h\n")

	p, out = printer(view.FormatTable)
	status.Identity, status.Regions = view.Signer{}, make([]view.RegionStatus, 25)
	err = view.PrintStatus(p, status, texts, true)
	expect(t, "no credentials", err, out, "Credentials  none\nWorks        yes\n")

	p, _ = printer(view.FormatTable)
	p.Out.Writer = full{}
	if err := view.PrintStatus(p, status, texts, true); err == nil {
		t.Error("a failed write is no error")
	}
}

func TestRegionsWithoutACallOfDescribeRegionsHaveNoLive(t *testing.T) {
	known := activation.KnownRegion{DocumentedRegion: activation.DocumentedRegion{RegionId: hostile, LocalName: hostile}}
	for live, want := range map[bool]string{
		false: "REGION      NAME        DOCUMENTED  ENDPOINT\n" + clean + "  " + clean + "  no          h\n",
		true:  "REGION      NAME        DOCUMENTED  LIVE  ENDPOINT\n" + clean + "  " + clean + "  no          no    h\n",
	} {
		p, out := printer(view.FormatTable)
		err := view.PrintRegions(p, []view.Region{view.NewRegion(known, "h", live)})
		expect(t, "regions", err, out, want)
	}
	p, out := printer(view.FormatTable)
	quiet(p)
	err := view.PrintRegions(p, []view.Region{view.NewRegion(known, "h", false)})
	expect(t, "quiet", err, out, clean+"\n")
}
