package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ecs-activation/internal/activation"
)

func TestAListIsReadInOrderManyPagesAtOnce(t *testing.T) {
	for _, n := range []int{0, 1, 49, 50, 51, 100, 101, 2000} {
		synctest.Test(t, func(t *testing.T) {
			s := with(n)
			ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil))
			holdsAll(t, ids, n)
			if err != nil || len(ids) != n || n > 0 && (ids[0] != fmt.Sprintf("old-%d", n-1) || ids[n-1] != "old-0") {
				t.Errorf("%d codes: %d were yielded, %v", n, len(ids), err)
			}
			all, byToken := s.asked()
			if pages := max(1, (n+activation.MaxPage-1)/activation.MaxPage); all != pages || byToken != 0 {
				t.Errorf("%d codes took %d requests, %d by token, want %d", n, all, byToken, pages)
			}
			if n == 2000 && s.most != readsAtMost { // it begins with readsAtFirst, and grows with each success
				t.Errorf("%d requests at once, want %d", s.most, readsAtMost)
			}
		})
	}
}

func TestNoCodeIsMissingOrTwiceWhileCodesAreCreatedAndDeleted(t *testing.T) {
	created := func(s *service, n int) { s.put(fmt.Sprintf("new-%d", n), s.clock) }
	deleted := func(s *service, n int) { s.drop(fmt.Sprintf("old-%d", 1000+n)) }
	for name, change := range map[string]func(s *service, n int){
		"created": created, "deleted": deleted,
		"created and deleted": func(s *service, n int) { created(s, n); deleted(s, n) },
	} {
		for _, from := range []int{2, 5, 33} {
			synctest.Test(t, func(t *testing.T) {
				s := with(1500)
				s.before = func(s *service, n int, _ activation.ListRequest) error {
					if n >= from && n < from+20 {
						change(s, n)
					}
					return nil
				}
				ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil))
				if _, byToken := s.asked(); err != nil || byToken == 0 && from < 30 {
					t.Errorf("%s: %v, %d requests by token", name, err, byToken)
				}
				holdsAll(t, ids, 1000) // the others may have been deleted
			})
		}
	}
}

func TestACodeOfTheSecondOfTheFirstPageMakesTheListBeReadByToken(t *testing.T) {
	for age, want := range map[time.Duration]bool{0: true, -time.Second: false, time.Second: true} {
		synctest.Test(t, func(t *testing.T) {
			s := with(60)
			s.codes[55].CreationTime = s.clock.Add(age).Format(time.RFC3339)
			ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil))
			if _, byToken := s.asked(); err != nil || len(ids) != 60 || byToken > 0 != want {
				t.Errorf("created %s after the first page: %d codes, %d requests by token, %v", age, len(ids), byToken, err)
			}
		})
	}
}

// A total that changes and changes back between two pages, while each page brings 50 codes.
func TestATotalThatChangesMakesTheListBeReadByToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(150)
		calls := 0
		s.total = func(n int) int {
			if calls++; calls == 2 {
				return n - 1
			}
			return n
		}
		ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil))
		if _, byToken := s.asked(); err != nil || len(ids) != 150 || byToken == 0 {
			t.Errorf("%d codes, %d requests by token, %v", len(ids), byToken, err)
		}
	})
}

func TestAnErrorEndsTheList(t *testing.T) {
	for _, at := range []int{1, 2, 7} {
		synctest.Test(t, func(t *testing.T) {
			s := with(500)
			s.before = func(_ *service, n int, _ activation.ListRequest) error {
				if n == at {
					return torn()
				}
				return nil
			}
			if ids, err := idsOf(NewReader(s).List(t.Context(), one(), nil)); !errors.Is(err, errTorn) || len(ids) > 0 {
				t.Errorf("at request %d: %d codes, %v", at, len(ids), err)
			}
		})
	}
}

func TestTheFirstPageComesBeforeTheLastIsRequested(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(5000)
		for part := range NewReader(s).Read(t.Context(), one()) {
			if all, _ := s.asked(); part.Err != nil || len(part.Page.ActivationList) != activation.MaxPage || all != 1 {
				t.Errorf("after %d requests: %+v", all, part)
			}
			break
		}
	})
}

