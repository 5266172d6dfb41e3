package activation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// book is a Service of which only the pages matter: it answers each token with a page.
type book struct {
	Service
	pages map[string]Page
	asked []ListRequest
}

var errTorn = &Error{Kind: KindUnavailable, Op: "list", Err: errors.New("torn")}

func (b *book) List(_ context.Context, r ListRequest) (Page, error) {
	b.asked = append(b.asked, r)
	page, exists := b.pages[r.NextToken]
	if !exists {
		return Page{}, errTorn
	}
	return page, nil
}

func pageOf(next string, ids ...string) Page {
	page := Page{NextToken: next, Answer: Answer{RequestId: "request-" + next}}
	for _, id := range ids {
		page.ActivationList = append(page.ActivationList, Activation{ActivationId: id})
	}
	return page
}

// walk reads at most so many pages and tells what came: "a b|c|error".
func walk(t *testing.T, b *book, r ListRequest, most int) string {
	t.Helper()
	var told []string
	for page, err := range Pages(t.Context(), b, r) {
		if err != nil {
			if len(page.ActivationList) > 0 || page.RequestId != "" {
				t.Errorf("the error comes with a page: %+v", page)
			}
			told = append(told, "error "+err.Error())
			continue
		}
		var ids []string
		for _, a := range page.ActivationList {
			ids = append(ids, a.ActivationId)
		}
		if told = append(told, strings.Join(ids, " ")); len(told) == most {
			break
		}
	}
	return strings.Join(told, "|")
}

func TestPagesWalksFromTheFirstPageToTheLast(t *testing.T) {
	const repeated = "cannot list: the service repeated a page token, so the list would never end"
	for _, test := range []struct {
		name  string
		pages map[string]Page
		from  string
		most  int
		want  string
		asked int
	}{
		{"one page", map[string]Page{"": pageOf("", "a", "b")}, "", 9, "a b", 1},
		{"no codes", map[string]Page{"": pageOf("")}, "", 9, "", 1},
		{"three pages", map[string]Page{"": pageOf("1", "a", "b"), "1": pageOf("2", "c"), "2": pageOf("", "d")}, "", 9, "a b|c|d", 3},
		{"an empty page in the middle", map[string]Page{"": pageOf("1", "a"), "1": pageOf("2"), "2": pageOf("", "b")}, "", 9, "a||b", 3},
		{"from a token on", map[string]Page{"1": pageOf("2", "c"), "2": pageOf("", "d")}, "1", 9, "c|d", 2},
		{"a code on two pages", map[string]Page{"": pageOf("1", "a", "b"), "1": pageOf("", "b", "c", "a")}, "", 9, "a b|c", 2},
		{"a code twice on one page", map[string]Page{"": pageOf("", "a", "a", "b")}, "", 9, "a b", 1},
		{"an error at once", map[string]Page{}, "", 9, "error cannot list: torn", 1},
		{"an error in the middle", map[string]Page{"": pageOf("1", "a"), "1": pageOf("2", "b")}, "", 9, "a|b|error cannot list: torn", 3},
		{"left early", map[string]Page{"": pageOf("1", "a"), "1": pageOf("2", "b"), "2": pageOf("", "c")}, "", 2, "a|b", 2},
		{"a page that names itself", map[string]Page{"": pageOf("1", "a"), "1": pageOf("1", "b")}, "", 9, "a|error " + repeated, 2},
		{"a circle", map[string]Page{"": pageOf("1", "a"), "1": pageOf("2", "b"), "2": pageOf("1", "c")}, "", 9, "a|b|error " + repeated, 3},
	} {
		b := &book{pages: test.pages}
		if got := walk(t, b, ListRequest{RegionId: "cn-hangzhou", NextToken: test.from}, test.most); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if len(b.asked) != test.asked {
			t.Errorf("%s: %d pages were asked for, want %d", test.name, len(b.asked), test.asked)
		}
	}
}

func TestPagesKeepsTheFiltersAndTakesTheLargestPagesUnlessToldOtherwise(t *testing.T) {
	for most, want := range map[int]string{
		0: "[{cn-beijing  web  [] 0 0 50 } {cn-beijing  web  [] 0 0 50 1}]",
		2: "[{cn-beijing  web  [] 0 0 2 } {cn-beijing  web  [] 0 0 2 1}]",
	} {
		b := &book{pages: map[string]Page{"": pageOf("1", "a"), "1": pageOf("", "b")}}
		walk(t, b, ListRequest{RegionId: "cn-beijing", InstanceName: "web", PageNumber: 7, PageSize: 3, MaxResults: most}, 9)
		if got := fmt.Sprint(b.asked); got != want {
			t.Errorf("asked for\n%s, want\n%s", got, want)
		}
	}
}

func TestARepeatedTokenIsAnErrorThatNamesItsRequest(t *testing.T) {
	b := &book{pages: map[string]Page{"": pageOf("1", "a"), "1": pageOf("1", "b")}}
	for _, err := range Pages(t.Context(), b, ListRequest{RegionId: "cn-beijing"}) {
		var known *Error
		if err == nil {
			continue
		}
		if !errors.As(err, &known) || known.RequestID != "request-1" || known.ID.RegionId != "cn-beijing" || known.Kind != KindOther {
			t.Errorf("%#v", err)
		}
		return
	}
	t.Error("the walk ended without an error")
}
