package fleet

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"ecs-activation/internal/activation"
)

func TestAListThatIsShorterThanAnnouncedIsAnError(t *testing.T) {
	for _, test := range []struct {
		name                string
		codes               int
		distort             func(*service)
		announced, returned int
	}{
		{"no token after page 1", 120, func(s *service) {
			s.tokens = func(string) string { return "" }
			s.alter = func(r activation.ListRequest, page *activation.Page) {
				if r.PageNumber > 1 {
					page.ActivationList = nil
				}
			}
		}, 120, 50},
		{"an empty list", 0, func(s *service) { s.total = func(int) int { return 5 } }, 5, 0},
		{"one code too few", 60, func(s *service) { s.total = func(n int) int { return n + 1 } }, 61, 60},
		{"far too many", 120, func(s *service) { s.total = func(int) int { return 1 << 40 } }, 1 << 40, 120},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := with(test.codes)
			test.distort(s)
			l := NewReader(s).List(t.Context(), one(), nil)
			ids, err := idsOf(l)
			var short *Incomplete
			if !errors.As(err, &short) || *short != (Incomplete{test.announced, test.returned}) || len(ids) > 0 || !l.None() {
				t.Errorf("%s: %d codes, %v", test.name, len(ids), err)
			}
			if want := fmt.Sprintf("cannot list: the service announced %d codes and returned %d", test.announced, test.returned); err != nil && err.Error() != want {
				t.Errorf("%s: %v, want %s", test.name, err, want)
			}
			if activation.KindOf(err) != activation.KindUnavailable {
				t.Errorf("%s: kind %s", test.name, activation.KindOf(err))
			}
		})
	}
}

// Page 1 by number shows which codes are new: neither a code that was read, even of this very second,
// nor an old one that was not read, explains a total that is too large.
func TestOnlyNewCodesExplainATotal(t *testing.T) {
	for name, distort := range map[string]func(*service){
		"a code of this second that was read": func(s *service) {
			s.codes[0].CreationTime = s.clock.Format(time.RFC3339)
			s.total = func(n int) int { return n + 1 }
		},
		"an old code that was not read": func(s *service) {
			s.total = func(n int) int { return n }
			s.alter = func(r activation.ListRequest, page *activation.Page) {
				page.ActivationList = slices.DeleteFunc(page.ActivationList, func(a activation.Activation) bool {
					return a.ActivationId == "old-59" && r.MaxResults > 0 || a.ActivationId == "old-3" && r.PageNumber > 1
				})
			}
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := with(60)
			distort(s)
			if ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil)); !errors.As(err, new(*Incomplete)) {
				t.Errorf("%s: %d codes, %v", name, len(ids), err)
			}
		})
	}
}

func TestAServiceWithoutAClockIsReadByNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(120)
		s.clock = time.Time{}
		s.codes[5].CreationTime = "?"
		ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil))
		if _, byToken := s.asked(); err != nil || len(ids) != 120 || byToken > 0 {
			t.Errorf("%d codes, %d requests by token, %v", len(ids), byToken, err)
		}
	})
}

func TestAShortListIsReadOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(120)
		walks := 0
		s.before = func(_ *service, _ int, r activation.ListRequest) error {
			if r.MaxResults > 0 && r.NextToken == "" {
				walks++
			}
			return nil
		}
		s.tokens = func(token string) string { // the first walk ends early
			if walks == 1 {
				return ""
			}
			return token
		}
		s.total = func(n int) int { // so that the pages by number are not believed
			if walks == 0 {
				return n + 1
			}
			return n
		}
		ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil))
		holdsAll(t, ids, 120)
		if err != nil || walks != 2 {
			t.Errorf("%d walks, %v", walks, err)
		}
	})
}

func TestATotalThatIsTooSmallHidesNoCode(t *testing.T) {
	for _, total := range []int{0, -1, -1 << 40, 119} {
		synctest.Test(t, func(t *testing.T) {
			s := with(120)
			s.total = func(int) int { return total }
			ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil))
			if _, byToken := s.asked(); err != nil || len(ids) != 120 || byToken != 3 {
				t.Errorf("a total of %d: %d codes, %d requests by token, %v", total, len(ids), byToken, err)
			}
		})
	}
}

func TestAServiceWithSmallerPagesIsReadCompletely(t *testing.T) {
	for _, size := range []int{1, 10, 49} {
		synctest.Test(t, func(t *testing.T) {
			s := with(100)
			s.cap = size
			s.tokens = func(string) string { return "" } // so that only the pages by number can bring the rest
			ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil))
			holdsAll(t, ids, 100)
			if all, byToken := s.asked(); err != nil || byToken > 0 || all != (100+size-1)/size {
				t.Errorf("pages of %d: %d requests, %d by token, %v", size, all, byToken, err)
			}
		})
	}
}