func TestASlowCallerDoesNotGetTheWholeListIntoMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(200 * activation.MaxPage)
		pages := 0
		for part := range NewReader(s).Read(t.Context(), one()) {
			if pages += len(part.Page.ActivationList) / activation.MaxPage; pages == 2 {
				time.Sleep(time.Minute)
				if all, _ := s.asked(); all > pages+readsAhead+2 { // a page is on its way to the caller
					t.Errorf("%d pages were requested, and %d taken", all, pages)
				}
			}
		}
		if pages != 200 {
			t.Errorf("%d pages", pages)
		}
	})
}

func TestAListEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(200 * activation.MaxPage)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		pages := 0
		for part := range NewReader(s).Read(ctx, one()) {
			if pages++; part.Err != nil {
				break
			}
			if pages == 2 {
				time.Sleep(100 * time.Millisecond)
				cancel()
			}
		}
		if pages >= 200 {
			t.Error("the list went on")
		}
	})
}

func TestAListOfWhichSomeCodesAreEnoughTakesAsFewPagesAsPossible(t *testing.T) {
	for enough, want := range map[int]int{1: 1, 10: 1, 50: 1, 51: 2, 70: 2, 101: 3} {
		synctest.Test(t, func(t *testing.T) {
			s := with(500)
			q := one()
			q.Enough = enough
			ids, err := idsOf(NewReader(s).List(t.Context(), q, nil))
			if all, byToken := s.asked(); err != nil || len(ids) != enough || all != want || byToken > 0 || ids[0] != "old-499" {
				t.Errorf("%d codes: got %d with %d requests, %d by token, %v", enough, len(ids), all, byToken, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		s := with(3)
		q := one()
		q.Enough = 10
		if ids, err := idsOf(NewReader(s).List(t.Context(), q, nil)); err != nil || len(ids) != 3 || len(s.requests) != 1 {
			t.Errorf("%q with %d requests, %v", ids, len(s.requests), err)
		}
	})
}

func TestEnoughCodesEndAReadingByTokenToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(300)
		s.alter = func(r activation.ListRequest, page *activation.Page) {
			if r.PageNumber == 2 {
				page.ActivationList = nil
			}
		}
		q := one()
		q.Enough = 120 // in pages of 40
		ids, err := idsOf(NewReader(s).List(t.Context(), q, nil))
		if all, byToken := s.asked(); err != nil || len(ids) != 120 || byToken != 2 || all != 5 {
			t.Errorf("%d codes with %d requests, %d by token, %v", len(ids), all, byToken, err)
		}
	})
}

// A caller may leave a list at any page, however it is read.
func TestACallerLeavesAListAtAnyPage(t *testing.T) {
	for _, byToken := range []bool{false, true} {
		for at := 1; at <= 5; at++ {
			synctest.Test(t, func(t *testing.T) {
				s := with(400 * activation.MaxPage)
				if byToken {
					s.total = func(int) int { return mostByNumber + 1 }
				}
				pages := 0
				for _, err := range NewReader(s).Whole(t.Context(), activation.ListRequest{RegionId: "r"}) {
					if pages++; err != nil || pages == at {
						break
					}
				}
				if pages != at {
					t.Errorf("%d pages, want %d", pages, at)
				}
			})
		}
	}
}

func TestAWholeListEndsWithItsError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(120)
		s.total = func(n int) int { return n + 1 }
		codes, errs := 0, 0
		for page, err := range NewReader(s).Whole(t.Context(), activation.ListRequest{RegionId: "r"}) {
			codes += len(page.ActivationList)
			if err != nil {
				errs++
			}
		}
		if codes != 120 || errs != 1 {
			t.Errorf("%d codes, %d errors", codes, errs)
		}
	})
}

func TestAnErrorOfAReadingByTokenEndsTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(120)
		s.total = func(n int) int { return n + 1 }
		s.before = func(_ *service, _ int, r activation.ListRequest) error {
			if r.NextToken != "" {
				return torn()
			}
			return nil
		}
		var errs []error
		for part := range NewReader(s).Read(t.Context(), one()) {
			if part.Err != nil {
				errs = append(errs, part.Err)
			}
		}
		if all, byToken := s.asked(); len(errs) != 1 || !errors.Is(errs[0], errTorn) || byToken != 2 || all != 5 {
			t.Errorf("%v after %d requests, %d by token", errs, all, byToken)
		}
	})
}

