package fleet

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ecs-activation/internal/activation"
)

// of returns the query for all codes of regions.
func of(regions ...string) Query { return Query{Regions: regions} }

func TestRegionsComeOneAfterTheOtherInTheOrderOfTheQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 120, "b": 0, "c": 51})
		if got := words(t.Context(), NewReader(s), of("c", "a", "b")); got != "c50 c1 c. a50 a50 a20 a. b0 b." {
			t.Error(got)
		}
		q := of("a", "c")
		q.Enough = 3
		if got := words(t.Context(), NewReader(s), q); got != "a3 a. c3 c." {
			t.Errorf("at most three of each: %s", got)
		}
	})
}

func TestTheFirstAnswerSetsTheTimeOfAListing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 60, "b": 1})
		s.regions["b"].clock = start.Add(time.Minute)
		if l := NewReader(s).List(t.Context(), of("a", "b"), nil); !l.Answer.Date.Equal(start) {
			t.Errorf("%+v", l.Answer)
		}
	})
}

func TestTheFirstPageOfEveryRegionIsRequestedBeforeOneIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		codes := map[string]int{}
		var regions []string
		for i := range 3 * regionsAhead {
			region := fmt.Sprintf("r%02d", i)
			codes[region], regions = 100, append(regions, region)
		}
		s := inRegions(codes)
		for range NewReader(s).Read(t.Context(), of(regions...)) {
			time.Sleep(time.Minute) // everything that is read without the caller has been read then
			break
		}
		for i, region := range regions {
			want := 1
			if i < regionsAhead {
				want = 2
			}
			if all, _ := s.regions[region].asked(); all != want {
				t.Errorf("%d pages of %s, number %d, were requested, want %d", all, region, i+1, want)
			}
		}
	})
}

func TestARegionThatHangsLosesItsPlaceAndNotItsRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 60, "b": 60, "c": 1})
		s.hold["a"] = make(chan struct{})
		begun := time.Now()
		var got []string
		for part := range NewReader(s).Read(t.Context(), of("a", "b", "c")) {
			if got = append(got, part.RegionId); len(got) == 1 && time.Since(begun) < 2*time.Second {
				t.Errorf("after %s", time.Since(begun))
			}
			if part.RegionId == "c" && part.End {
				close(s.hold["a"])
			}
		}
		if text := strings.Join(got, ""); text != "bbbccaaa" {
			t.Error(text)
		}
	})
}

func TestARegionThatHangsIsAnErrorWhenTheTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 60, "b": 60})
		s.hold["a"] = make(chan struct{})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if got := words(ctx, NewReader(s), of("a", "b")); got != "b50 b10 b. a! a." {
			t.Error(got)
		}
	})
}

func TestARegionThatFailsCostsTheOthersNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 60, "b": 120})
		s.regions["b"].before = func(_ *service, n int, _ activation.ListRequest) error {
			if n > 1 {
				return torn()
			}
			return nil
		}
		r := NewReader(s)
		if got := words(t.Context(), r, of("b", "a")); got != "b50 b! b. a50 a10 a." {
			t.Error(got)
		}
		l := r.List(t.Context(), of("b", "a"), nil)
		if ids, err := idsOf(l); len(ids) != 60 || err == nil || err.Error() != "cannot list b: torn" || l.None() {
			t.Errorf("%d codes, %v", len(ids), err)
		}
	})
}

