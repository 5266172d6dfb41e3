package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// fill puts n codes into cn-hangzhou, named code-1 to code-n, all made in the same second, and returns their
// ids from the newest to the oldest.
func fill(t testing.TB, s *Sandbox, n int, more string) []string {
	t.Helper()
	var elements, ids []string
	for i := 1; i <= n; i++ {
		id := fmt.Sprintf("ID-%06d", i)
		elements = append(elements, fmt.Sprintf(`{"ActivationId":%q,"InstanceName":"code-%d"%s}`, id, i, more))
		ids = append(ids, id)
	}
	if got, err := s.Load(t.Context(), strings.NewReader("["+strings.Join(elements, ",")+"]")); err != nil || got != n {
		t.Fatalf("loaded %d, %v", got, err)
	}
	slices.Reverse(ids)
	return ids
}

func TestPagesByNumberHoldEveryCodeOnceNewestFirst(t *testing.T) {
	s, c := start(t, Options{})
	want := fill(t, s, 23, "")
	var got []string
	for number := 1; number <= 4; number++ {
		a := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "PageNumber", fmt.Sprint(number), "PageSize", "7")
		if a.number("TotalCount") != 23 || a.number("PageNumber") != number || a.number("PageSize") != 7 || a.text("NextToken") != "" {
			t.Errorf("page %d: %s", number, a.body[:120])
		}
		got = append(got, a.ids()...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
	for _, beyond := range []string{"5", "100000", "9223372036854775807", "99999999999999999999"} {
		a := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "PageNumber", beyond, "PageSize", "50")
		if len(a.ids()) != 0 || a.number("TotalCount") != 23 {
			t.Errorf("page %s: %s", beyond, a.body)
		}
	}
	if a := c.ok("DescribeActivations", "RegionId", "cn-hangzhou"); len(a.ids()) != 10 {
		t.Errorf("the default page holds %d", len(a.ids()))
	}
	if a := c.ok("DescribeActivations", "RegionId", "cn-beijing"); len(a.ids()) != 0 || a.number("TotalCount") != 0 {
		t.Errorf("another region: %s", a.body)
	}
}

func TestPagesByTokenHoldEveryCodeOnceNewestFirst(t *testing.T) {
	s, c := start(t, Options{})
	want := fill(t, s, 23, "")
	for _, size := range []string{"1", "7", "22", "23", "50"} {
		if got := walk(c, nil, "MaxResults", size); !slices.Equal(got, want) {
			t.Errorf("by %s:\n got %v\nwant %v", size, got, want)
		}
	}
	a := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "MaxResults", "7", "PageNumber", "3", "PageSize", "0")
	if len(a.ids()) != 7 || a.ids()[0] != want[0] || a.number("TotalCount") != 0 || a.text("NextToken") == "" {
		t.Errorf("both kinds of paging: %s", a.body)
	}
	a = c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "NextToken", a.text("NextToken"))
	if len(a.ids()) != 10 || a.ids()[0] != want[7] {
		t.Errorf("a token alone: %v", a.ids())
	}
}

// walk reads every page by token; between is called after each page.
func walk(c *client, between func(page int), business ...string) []string {
	c.t.Helper()
	var ids []string
	token := ""
	for page := 1; ; page++ {
		a := c.ok("DescribeActivations", with(params("RegionId", "cn-hangzhou", "NextToken", token), business...)...)
		ids = append(ids, a.ids()...)
		if token = a.text("NextToken"); token == "" {
			return ids
		}
		if between != nil {
			between(page)
		}
	}
}

func TestAWalkByTokenSurvivesCreationDeletionAndAdvance(t *testing.T) {
	s, c := start(t, Options{Quota: 1000})
	all := fill(t, s, 40, "")
	gone := map[string]bool{}
	removed := func(id string) {
		c.ok("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", id)
		gone[id] = true
	}
	got := walk(c, func(page int) {
		c.create()
		removed(all[page*5-1]) // the last code before the position of the token
		removed(all[page*5+2]) // one that is still to come
		if err := s.Advance(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
	}, "MaxResults", "5")
	seen := map[string]int{}
	for _, id := range got {
		seen[id]++
	}
	for _, id := range all {
		if !gone[id] && seen[id] != 1 {
			t.Errorf("%s existed throughout and was answered %d times", id, seen[id])
		}
	}
	for id, times := range seen {
		if times > 1 {
			t.Errorf("%s was answered %d times", id, times)
		}
	}
}

func TestATokenOfAPageHoldsForEveryServerUntilTheReset(t *testing.T) {
	s, c := start(t, Options{})
	for range 3 {
		c.create()
	}
	all := c.list()
	token := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "MaxResults", "1").text("NextToken")
	other := serve(t, newSandbox(t, Options{Path: s.options.Path}))
	if rest := other.list("NextToken", token); !slices.Equal(rest, all[1:]) {
		t.Errorf("another server goes on with %v, want %v", rest, all[1:])
	}
	if err := s.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	serve(t, s).refused(400, "InvalidParameter.NextToken", "DescribeActivations", "RegionId", "cn-hangzhou", "NextToken", token)
}

