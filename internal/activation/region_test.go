package activation

import (
	"slices"
	"testing"
)

func TestRegionsAreDocumented(t *testing.T) {
	pages := map[string]int{}
	for _, region := range DocumentedRegions() {
		pages[region.Since.Page+" "+region.Since.Date]++
		if (region.LocalName == "") != (region.Since.Date == "") {
			t.Errorf("%+v: only the API pages have names and dates", region)
		}
	}
	if pages["CreateActivation 2021"] != 3 || pages["DescribeActivations 2024-01-17"] != 13 || pages["user guide "] != 9 {
		t.Errorf("%v", pages)
	}
	ids := Regions()
	if slices.Sort(ids); len(slices.Compact(ids)) != 25 {
		t.Errorf("%q", ids)
	}
}

func TestLiveRegionsAreAddedToTheDocumentedOnes(t *testing.T) {
	documented := []DocumentedRegion{{RegionId: "a", LocalName: "A", Since: pageCreate}, {RegionId: "b", Since: Source{Page: "user guide"}}, {RegionId: "c"}}
	got := MergeRegions(documented, []LiveRegion{{"d", "D", "d.host"}, {"b", "B", "b.host"}, {"a", "other", "a.host"}})
	want := []KnownRegion{
		{documented[0], true, "a.host"},
		{DocumentedRegion{"b", "B", Source{Page: "user guide"}}, true, "b.host"},
		{documented[2], false, ""},
		{DocumentedRegion{RegionId: "d", LocalName: "D"}, true, "d.host"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}