func TestPagesForSomeCodesAreAsFewAndAsSmallAsPossible(t *testing.T) {
	for wanted, want := range map[int]int{0: 50, 1: 1, 49: 49, 50: 50, 51: 26, 70: 35, 100: 50, 101: 34, 2147483647: 50} {
		if got := pageSize(wanted); got != want {
			t.Errorf("%d codes: pages of %d, want %d", wanted, got, want)
		}
	}
}

func TestAListByTagsIsReadWithoutThemWhereItMeetsTheCeiling(t *testing.T) {
	for _, tagged := range []int{999, 1000, 1200} {
		synctest.Test(t, func(t *testing.T) {
			s := with(0)
			for i := range 1500 {
				s.put(fmt.Sprintf("old-%d", i), start.Add(-time.Hour))
				if i < tagged {
					s.codes[0].Tags = []activation.Tag{{TagKey: "env", TagValue: "prod"}}
				}
			}
			// The service returns at most TagCeiling codes for a list by tags.
			byTags := 0
			s.before = func(_ *service, _ int, r activation.ListRequest) error {
				if len(r.Tags) > 0 {
					byTags++
				}
				return nil
			}
			ceiling := &ceiling{service: s}
			q := one()
			q.Filter.Tags = []activation.TagFilter{{Key: "env"}}
			l := NewReader(ceiling).List(t.Context(), q, nil)
			ids, err := idsOf(l)
			if err != nil || len(ids) != tagged || byTags == 0 || l.Ignored != (Ignored{}) {
				t.Errorf("%d tagged codes: got %d, %v, %+v", tagged, len(ids), err, l.Ignored)
			}
			holdsAll(t, ids, tagged)
			all, _ := s.asked()
			if (all > byTags) != (tagged >= activation.TagCeiling) {
				t.Errorf("%d tagged codes: %d requests, %d with tags", tagged, all, byTags)
			}
			q.Enough = 900
			s.requests, byTags = nil, 0
			if ids, err := idsOf(NewReader(ceiling).List(t.Context(), q, nil)); err != nil || len(ids) != 900 || len(s.requests) != byTags {
				t.Errorf("%d codes with %d requests, %d with tags, %v", len(ids), len(s.requests), byTags, err)
			}
			q.Enough = activation.TagCeiling
			s.requests, byTags = nil, 0
			if ids, err := idsOf(NewReader(ceiling).List(t.Context(), q, nil)); err != nil || len(ids) != min(tagged, q.Enough) || tagged >= q.Enough && len(s.requests) != byTags {
				t.Errorf("%d codes with %d requests, %d with tags, %v", len(ids), len(s.requests), byTags, err)
			}
		})
	}
}