func TestPagingParametersThatBreakARuleAreRefused(t *testing.T) {
	s, c := start(t, Options{})
	fill(t, s, 3, "")
	token := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "MaxResults", "1").text("NextToken")
	for _, test := range []struct {
		code  string
		given []string
	}{
		{"InvalidParam.PageNumber", params("PageNumber", "0")},
		{"InvalidParam.PageNumber", params("PageNumber", "-1")},
		{"InvalidParam.PageNumber", params("PageNumber", "one")},
		{"InvalidParam.PageSize", params("PageSize", "0")},
		{"InvalidParam.PageSize", params("PageSize", "51")},
		{"InvalidParameter.MaxResults", params("MaxResults", "0")},
		{"InvalidParameter.MaxResults", params("MaxResults", "51")},
		{"InvalidParameter.MaxResults", params("MaxResults", "x")},
		{"InvalidParameter.NextToken", params("NextToken", "x")},
		{"InvalidParameter.NextToken", params("NextToken", token[:len(token)-1])},
		{"InvalidParameter.NextToken", params("NextToken", token+"A")},
		{"InvalidParameter.NextToken", params("NextToken", strings.Repeat("A", len(token)))},
		{"InvalidParameter.NextToken", params("NextToken", token, "RegionId", "cn-beijing")},
		{"Duplicate.TagKey", params("Tag.1.Key", "a", "Tag.2.Key", "a")},
		{"MissingParameter.TagKey", params("Tag.1.Value", "a")},
		{"NumberExceed.Tags", params("Tag.21.Key", "a")},
	} {
		c.refused(400, test.code, "DescribeActivations", with(params("RegionId", "cn-hangzhou"), test.given...)...)
	}
}

func TestFiltersAnswerWhatFitsAndNothingElse(t *testing.T) {
	_, c := start(t, Options{Quota: 100})
	web, _ := c.create("InstanceName", "web", "Tag.1.Key", "env", "Tag.1.Value", "prod", "Tag.2.Key", "team", "Tag.2.Value", "a")
	blank, _ := c.create("InstanceName", "web-2", "Tag.1.Key", "env", "Tag.1.Value", "")
	group, _ := c.create("InstanceName", "db", "ResourceGroupId", "rg-1", "Tag.1.Key", "team", "Tag.1.Value", "a")
	for _, test := range []struct {
		given []string
		want  []string
	}{
		{params("ActivationId", web), params(web)},
		{params("ActivationId", "no-such-id"), nil},
		{params("ActivationId", strings.ToLower(web)), nil},
		{params("InstanceName", "web"), params(web)},
		{params("InstanceName", "we"), nil},
		{params("ResourceGroupId", "rg-1"), params(group)},
		{params("Tag.1.Key", "env"), params(blank, web)},
		{params("Tag.1.Key", "env", "Tag.1.Value", "prod"), params(web)},
		{params("Tag.1.Key", "env", "Tag.1.Value", ""), params(blank)},
		{params("Tag.1.Key", "team", "Tag.1.Value", "a"), params(group, web)},
		{params("Tag.1.Key", "team", "Tag.1.Value", "a", "Tag.2.Key", "env"), params(web)},
		{params("ActivationId", web, "InstanceName", "db"), nil},
		{params("InstanceName", "web", "Tag.1.Key", "team"), params(web)},
	} {
		if got := c.list(test.given...); !slices.Equal(got, test.want) {
			t.Errorf("%v: got %v, want %v", test.given, got, test.want)
		}
		a := c.ok("DescribeActivations", with(params("RegionId", "cn-hangzhou", "PageSize", "1"), test.given...)...)
		if a.number("TotalCount") != len(test.want) {
			t.Errorf("%v: total %d, want %d", test.given, a.number("TotalCount"), len(test.want))
		}
		if got := walk(c, nil, with(test.given, "MaxResults", "1")...); !slices.Equal(got, test.want) {
			t.Errorf("%v by token: got %v, want %v", test.given, got, test.want)
		}
	}
	if a := c.ok("DescribeActivations", "RegionId", "cn-beijing", "ActivationId", web); len(a.ids()) != 0 {
		t.Error("an id is found in another region")
	}
}

func TestAFilterByTagsAnswersAtMostAThousandCodes(t *testing.T) {
	s, c := start(t, Options{})
	all := fill(t, s, 1003, `,"Tags":[{"TagKey":"env","TagValue":"prod"}]`)
	a := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "PageSize", "50", "PageNumber", "20", "Tag.1.Key", "env")
	if a.number("TotalCount") != 1000 || len(a.ids()) != 50 || a.ids()[49] != all[999] {
		t.Errorf("page 20: total %d, %d ids", a.number("TotalCount"), len(a.ids()))
	}
	if a := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "PageSize", "50", "PageNumber", "21", "Tag.1.Key", "env"); len(a.ids()) != 0 {
		t.Errorf("page 21 holds %d", len(a.ids()))
	}
	if got := walk(c, nil, "MaxResults", "50", "Tag.1.Key", "env"); !slices.Equal(got, all[:1000]) {
		t.Errorf("by token: %d codes", len(got))
	}
	if got := walk(c, nil, "MaxResults", "50"); !slices.Equal(got, all) {
		t.Errorf("without a filter: %d codes", len(got))
	}
}

func TestLoadedCodesAreListedByTheirCreationTime(t *testing.T) {
	s, c := start(t, Options{})
	input := `[{"ActivationId":"NEW","CreationTime":"2026-01-01T00:00:00Z"},
		{"ActivationId":"OLD","CreationTime":"1969-01-01T00:00:00Z"},
		{"ActivationId":"MIDDLE","CreationTime":"2020-01-01T08:00:00+08:00"}]`
	if _, err := s.Load(t.Context(), strings.NewReader(input)); err != nil {
		t.Fatal(err)
	}
	if got := c.list(); !slices.Equal(got, []string{"NEW", "MIDDLE", "OLD"}) {
		t.Errorf("order %v", got)
	}
}