// While the region is read by token, codes are created and deleted: the total is then not the number
// of codes that were read, and the list is complete nevertheless.
func TestARegionThatChangesIsNoError(t *testing.T) {
	for name, change := range map[string]func(s *service, n int){
		"created":           func(s *service, n int) { s.put(fmt.Sprint("new-", n), s.clock) },
		"created, no clock": func(s *service, n int) { s.clock = time.Time{}; s.put(fmt.Sprint("new-", n), start) },
		"created, the clock runs": func(s *service, n int) {
			s.clock = s.clock.Add(time.Second)
			s.put(fmt.Sprint("new-", n), s.clock)
		},
		"deleted":             func(s *service, n int) { s.drop(fmt.Sprint("old-", n)) },
		"created and deleted": func(s *service, n int) { s.put(fmt.Sprint("new-", n), s.clock); s.drop(fmt.Sprint("old-", n)) },
		"a page of new codes": func(s *service, n int) {
			for i := range 60 {
				s.put(fmt.Sprint("new-", n, "-", i), s.clock)
			}
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := with(120)
			s.before = func(s *service, n int, _ activation.ListRequest) error {
				change(s, n)
				return nil
			}
			ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil))
			if err != nil || len(ids) < 100 {
				t.Errorf("%s: %d codes, %v", name, len(ids), err)
			}
		})
	}
}

func TestAFailedCheckIsAnError(t *testing.T) {
	for _, failures := range []int{1, 9} {
		synctest.Test(t, func(t *testing.T) {
			s := with(120)
			s.total = func(n int) int { return n + 1 }
			failed := 0
			s.before = func(_ *service, n int, r activation.ListRequest) error {
				if n > 4 && r.PageNumber == 1 && failed < failures {
					failed++
					return torn()
				}
				return nil
			}
			if ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil)); !errors.Is(err, errTorn) || len(ids) > 0 || failed != 1 {
				t.Errorf("%d codes, %v after %d failures", len(ids), err, failed)
			}
		})
	}
}

func TestEnoughCodesOfAShortListAreEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(120)
		s.total = func(n int) int { return n + 1 }
		q := one()
		q.Enough = 100
		if ids, err := idsOf(NewReader(s).List(t.Context(), q, nil)); err != nil || len(ids) != 100 {
			t.Errorf("%d codes, %v", len(ids), err)
		}
		q.Enough = 121
		if ids, err := idsOf(NewReader(s).List(t.Context(), q, nil)); !errors.As(err, new(*Incomplete)) {
			t.Errorf("%d codes, %v", len(ids), err)
		}
	})
}

func TestCodesThatDoNotMatchTheFilterAreDroppedAndCounted(t *testing.T) {
	value := "prod"
	for _, test := range []struct {
		parameter string
		filter    activation.ListRequest
		match     func(*activation.Activation)
	}{
		{"ActivationId", activation.ListRequest{ActivationId: "old-7"}, func(*activation.Activation) {}},
		{"InstanceName", activation.ListRequest{InstanceName: "web"}, func(a *activation.Activation) { a.InstanceName = "web-1" }},
		{"ResourceGroupId", activation.ListRequest{ResourceGroupId: "rg-1"}, func(a *activation.Activation) { a.ResourceGroupId = "rg-1" }},
		{"Tag", activation.ListRequest{Tags: []activation.TagFilter{{Key: "env", Value: &value}}}, func(a *activation.Activation) { a.Tags = []activation.Tag{{TagKey: "env", TagValue: "prod"}} }},
		{"Tag", activation.ListRequest{Tags: []activation.TagFilter{{Key: "env"}, {Key: "team"}}}, func(a *activation.Activation) { a.Tags = []activation.Tag{{TagKey: "team"}, {TagKey: "env"}} }},
	} {
		for _, ignore := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				s := with(120)
				for i := range s.codes {
					s.codes[i].InstanceName, s.codes[i].ResourceGroupId = "db", "rg-default"
				}
				test.match(&s.codes[indexOf(s, "old-7")])
				s.ignore = ignore
				q := one()
				q.Filter = test.filter
				l := NewReader(s).List(t.Context(), q, nil)
				ids, err := idsOf(l)
				if err != nil || len(ids) != 1 || ids[0] != "old-7" {
					t.Errorf("%s: %q, %v", test.parameter, ids, err)
				}
				want := Ignored{}
				if ignore {
					want = Ignored{test.parameter, 119}
				}
				if l.Ignored != want {
					t.Errorf("%s: %+v, want %+v", test.parameter, l.Ignored, want)
				}
				if _, err := PlanPrune(l, 0); ignore != errors.As(err, new(*FilterIgnored)) {
					t.Errorf("%s: the plan of a prune: %v", test.parameter, err)
				}
			})
		}
	}
}

func TestACodeIsMissingOnlyIfTheServiceReturnsNothing(t *testing.T) {
	ref := activation.Ref{RegionId: "cn-hangzhou", ActivationId: "A"}
	for name, test := range map[string]struct {
		distort func(*service)
		missing bool
		text    string
	}{
		"nothing":                {func(*service) {}, true, ""},
		"the filter was ignored": {func(s *service) { s.ignore = true }, false, "cannot show A: the service ignored the filter ActivationId: it returned codes that do not match (3)"},
		"announced":              {func(s *service) { s.total = func(int) int { return 1 } }, false, "cannot show A: the service announced 1 codes and returned 0"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := with(3)
			test.distort(s)
			r := LookUp(t.Context(), s, "show", ref)
			if Missing(r.Err) != test.missing || !test.missing && r.Err.Error() != test.text {
				t.Errorf("%s: %v", name, r.Err)
			}
		})
	}
}
