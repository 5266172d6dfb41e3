package view

import (
	"cmp"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// Region is a region of the documentation or of DescribeRegions.
type Region struct {
	RegionId       string
	LocalName      string
	DocumentedBy   string // the oldest known page that lists it for activation codes; "" if none does
	DocumentedOn   string // the date of the page; "" if it has none
	Endpoint       string // where this program sends its requests
	Live           *bool  // whether DescribeRegions returned it; null if it was not called
	RegionEndpoint string // of DescribeRegions
}

// NewRegion returns a region. live says whether DescribeRegions was called.
func NewRegion(r activation.KnownRegion, address string, live bool) Region {
	v := Region{
		RegionId: r.RegionId, LocalName: r.LocalName, DocumentedBy: r.Since.Page, DocumentedOn: r.Since.Date,
		Endpoint: address, RegionEndpoint: r.RegionEndpoint,
	}
	if live {
		v.Live = &r.Live
	}
	return v
}

// PrintRegions prints regions: their IDs, a sequence for programs, a table or CSV.
func PrintRegions(p *Printer, regions []Region) error {
	switch {
	case p.Quiet:
		var ids strings.Builder
		for _, r := range regions {
			ids.WriteString(ui.Clean(r.RegionId) + "\n")
		}
		return p.Text(ids.String())
	case p.ForPrograms():
		return printMany(p, regions)
	}
	return printRows(p, regionColumns(cellStream(p).Language, len(regions) > 0 && regions[0].Live != nil), regions)
}

// RegionColumns returns the names of the columns of a region.
func RegionColumns() []string { return namesOf(regionColumns(nil, false)) }

// regionColumns returns the columns of a table of regions. live says whether DescribeRegions was called.
func regionColumns(l ui.Language, live bool) []Column[Region] {
	answers, details := OnRequest, OnRequest
	if live {
		answers, details = InAll, InWide
	}
	return []Column[Region]{
		{Name: "region", Cell: func(r Region) string { return ui.Clean(r.RegionId) }},
		{Name: "name", CanTruncate: true, Cell: func(r Region) string { return ui.Clean(r.LocalName) }},
		{Name: "documented", Cell: func(r Region) string { return cmp.Or(r.DocumentedOn, l.Find(cmp.Or(r.DocumentedBy, "no"))) }},
		{Name: "page", In: InWide, Cell: func(r Region) string { return l.Find(r.DocumentedBy) }},
		{Name: "live", In: answers, Cell: func(r Region) string { return liveText(l, r.Live) }},
		{Name: "region-endpoint", In: details, Cell: func(r Region) string { return ui.Clean(r.RegionEndpoint) }},
		{Name: "endpoint", Cell: func(r Region) string { return ui.Clean(r.Endpoint) }},
	}
}

// liveText returns whether DescribeRegions returned a region, or "" if it was not called.
func liveText(l ui.Language, live *bool) string {
	switch {
	case live == nil:
		return ""
	case *live:
		return l.Text("yes")
	}
	return l.Text("no")
}