// The reading without the tags ends with its error, and when the caller leaves.
func TestTheReadingBeyondTheCeilingEndsAsEveryOther(t *testing.T) {
	beyond := func() *ceiling {
		s := with(1500)
		for i := range s.codes {
			s.codes[i].Tags = []activation.Tag{{TagKey: "env"}}
		}
		return &ceiling{service: s}
	}
	q := one()
	q.Filter.Tags = []activation.TagFilter{{Key: "env"}}
	synctest.Test(t, func(t *testing.T) {
		c := beyond()
		c.before = func(_ *service, _ int, r activation.ListRequest) error {
			if len(r.Tags) == 0 && r.PageNumber == 3 {
				return torn()
			}
			return nil
		}
		errs := 0
		for part := range NewReader(c).Read(t.Context(), q) {
			if part.Err != nil {
				errs++
			}
		}
		if errs != 1 {
			t.Errorf("%d errors", errs)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		codes := 0
		for page, err := range NewReader(beyond()).Whole(t.Context(), activation.ListRequest{RegionId: "r", Tags: q.Filter.Tags}) {
			if codes += len(page.ActivationList); err != nil || codes > activation.TagCeiling {
				break
			}
		}
		if codes <= activation.TagCeiling {
			t.Errorf("%d codes", codes)
		}
	})
}

// ceiling returns at most TagCeiling codes for a list by tags.
type ceiling struct {
	*service
}

func (c *ceiling) List(ctx context.Context, r activation.ListRequest) (activation.Page, error) {
	page, err := c.service.List(ctx, r)
	if len(r.Tags) == 0 {
		return page, err
	}
	page.TotalCount = min(page.TotalCount, activation.TagCeiling)
	before := (r.PageNumber - 1) * r.PageSize
	page.ActivationList = page.ActivationList[:max(0, min(len(page.ActivationList), activation.TagCeiling-before))]
	return page, err
}

// Pages by token, one after the other.

func TestTokensAreFollowedFromTheFirstPageToTheLast(t *testing.T) {
	const repeated = "cannot list: the service repeated a page token, so the list would never end"
	for _, test := range []struct {
		name   string
		pages  map[string]activation.Page // by token
		most   int                        // pages that the caller takes
		want   string
		number int // of requests
	}{
		{"one page", map[string]activation.Page{"": pageOf("", "a", "b")}, 9, "a b", 1},
		{"no codes", map[string]activation.Page{"": pageOf("")}, 9, "", 1},
		{"three pages", map[string]activation.Page{"": pageOf("1", "a", "b"), "1": pageOf("2", "c"), "2": pageOf("", "d")}, 9, "a b|c|d", 3},
		{"an empty page in the middle", map[string]activation.Page{"": pageOf("1", "a"), "1": pageOf("2"), "2": pageOf("", "b")}, 9, "a||b", 3},
		{"an error at once", map[string]activation.Page{}, 9, "error cannot list: torn", 1},
		{"an error in the middle", map[string]activation.Page{"": pageOf("1", "a"), "1": pageOf("2", "b")}, 9, "a|b|error cannot list: torn", 3},
		{"left early", map[string]activation.Page{"": pageOf("1", "a"), "1": pageOf("2", "b"), "2": pageOf("", "c")}, 2, "a|b", 2},
		{"a page that names itself", map[string]activation.Page{"": pageOf("1", "a"), "1": pageOf("1", "b")}, 9, "a|error " + repeated, 2},
		{"a circle", map[string]activation.Page{"": pageOf("1", "a"), "1": pageOf("2", "b"), "2": pageOf("1", "c")}, 9, "a|b|error " + repeated, 3},
	} {
		b := &book{pages: test.pages}
		if got := b.walk(t, activation.ListRequest{RegionId: "cn-hangzhou"}, test.most); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if len(b.requests) != test.number {
			t.Errorf("%s: %d pages were requested, want %d", test.name, len(b.requests), test.number)
		}
	}
}

func TestTokensKeepTheFiltersAndTakeTheLargestPagesUnlessTheCallerSetsASize(t *testing.T) {
	for most, want := range map[int]string{
		0: "[{cn-beijing  web  [] 0 0 50 } {cn-beijing  web  [] 0 0 50 1}]",
		2: "[{cn-beijing  web  [] 0 0 2 } {cn-beijing  web  [] 0 0 2 1}]",
	} {
		b := &book{pages: map[string]activation.Page{"": pageOf("1", "a"), "1": pageOf("", "b")}}
		b.walk(t, activation.ListRequest{RegionId: "cn-beijing", InstanceName: "web", PageNumber: 7, PageSize: 3, MaxResults: most}, 9)
		if got := fmt.Sprint(b.requests); got != want {
			t.Errorf("requested\n%s, want\n%s", got, want)
		}
	}
}

func TestARepeatedTokenIsAnErrorThatNamesItsRequest(t *testing.T) {
	b := &book{pages: map[string]activation.Page{"": pageOf("1", "a"), "1": pageOf("1", "b")}}
	for _, err := range byToken(t.Context(), b, activation.ListRequest{RegionId: "cn-beijing"}) {
		var known *activation.Error
		if err == nil {
			continue
		}
		if !errors.As(err, &known) || known.RequestID != "request-1" || known.ID.RegionId != "cn-beijing" || known.Kind != activation.KindOther {
			t.Errorf("%#v", err)
		}
		return
	}
	t.Error("the list ended without an error")
}

// book is a Service that answers each token with a page.
type book struct {
	activation.Service
	pages    map[string]activation.Page
	requests []activation.ListRequest
}

func (b *book) List(_ context.Context, r activation.ListRequest) (activation.Page, error) {
	b.requests = append(b.requests, r)
	page, exists := b.pages[r.NextToken]
	if !exists {
		return activation.Page{}, torn()
	}
	return page, nil
}

func pageOf(next string, ids ...string) activation.Page {
	page := activation.Page{NextToken: next, Answer: activation.Answer{RequestId: "request-" + next}}
	for _, id := range ids {
		page.ActivationList = append(page.ActivationList, activation.Activation{ActivationId: id})
	}
	return page
}

// walk reads at most so many pages and returns what came: "a b|c|error".
func (b *book) walk(t *testing.T, r activation.ListRequest, most int) string {
	t.Helper()
	var pages []string
	for page, err := range byToken(t.Context(), b, r) {
		if err != nil {
			if len(page.ActivationList) > 0 || page.RequestId != "" {
				t.Errorf("the error comes with a page: %+v", page)
			}
			pages = append(pages, "error "+err.Error())
			continue
		}
		var ids []string
		for _, a := range page.ActivationList {
			ids = append(ids, a.ActivationId)
		}
		if pages = append(pages, strings.Join(ids, " ")); len(pages) == most {
			break
		}
	}
	return strings.Join(pages, "|")
}

// Memory.

func TestLargePagesAreNotKeptInMemoryBeforeTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(40 * activation.MaxPage)
		large := strings.Repeat("x", 100<<10)
		for i := range s.codes {
			s.codes[i].Description = large // the same bytes: this test counts, and takes no memory
		}
		r := NewReader(s)
		var ids []string
		for part := range r.Read(t.Context(), one()) {
			time.Sleep(time.Second)
			r.mu.Lock()
			if r.ahead > bytesAhead {
				t.Errorf("%d bytes are kept", r.ahead)
			}
			r.mu.Unlock()
			for _, a := range part.Page.ActivationList {
				ids = append(ids, a.ActivationId)
			}
			if part.Err != nil {
				t.Fatal(part.Err)
			}
		}
		holdsAll(t, ids, len(s.codes))
		if r.ahead != 0 || !slices.IsSortedFunc(ids, func(a, b string) int { return indexOf(s, a) - indexOf(s, b) }) {
			t.Errorf("%d bytes are kept in the end, or the order is lost", r.ahead)
		}
		if all, _ := s.asked(); all > 40+readsAtFirst+2 {
			t.Errorf("%d requests for 40 pages", all)
		}
	})
}

