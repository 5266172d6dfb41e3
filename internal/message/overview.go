package message

import (
	"fmt"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/config"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// Overview is what the command status found.
type Overview struct {
	fleet.Counted
	Sandbox             bool
	All                 bool         // all documented regions were requested
	Region              config.Value // the setting
	Quotas              []activation.Quota
	Recoverable, Unread int // codes to recover, and records that cannot be read
}

// OverviewTexts are the texts about an Overview.
type OverviewTexts struct {
	NoCredentials                     string
	Works, Service, Region, Clock     string
	Quota, EarlierQuotas              string
	AccountQuota, Recoverable         string
	Codes, ExpireWithinHour, Machines string // of the region, if there is one
	RegionsWithout                    string // how many regions hold no codes; empty: none
}

// Texts returns the texts about an Overview.
func (o Overview) Texts(c Invocation) OverviewTexts {
	l := c.Language
	t := OverviewTexts{
		NoCredentials: l.Text("none"), Works: works(c, o.Counted), Service: l.Text("Alibaba Cloud"), Region: whichRegions(l, o),
		Clock: clockDifference(l, o.ClockDifference()), EarlierQuotas: earlierQuotas(l, o.Quotas[1:]),
		Quota:        l.Text("%s codes a region (%s, %s)", ui.Number(o.Quotas[0].Codes), o.Quotas[0].Source.Page, o.Quotas[0].Source.Date),
		AccountQuota: l.Text("not read; it may differ from the documented quota"), Recoverable: toRecover(c, o),
		RegionsWithout: regionsWithout(l, o.Regions),
	}
	if o.Sandbox {
		t.Service = l.Text("the local sandbox")
	}
	if len(o.Regions) == 1 {
		t.Codes, t.ExpireWithinHour, t.Machines = regionTexts(l, o.Regions[0])
	}
	return t
}

// works returns whether the credentials work.
func works(c Invocation, counted fleet.Counted) string {
	works, err := counted.Works()
	reason := ""
	if err != nil {
		reason, _, _ = strings.Cut(c.Cause(err), "\n")
		reason = ui.Clean(reason)
	}
	switch {
	case works != nil && *works:
		return c.Language.Text("yes")
	case works != nil:
		return c.Language.Text("no: %s", reason)
	case counted.Err != nil && activation.KindOf(err) == activation.KindUsage:
		return c.Language.Text("not known: no region is set")
	case err != nil:
		return c.Language.Text("not known: %s", reason)
	}
	return c.Language.Text("not known")
}

// whichRegions returns which regions were requested: the one of the setting with its source, or how many.
func whichRegions(l Language, o Overview) string {
	switch {
	case o.All:
		return l.Text("all %s documented regions", ui.Number(len(o.Regions)))
	case o.Region.Value == "":
		return l.Text("not set")
	case len(o.Regions) > 1:
		return l.Text("%s regions (%s)", ui.Number(len(o.Regions)), ui.Clean(l.Source(string(o.Region.Source))))
	}
	return l.Text("%s (%s)", ui.Clean(o.Region.Value), ui.Clean(l.Source(string(o.Region.Source))))
}

// clockDifference returns how far this machine's clock is from the service's. A second more or less can come
// from the time that the answer took.
func clockDifference(l Language, seconds *int64) string {
	switch {
	case seconds == nil:
		return l.Text("not known: no answer had a time")
	case *seconds > 1:
		return l.Text("this machine's clock is %d s ahead of the service", *seconds)
	case *seconds < -1:
		return l.Text("this machine's clock is %d s behind the service", -*seconds)
	}
	return l.Text("this machine's clock and the service's agree")
}

// regionTexts returns how many codes a region holds, how many of them expire soon, and how many machines are
// registered.
func regionTexts(l Language, n fleet.Counts) (codes, soon, machines string) {
	if n.Err != nil {
		return l.Text("not known"), "", l.Text("not known")
	}
	var parts []string
	for _, status := range activation.Statuses() {
		if n.ByStatus[status] > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", ui.Number(n.ByStatus[status]), status))
		}
	}
	switch {
	case n.Unserved:
		codes = l.Text("none: the service has no activation codes there")
	case len(parts) == 0:
		codes = l.Text("none")
	default:
		codes = l.Text("%s (%s)", ui.Number(n.Codes), list(l, parts))
	}
	machines = l.Text("%s, computed from the codes: %s registered, %s deregistered",
		ui.Number(n.Machines()), ui.Number(n.Registered), ui.Number(n.Deregistered))
	return codes, l.Count(n.ExpireWithinHour, "%s active code", "%s active codes"), machines
}

// earlierQuotas returns the quotas of older pages.
func earlierQuotas(l Language, quotas []activation.Quota) string {
	texts := make([]string, len(quotas))
	for i, q := range quotas {
		texts[i] = ui.Number(q.Codes)
		if q.Unconditional > 0 {
			texts[i] = l.Text("%s (%s if over half of the uses are left)", ui.Number(q.Codes), ui.Number(q.Unconditional))
		}
	}
	return strings.Join(texts, l.Text(", earlier "))
}

// toRecover returns how many codes can be recovered, with the command that does it.
func toRecover(c Invocation, o Overview) string {
	l, command := c.Language, c.Line.Command("recover")
	switch {
	case o.Unread > 0:
		return l.Text("%s, and %s cannot be read; see:  %s", l.Count(o.Recoverable, "%s code", "%s codes"),
			l.Count(o.Unread, "%s record", "%s records"), command)
	case o.Recoverable > 0:
		return l.Text("%s; see:  %s", l.Count(o.Recoverable, "%s code", "%s codes"), command)
	}
	return l.Text("no codes")
}

// regionsWithout returns how many regions hold no codes, and in how many of these the service has none.
func regionsWithout(l Language, regions []fleet.Counts) string {
	empty, unserved := 0, 0
	for _, n := range regions {
		if n.Err == nil && n.Codes == 0 {
			empty++
		}
		if n.Unserved {
			unserved++
		}
	}
	switch {
	case empty == 0:
		return ""
	case unserved > 0:
		return l.Text("%s without codes; in %s of them the service has no activation codes", l.Count(empty, "%s region", "%s regions"), ui.Number(unserved))
	}
	return l.Count(empty, "%s region without codes", "%s regions without codes")
}
