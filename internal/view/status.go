package view

import (
	"cmp"
	"strconv"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// Status is who signs requests, whether that works, and what the regions hold.
type Status struct {
	Identity               Signer
	Sandbox                bool
	Endpoint               string // the setting: "", vpc, a host or a URL; in the sandbox "sandbox"
	ClockDifferenceSeconds *int64 // how far this machine's clock is ahead of the service's; null: not known
	Regions                []RegionStatus
	DocumentedQuotas       []Quota // the newest first
	Recoverable            int     // codes that were not delivered and can still be used
	UnreadableRecords      int
}

// Signer is who signs requests, without a secret.
type Signer struct {
	Source      string // "" if there are no credentials
	AccessKeyId string
	Role        string
	Works       *bool // null: not known, because no answer says so
}

// RegionStatus is what a region holds. If Error is not null, the numbers are not known.
type RegionStatus struct {
	RegionId          string
	Endpoint          string
	Codes             int
	Active            int
	Exhausted         int
	Expired           int
	Disabled          int
	Unknown           int
	ExpireWithinHour  int // of the active codes
	RegisteredCount   int // of all codes
	DeregisteredCount int
	Machines          int // the first minus the second
	DocumentedQuota   int // not that of the account
	Unserved          bool
	Error             *Problem
}

// Quota is how many codes a region may hold according to a page of the documentation.
type Quota struct {
	Codes         int
	Unconditional int // above this number there is a condition; 0: there is none
	Page          string
	Date          string // "" if the page has none
}

// NewRegionStatus returns what a region holds. failed is why it could not be counted, or nil.
func NewRegionStatus(n fleet.Counts, address string, failed *Problem) RegionStatus {
	return RegionStatus{
		RegionId: n.RegionId, Endpoint: address, Codes: n.Codes,
		Active: n.ByStatus[activation.Active], Exhausted: n.ByStatus[activation.Exhausted], Expired: n.ByStatus[activation.Expired],
		Disabled: n.ByStatus[activation.Disabled], Unknown: n.ByStatus[activation.Unknown], ExpireWithinHour: n.ExpireWithinHour,
		RegisteredCount: n.Registered, DeregisteredCount: n.Deregistered, Machines: n.Machines(),
		DocumentedQuota: activation.DocumentedQuotas()[0].Codes, Unserved: n.Unserved, Error: failed,
	}
}

// NewQuotas returns quotas for programs.
func NewQuotas(quotas []activation.Quota) []Quota {
	views := make([]Quota, len(quotas))
	for i, q := range quotas {
		views[i] = Quota{Codes: q.Codes, Unconditional: q.Unconditional, Page: q.Source.Page, Date: q.Source.Date}
	}
	return views
}

// StatusTexts are the sentences of a status. They have the same fields as message.OverviewTexts.
type StatusTexts struct {
	NoCredentials                     string // instead of the source, if there are none
	Works, Service, Region, Clock     string
	Quota, EarlierQuotas              string
	AccountQuota, Recoverable         string
	Codes, ExpireWithinHour, Machines string // of the region, if there is one
	RegionsWithout                    string // how many regions hold no codes; empty: none
}

// PrintStatus prints a status: for programs, or the fields of it, and a table of the regions if there are
// several. Rows of regions without codes are left out if onlyUsed is set, and all rows if there are no
// credentials. With Quiet it prints nothing.
func PrintStatus(p *Printer, s Status, texts StatusTexts, onlyUsed bool) error {
	if p.Quiet {
		return nil
	}
	if ui.ForPrograms(p.Format) {
		return p.Value(s)
	}
	if err := p.Fields(s.fields(p.Out.Language, texts)); err != nil || len(s.Regions) < 2 || s.Identity.Source == "" {
		return err
	}
	var rows []RegionStatus
	for _, r := range s.Regions {
		if r.Codes > 0 || r.Error != nil || !onlyUsed {
			rows = append(rows, r)
		}
	}
	if err := p.Line(""); err != nil {
		return err
	}
	if len(rows) > 0 {
		if err := printRows(p, regionStatusColumns(p.Out.Language, rows), rows); err != nil {
			return err
		}
	}
	if texts.RegionsWithout == "" || !onlyUsed {
		return nil
	}
	return p.Line(texts.RegionsWithout)
}

func (s Status) fields(l ui.Language, texts StatusTexts) []ui.Field {
	endpoint := s.Endpoint
	if len(s.Regions) == 1 {
		endpoint = s.Regions[0].Endpoint
	}
	return []ui.Field{
		{Name: "Credentials", Value: ui.Clean(cmp.Or(l.Source(s.Identity.Source), texts.NoCredentials))},
		{Name: "AccessKeyId", Value: ui.Clean(s.Identity.AccessKeyId)},
		{Name: "Role", Value: ui.Clean(s.Identity.Role)},
		{Name: "Works", Value: texts.Works},
		{Name: "Service", Value: texts.Service},
		{Name: "Region", Value: ui.Clean(texts.Region)},
		{Name: "Endpoint", Value: ui.Clean(endpoint)},
		{Name: "Clock", Value: texts.Clock},
		{Name: "Codes", Value: texts.Codes},
		{Name: "ExpireWithinHour", Value: texts.ExpireWithinHour},
		{Name: "Machines", Value: texts.Machines},
		{Name: "DocumentedQuota", Value: texts.Quota},
		{Name: "EarlierQuotas", Value: texts.EarlierQuotas},
		{Name: "AccountQuota", Value: texts.AccountQuota},
		{Name: "Recoverable", Value: texts.Recoverable},
	}
}

// regionStatusColumns returns the columns of a table of regions. The column of codes whose status is not known
// is in every format if there are such codes.
func regionStatusColumns(l ui.Language, rows []RegionStatus) []Column[RegionStatus] {
	unknown := 0
	for _, r := range rows {
		unknown += r.Unknown
	}
	return []Column[RegionStatus]{
		{Name: "region", Cell: func(r RegionStatus) string { return ui.Clean(r.RegionId) }},
		{Name: "codes", Cell: func(r RegionStatus) string {
			if r.Error != nil {
				return l.Text("failed")
			}
			return strconv.Itoa(r.Codes)
		}},
		numberColumn("active", false, func(r RegionStatus) int { return r.Active }),
		numberColumn("exhausted", false, func(r RegionStatus) int { return r.Exhausted }),
		numberColumn("expired", false, func(r RegionStatus) int { return r.Expired }),
		numberColumn("disabled", false, func(r RegionStatus) int { return r.Disabled }),
		numberColumn("unknown", unknown == 0, func(r RegionStatus) int { return r.Unknown }),
		numberColumn("expiring", false, func(r RegionStatus) int { return r.ExpireWithinHour }),
		numberColumn("machines", false, func(r RegionStatus) int { return r.Machines }),
		{Name: "endpoint", In: InWide, Cell: func(r RegionStatus) string { return ui.Clean(r.Endpoint) }},
	}
}

// numberColumn returns a column with a number of a region, or - if the region could not be counted.
func numberColumn(name string, wide bool, number func(RegionStatus) int) Column[RegionStatus] {
	return Column[RegionStatus]{Name: name, In: wideIf(wide), Cell: func(r RegionStatus) string {
		if r.Error != nil {
			return "-"
		}
		return strconv.Itoa(number(r))
	}}
}
