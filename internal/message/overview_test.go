package message

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/config"
	"ecs-activation/internal/fleet"
)

// overview returns an Overview with these regions and the quotas of the documentation.
func overview(change func(*Overview), regions ...fleet.Counts) Overview {
	o := Overview{Counted: fleet.Counted{Regions: regions}, Quotas: activation.DocumentedQuotas()}
	if change != nil {
		change(&o)
	}
	return o
}

func TestAnOverviewSaysWhereTheUserStands(t *testing.T) {
	at := time.Date(2026, 6, 25, 6, 0, 0, 0, time.UTC)
	off := func(seconds int) func(*Overview) {
		return func(o *Overview) {
			o.Answer = activation.Answer{Date: at, ReceivedAt: at.Add(time.Duration(seconds) * time.Second)}
		}
	}
	refused := fleet.Counts{Err: &activation.Error{Kind: activation.KindIdentity, Err: errors.New("first line\n  second line")}}
	full := fleet.Counts{Codes: 1204, ByStatus: map[activation.Status]int{activation.Active: 1200, activation.Expired: 4}, ExpireWithinHour: 1, Registered: 3, Deregistered: 1}
	for _, test := range []struct {
		o     Overview
		field string
		want  string
	}{
		{overview(nil, full), "Works", "yes"},
		{overview(nil, refused), "Works", "no: first line"},
		{overview(nil, fleet.Counts{Err: &activation.Error{Kind: activation.KindUnavailable, Err: errors.New("torn")}}), "Works", "not known: torn"},
		{overview(nil, fleet.Counts{Unserved: true}), "Works", "not known"},
		{overview(func(o *Overview) { o.Err = &activation.Error{Kind: activation.KindUsage} }), "Works", "not known: no region is set"},
		{overview(nil, fleet.Counts{Err: &activation.Error{Kind: activation.KindUsage, Err: errors.New("no such region")}}), "Works", "not known: no such region"},
		{overview(nil), "Clock", "not known: no answer had a time"},
		{overview(off(75)), "Clock", "this machine's clock is 75 s ahead of the service"},
		{overview(off(-2)), "Clock", "this machine's clock is 2 s behind the service"},
		{overview(off(1)), "Clock", "this machine's clock and the service's agree"},
		{overview(off(-1)), "Clock", "this machine's clock and the service's agree"},
		{overview(nil, full), "Codes", "1,204 (1,200 Active, 4 Expired)"},
		{overview(nil, fleet.Counts{}), "Codes", "none"},
		{overview(nil, fleet.Counts{Unserved: true}), "Codes", "none: the service has no activation codes there"},
		{overview(nil, refused), "Codes", "not known"},
		{overview(nil, refused), "ExpireWithinHour", ""},
		{overview(nil, full), "ExpireWithinHour", "1 active code"},
		{overview(nil, full), "Machines", "2, computed from the codes: 3 registered, 1 deregistered"},
		{overview(nil, full, full), "Codes", ""},
		{overview(nil), "Service", "Alibaba Cloud"},
		{overview(func(o *Overview) { o.Sandbox = true }), "Service", "the local sandbox"},
		{overview(nil), "Region", "not set"},
		{overview(func(o *Overview) { o.Region = config.Value{Value: "a", Source: "flag --region"} }, full), "Region", "a (flag --region)"},
		{overview(func(o *Overview) { o.Region = config.Value{Value: "a,b", Source: "flag --region"} }, full, full), "Region", "2 regions (flag --region)"},
		{overview(func(o *Overview) { o.All = true }, full, full), "Region", "all 2 documented regions"},
		{overview(nil), "Quota", "10 codes a region (CreateActivation, 2026-06-25)"},
		{overview(nil), "EarlierQuotas", "5,000 (1,000 if over half of the uses are left), earlier 100"},
		{overview(nil), "Recoverable", "no codes"},
		{overview(func(o *Overview) { o.Recoverable = 2 }), "Recoverable", "2 codes; see:  ecs-activation recover"},
		{overview(func(o *Overview) { o.Recoverable, o.Unread = 1, 2 }), "Recoverable", "1 code, and 2 records cannot be read; see:  ecs-activation recover"},
		{overview(nil, full), "RegionsWithout", ""},
		{overview(nil, full, refused), "RegionsWithout", ""},
		{overview(nil, full, fleet.Counts{}), "RegionsWithout", "1 region without codes"},
		{overview(nil, fleet.Counts{Unserved: true}, fleet.Counts{}), "RegionsWithout", "2 regions without codes; in 1 of them the service has no activation codes"},
	} {
		if got := reflect.ValueOf(test.o.Texts(Invocation{})).FieldByName(test.field).String(); got != test.want {
			t.Errorf("%s: %q, want %q", test.field, got, test.want)
		}
	}
}
