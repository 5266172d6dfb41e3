package fleet

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ecs-activation/internal/activation"
)

func tomorrow() time.Time { return start.Add(24 * time.Hour) }

func TestCountCountsEveryPageByTheClockOfTheService(t *testing.T) {
	s := with(120) // created an hour before start, for 4 hours
	s.clock = start.Add(2*time.Hour + time.Second)
	for i := range s.codes {
		switch code := &s.codes[i]; {
		case i < 10:
			code.Disabled = true
		case i < 30:
			code.RegisteredCount, code.DeregisteredCount = 10, 3
		case i < 60:
			code.CreationTime = start.Format(time.RFC3339) // expires more than an hour later
		case i == 60:
			code.CreationTime, code.RegisteredCount, code.DeregisteredCount = "?", -1, -1
		}
	}
	counted := NewReader(s).Count(t.Context(), Query{Regions: []string{"a", "b"}}, tomorrow, nil)
	for i, region := range []string{"a", "b"} {
		got := counted.Regions[i]
		if got.RegionId != region || got.Err != nil || got.Codes != 120 || got.ExpireWithinHour != 59 || got.Registered != 200 || got.Deregistered != 60 || got.Machines() != 140 {
			t.Errorf("%+v", got)
		}
		if fmt.Sprint(got.ByStatus) != "map[Active:89 Disabled:10 Exhausted:20 Unknown:1]" {
			t.Errorf("%v", got.ByStatus)
		}
	}
	if len(counted.Failed()) > 0 || !counted.Answer.Date.Equal(s.clock) {
		t.Errorf("%+v", counted)
	}
}

// An answer without a time is counted by this machine's clock.
func TestCountWithoutATimeOfTheService(t *testing.T) {
	s := with(1)
	s.clock = time.Time{}
	counted := NewReader(s).Count(t.Context(), Query{Regions: []string{"a"}}, tomorrow, nil)
	if counted.Regions[0].ByStatus[activation.Expired] != 1 || counted.ClockDifference() != nil {
		t.Errorf("%+v", counted)
	}
}

// The numbers of the pages before the error are dropped.
func TestCountOfARegionThatFailsHasOnlyTheError(t *testing.T) {
	s := with(120)
	s.before = func(_ *service, _ int, r activation.ListRequest) error {
		if r.RegionId == "b" && r.PageNumber == 2 {
			return torn()
		}
		return nil
	}
	counted := NewReader(s).Count(t.Context(), Query{Regions: []string{"a", "b"}}, tomorrow, nil)
	if got := counted.Regions[0]; got.Codes != 120 || got.Err != nil {
		t.Errorf("%+v", got)
	}
	got := counted.Regions[1]
	if got.Codes != 0 || len(got.ByStatus) != 0 || got.Err == nil || got.Err.Error() != "cannot count the codes of b: torn" {
		t.Errorf("%+v", got)
	}
	if len(counted.Failed()) != 1 {
		t.Errorf("%v", counted.Failed())
	}
}

// After an error the other pages of the region are not requested, although the other regions are still read.
func TestCountGivesUpARegionThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 200 * activation.MaxPage, "b": 1})
		s.hold["b"] = make(chan struct{})
		s.regions["a"].before = func(_ *service, _ int, r activation.ListRequest) error {
			if r.PageNumber == 2 {
				return torn()
			}
			return nil
		}
		go func() {
			time.Sleep(time.Minute)
			close(s.hold["b"])
		}()
		counted := NewReader(s).Count(t.Context(), of("a", "b"), tomorrow, nil)
		if all, _ := s.regions["a"].asked(); all > 1+2*readsAtMost || len(counted.Failed()) != 1 {
			t.Errorf("%d pages were requested, %v", all, counted.Failed())
		}
	})
}

// meeting is a service that answers no page 2 before that of every region was requested.
type meeting struct {
	*service
	regions int
	met     chan struct{}
	arrived *atomic.Int32
}

func (m meeting) List(ctx context.Context, r activation.ListRequest) (activation.Page, error) {
	if r.PageNumber == 2 {
		if m.arrived.Add(1) == int32(m.regions) {
			close(m.met)
		}
		select {
		case <-m.met:
		case <-ctx.Done():
		}
	}
	return m.service.List(ctx, r)
}

func TestCountReadsAllPagesOfAllRegionsAtOnce(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var q Query
	for i := range 16 {
		q.Regions = append(q.Regions, fmt.Sprint("region-", i))
	}
	s := meeting{with(60), len(q.Regions), make(chan struct{}), new(atomic.Int32)}
	parts := 0
	counted := NewReader(s).Count(ctx, q, tomorrow, func(Part) { parts++ })
	for _, region := range counted.Regions {
		if region.Err != nil || region.Codes != 60 {
			t.Errorf("%+v", region)
		}
	}
	if parts != 3*16 {
		t.Errorf("%d parts", parts)
	}
}

func TestWorksIsProvedByAnAnswerWithCodes(t *testing.T) {
	failed := func(kind activation.Kind) Counts { return Counts{Err: &activation.Error{Kind: kind}} }
	yes, no := "true", "false"
	for want, regions := range map[string][]Counts{
		"a " + yes:    {{}},
		"b " + yes:    {failed(activation.KindIdentity), {}},
		"c " + no:     {failed(activation.KindUnavailable), failed(activation.KindIdentity)},
		"d not known": {failed(activation.KindUnavailable)},
		"e not known": {{Unserved: true}},
		"f not known": {},
	} {
		works, err := Counted{Regions: regions}.Works()
		got := "not known"
		if works != nil {
			got = fmt.Sprint(*works)
		}
		if got != want[2:] || (got == no) != (activation.KindOf(err) == activation.KindIdentity) {
			t.Errorf("%s: %s, %v", want, got, err)
		}
	}
	none := NotCounted(Query{Regions: []string{"a"}}, &activation.Error{Kind: activation.KindIdentity})
	if works, err := none.Works(); works == nil || *works || err == nil || none.Regions[0].Err == nil {
		t.Errorf("%v, %v", works, err)
	}
}

// The time of a refusal is that of the service as well.
func TestTheClockIsKnownFromARefusal(t *testing.T) {
	for off, want := range map[time.Duration]int64{75 * time.Second: 75, -75 * time.Second: -75, 900 * time.Millisecond: 0} {
		s := refusing{answer: activation.Answer{Date: start, ReceivedAt: start.Add(off)}}
		counted := NewReader(s).Count(t.Context(), Query{Regions: []string{"a"}}, tomorrow, nil)
		if got := counted.ClockDifference(); got == nil || *got != want || len(counted.Failed()) != 1 {
			t.Errorf("%v: %v, %+v", off, got, counted)
		}
	}
}

// refusing is a service that refuses every list.
type refusing struct {
	activation.Service
	answer activation.Answer
}

func (r refusing) List(context.Context, activation.ListRequest) (activation.Page, error) {
	return activation.Page{Answer: r.answer}, &activation.Error{Kind: activation.KindIdentity, Op: "list", Code: "NoPermission"}
}
