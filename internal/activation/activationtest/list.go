package activationtest

import (
	"slices"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
)

var listing = []sentence{
	{"list returns each code with its region and its creation time", func(t *trial) {
		created := t.create(t.request(nil))
		page := t.listed(nil, created.ActivationId)
		answered(t, page.Answer)
		got := page.ActivationList[0]
		expires, known := got.Expires()
		if got.RegionId != t.RegionId || !known || expires.Sub(page.Date.Add(4*time.Hour)).Abs() > 15*time.Minute {
			t.Errorf("%+v", got)
		}
		if got.Status(page.Date) != activation.Active || got.RegisteredCount != 0 || got.DeregisteredCount != 0 {
			t.Errorf("a new code is listed as %+v", got)
		}
	}},
	{"list without codes is empty and not an error", func(t *trial) {
		if page := t.listed(nil); page.NextToken != "" || page.TotalCount != 0 {
			t.Errorf("%+v", page)
		}
	}},
	{"list pages by number, newest codes first", func(t *trial) {
		newest := three(t)
		page := func(number, size int) func(*activation.ListRequest) {
			return func(r *activation.ListRequest) { r.PageNumber, r.PageSize = number, size }
		}
		first := t.listed(page(1, 2), newest[:2]...)
		if first.TotalCount != 3 || first.PageNumber != 1 || first.PageSize != 2 {
			t.Errorf("page %d of %d, total %d", first.PageNumber, first.PageSize, first.TotalCount)
		}
		t.listed(page(2, 2), newest[2:]...)
		t.listed(page(3, 2))
		t.listed(page(0, 50), newest...)
	}},
	{"list pages by token, newest codes first", func(t *trial) {
		newest := three(t)
		page := func(token string) func(*activation.ListRequest) {
			return func(r *activation.ListRequest) { r.MaxResults, r.NextToken = 2, token }
		}
		first := t.listed(page(""), newest[:2]...)
		if first.NextToken == "" {
			t.Fatal("no token for the second page")
		}
		if second := t.listed(page(first.NextToken), newest[2:]...); second.NextToken != "" {
			t.Errorf("a token after the last page: %q", second.NextToken)
		}
	}},
	{"with MaxResults the page number and size are ignored", func(t *trial) {
		newest := three(t)
		t.listed(func(r *activation.ListRequest) { r.MaxResults, r.PageNumber, r.PageSize = 2, 9, 1 }, newest[:2]...)
	}},
	{"all pages can be read", func(t *trial) {
		newest := three(t)
		r := activation.ListRequest{RegionId: t.RegionId, Tags: []activation.TagFilter{{Key: markKey, Value: &t.mark}}}
		var got []string
		for page, err := range fleet.NewReader(t.Service).Whole(t.Context(), r) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, ids(page)...)
		}
		if !slices.Equal(got, newest) {
			t.Errorf("%q, want %q", got, newest)
		}
	}},
	{"list filters by ID, name and tags together", func(t *trial) {
		web := t.create(t.request(func(r *activation.CreateRequest) {
			r.InstanceName = "contract-web"
			r.Tags = append(r.Tags, activation.Tag{TagKey: "contract-env", TagValue: "prod"}, activation.Tag{TagKey: "contract-empty"})
		})).ActivationId
		db := t.create(t.request(func(r *activation.CreateRequest) {
			r.InstanceName = "contract-db"
			r.Tags = append(r.Tags, activation.Tag{TagKey: "contract-env", TagValue: "test"})
		})).ActivationId
		tag := func(key string, value ...string) activation.TagFilter {
			if len(value) == 0 {
				return activation.TagFilter{Key: key}
			}
			return activation.TagFilter{Key: key, Value: &value[0]}
		}
		for _, test := range []struct {
			name, id string
			tags     []activation.TagFilter
			want     []string
		}{
			{"", "", nil, []string{db, web}},
			{"", web, nil, []string{web}},
			{"contract-db", "", nil, []string{db}},
			{"contract-db", web, nil, nil},
			{"contract-d", "", nil, nil},
			{"", "", []activation.TagFilter{tag("contract-env")}, []string{db, web}},
			{"", "", []activation.TagFilter{tag("contract-env", "prod")}, []string{web}},
			{"", "", []activation.TagFilter{tag("contract-env", "")}, nil},
			{"", "", []activation.TagFilter{tag("contract-empty", "")}, []string{web}},
			{"", "", []activation.TagFilter{tag("contract-env", "test"), tag("contract-empty")}, nil},
			{"", t.unknown().ActivationId, nil, nil},
		} {
			t.listed(func(r *activation.ListRequest) {
				r.InstanceName, r.ActivationId = test.name, test.id
				r.Tags = append(r.Tags, test.tags...)
			}, test.want...)
		}
	}},
	{"paging that breaks a rule of the service is refused with its error code", func(t *trial) {
		for code, r := range map[string]activation.ListRequest{
			"InvalidParam.PageSize":       {PageNumber: 1, PageSize: 51},
			"InvalidParameter.MaxResults": {MaxResults: 51},
			"InvalidParameter.NextToken":  {NextToken: "contract"},
		} {
			r.RegionId = t.RegionId
			page, err := t.Service.List(t.Context(), r)
			refused(t, err, "list", activation.Ref{RegionId: t.RegionId}, code)
			answered(t, page.Answer)
		}
	}},
	{"list acts in the region of its request", func(t *trial) {
		created := t.create(t.request(nil))
		t.listed(func(r *activation.ListRequest) { r.RegionId = t.Elsewhere })
		t.listed(nil, created.ActivationId)
	}},
}

// three creates three codes and returns their IDs, the newest first.
func three(t *trial) []string {
	var newest []string
	for range 3 {
		if t.Patience > 0 {
			time.Sleep(time.Second) // the times of the service are in whole seconds
		}
		newest = append([]string{t.create(t.request(nil)).ActivationId}, newest...)
	}
	return newest
}