func indexOf(s *service, id string) int {
	return slices.IndexFunc(s.codes, func(a activation.Activation) bool { return a.ActivationId == id })
}

func TestTheSizeOfAPageIsThatOfItsTexts(t *testing.T) {
	small := sizeOf(activation.Page{ActivationList: []activation.Activation{{ActivationId: "A"}}})
	large := sizeOf(activation.Page{ActivationList: []activation.Activation{{
		ActivationId: "A", InstanceName: "1234567890", Description: "1234567890", IpAddressRange: "1234567890", CreationTime: "1234567890", ResourceGroupId: "1234567890",
		Tags: []activation.Tag{{TagKey: "1234567890", TagValue: "1234567890"}},
	}}})
	if empty := sizeOf(activation.Page{}); empty != 0 || small < 200 || large < small+70 || large > small+150 {
		t.Errorf("%d, %d and %d bytes", empty, small, large)
	}
}

func TestACallerWhoLeavesGivesTheMemoryBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewReader(with(20 * activation.MaxPage))
		for part := range r.Read(t.Context(), one()) {
			time.Sleep(time.Second)
			if part.Page.RequestId != "request-1" {
				break
			}
		}
		synctest.Wait()
		if r.ahead != 0 {
			t.Errorf("%d bytes are kept", r.ahead)
		}
	})
}