func TestARegionWithoutTheServiceIsNoErrorWhereThatIsAllowed(t *testing.T) {
	for _, code := range []string{"RegionId.ApiNotSupported", "InvalidRegionId.NotFound", "Forbidden"} {
		synctest.Test(t, func(t *testing.T) {
			s := inRegions(map[string]int{"a": 60, "b": 1})
			s.regions["b"].before = func(*service, int, activation.ListRequest) error {
				return &activation.Error{Kind: activation.KindNotFound, Op: "list", Code: code}
			}
			q := of("a", "b")
			q.Unserved = true
			unserved := 0
			l := NewReader(s).List(t.Context(), q, func(part Part) {
				if part.Unserved {
					unserved++
				}
			})
			if want := code != "Forbidden"; (unserved == 1) != want || (len(l.Failed()) == 0) != want || len(l.Codes) != 60 {
				t.Errorf("%s: %d unserved, %v", code, unserved, l.Failed())
			}
			q.Unserved = false
			if l := NewReader(s).List(t.Context(), q, nil); len(l.Failed()) != 1 {
				t.Errorf("%s: %v", code, l.Failed())
			}
		})
	}
}

func TestACallerWhoLeavesEndsTheReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 5000, "b": 5000})
		for range NewReader(s).Read(t.Context(), of("a", "b")) {
			break
		}
		time.Sleep(time.Minute)
		for name, region := range s.regions {
			if all, _ := region.asked(); all > 1+readsAtMost {
				t.Errorf("%d requests in %s", all, name)
			}
		}
	})
}

func TestFirstPagesThatAreLargeWaitForTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		codes := map[string]int{}
		var regions []string
		for i := range 12 {
			region := fmt.Sprintf("r%02d", i)
			codes[region], regions = 120, append(regions, region)
		}
		s := inRegions(codes)
		large := strings.Repeat("x", 100<<10)
		for _, region := range s.regions {
			for i := range region.codes {
				region.codes[i].Description = large
			}
		}
		r := NewReader(s)
		var order []string
		n := 0
		for part := range r.Read(t.Context(), of(regions...)) {
			synctest.Wait()
			before := s.asked()
			time.Sleep(time.Second)
			if after := s.asked(); after != before {
				t.Errorf("%d pages were requested while the caller works on a large page of %s", after-before, part.RegionId)
			}
			if r.ahead > bytesAhead {
				t.Errorf("%d bytes are kept", r.ahead)
			}
			if n += len(part.Page.ActivationList); part.End {
				order = append(order, part.RegionId)
			}
		}
		if n != 12*120 || !slices.Equal(order, regions) || r.ahead != 0 {
			t.Errorf("%d codes, %q, %d bytes are kept in the end", n, order, r.ahead)
		}
		for i, region := range regions {
			want := 4 // the first page came before its turn, and was dropped
			if i == 0 {
				want = 3
			}
			if all, _ := s.regions[region].asked(); all != want {
				t.Errorf("%s took %d requests, want %d", region, all, want)
			}
		}
	})
}

func TestACallerWhoLeavesAtALargePageEndsTheReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 120, "b": 120})
		s.regions["a"].codes[0].Description = strings.Repeat("x", largePage)
		for range NewReader(s).Read(t.Context(), of("a", "b")) {
			break
		}
		time.Sleep(time.Minute)
		if all, _ := s.regions["a"].asked(); all != 1 {
			t.Errorf("%d requests", all)
		}
	})
}

func TestALaterPageThatIsLargeDoesNotRepeatTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 60, "b": 100})
		s.regions["b"].codes[99].Description = strings.Repeat("x", largePage)
		var got []string
		for part := range NewReader(s).Read(t.Context(), of("a", "b")) {
			time.Sleep(time.Second)
			got = append(got, fmt.Sprint(part.RegionId, len(part.Page.ActivationList)))
		}
		if want := []string{"a50", "a10", "a0", "b50", "b50", "b0"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func TestAPageOfTheLargestSizeIsNotLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 200})
		for page := range slices.Chunk(s.regions["a"].codes, activation.MaxPage) {
			page[0].Description = strings.Repeat("x", largePage-sizeOf(activation.Page{ActivationList: page}))
		}
		r := NewReader(s)
		if got := words(t.Context(), r, of("a")); got != "a50 a50 a50 a50 a." || r.large {
			t.Errorf("%s, large %v", got, r.large)
		}
	})
}
