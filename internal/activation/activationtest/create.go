package activationtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ecs-activation/internal/activation"
)

var creating = []sentence{
	{"create creates a code and returns it with its ID", func(t *trial) {
		created := t.create(t.request(nil))
		if created.ActivationId == "" || created.ActivationCode == "" || created.ActivationId == created.ActivationCode {
			t.Errorf("created %q with a code of %d characters", created.ActivationId, len(created.ActivationCode))
		}
		if problems := (activation.ListRequest{RegionId: t.RegionId, ActivationId: created.ActivationId}).Validate(); len(problems) > 0 {
			t.Errorf("the ID is not valid in a request: %v", problems)
		}
		answered(t, created.Answer)
		t.listed(nil, created.ActivationId)
	}},
	{"create accepts every parameter", func(t *trial) {
		r := t.request(func(r *activation.CreateRequest) {
			r.InstanceName = "web.front_end-1:a"
			r.Description = `激活码 & "50 %" + <b>/~*'?=#`
			r.InstanceCount = 1000
			r.TimeToLiveInHours = 1
			r.IpAddressRange = "2001:db8::1/32"
			r.Tags = append(r.Tags, activation.Tag{TagKey: "部门/a b", TagValue: "研发=x&y+z~"})
		})
		created := t.create(r)
		got := t.listed(nil, created.ActivationId).ActivationList[0]
		if got.InstanceName != r.InstanceName || got.Description != r.Description || got.InstanceCount != r.InstanceCount ||
			got.TimeToLiveInHours != int64(r.TimeToLiveInHours) || got.IpAddressRange != r.IpAddressRange || !sameTags(got.Tags, r.Tags) {
			t.Errorf("\n got %+v\nwant %+v", got, r)
		}
	}},
	{"create does not send empty fields, and the service uses its defaults", func(t *trial) {
		created := t.create(t.request(func(r *activation.CreateRequest) { r.InstanceName = "" }))
		got := t.listed(nil, created.ActivationId).ActivationList[0]
		if got.InstanceCount != activation.DefaultInstanceCount || got.TimeToLiveInHours != activation.DefaultTimeToLiveInHours ||
			got.InstanceName != "" || got.Description != "" || got.IpAddressRange != "" {
			t.Errorf("%+v", got)
		}
	}},
	{"create keeps a tag with an empty value", func(t *trial) {
		r := t.request(func(r *activation.CreateRequest) { r.Tags = append(r.Tags, activation.Tag{TagKey: "contract-empty"}) })
		created := t.create(r)
		if got := t.listed(nil, created.ActivationId).ActivationList[0]; !sameTags(got.Tags, r.Tags) {
			t.Errorf("tags %q, want %q", got.Tags, r.Tags)
		}
	}},
	{"the same token with the same parameters returns the same code", func(t *trial) {
		r := t.request(nil)
		first := t.create(r)
		again, err := t.Service.Create(t.Context(), r, nil)
		if err != nil || again.ActivationId != first.ActivationId || again.ActivationCode != first.ActivationCode {
			t.Fatalf("again: %q, %v; want %q and its code", again.ActivationId, err, first.ActivationId)
		}
		if again.RequestId == first.RequestId {
			t.Error("the second response is the first one, not a new one")
		}
		t.listed(nil, first.ActivationId)
	}},
	{"the same token with other parameters is IdempotentParameterMismatch", func(t *trial) {
		r := t.request(nil)
		first := t.create(r)
		r.InstanceCount = 7
		second, err := t.Service.Create(t.Context(), r, nil)
		if second.ActivationCode != "" {
			t.tidy(second)
		}
		refused(t, err, "create", activation.Ref{RegionId: t.RegionId}, "IdempotentParameterMismatch")
		t.listed(nil, first.ActivationId)
	}},
	{"create announces each repetition with its time, and creates one code", func(t *trial) {
		if t.Lose == nil {
			t.Skip("responses cannot be lost here")
		}
		t.Lose(2)
		times := []time.Time{time.Now()}
		before := t.sent()
		created, err := t.Service.Create(t.Context(), t.request(nil), func(at time.Time) { times = append(times, at) })
		if err != nil {
			t.Fatal(err)
		}
		t.tidy(created)
		times = append(times, time.Now())
		if sent := t.sent() - before; len(times) != 4 || t.Sent != nil && sent != 3 || !slices.IsSortedFunc(times, time.Time.Compare) {
			t.Errorf("%d requests; begun, repeated twice, ended: %v", sent, times)
		}
		t.listed(nil, created.ActivationId)
	}},
	{"create announces nothing if it is not repeated", func(t *trial) {
		for spoil, code := range map[string]string{"web": "", "9web": "InstanceName.InvalidPattern"} {
			announced, before := 0, t.sent()
			r := t.request(func(r *activation.CreateRequest) { r.InstanceName = spoil })
			created, err := t.Service.Create(t.Context(), r, func(time.Time) { announced++ })
			if err == nil {
				t.tidy(created)
			} else {
				refused(t, err, "create", activation.Ref{RegionId: t.RegionId}, code)
			}
			if sent := t.sent() - before; t.Sent != nil && announced != sent-1 {
				t.Errorf("%s: %d requests, %d repetitions announced", spoil, sent, announced)
			}
		}
	}},
	{"a create without a token is sent once, even if its response is lost", func(t *trial) {
		if t.Lose == nil {
			t.Skip("responses cannot be lost here")
		}
		t.Lose(1)
		r := t.request(func(r *activation.CreateRequest) { r.ClientToken = "" })
		created, err := t.Service.Create(t.Context(), r, func(time.Time) { t.Error("a repetition is announced") })
		if err == nil {
			t.tidy(created)
			t.Fatal("it succeeds")
		}
		var known *activation.Error
		if !errors.As(err, &known) || known.NothingDone {
			t.Errorf("%+v", err)
		}
		for _, id := range ids(t.list(nil)) {
			t.tidy(activation.Created{ActivationId: id})
		}
		if n := len(ids(t.list(nil))); n != 1 {
			t.Errorf("%d codes were made", n)
		}
	}},
	{"without a token every create creates another code", func(t *trial) {
		r := t.request(func(r *activation.CreateRequest) { r.ClientToken = "" })
		first, second := t.create(r), t.create(r)
		if first.ActivationId == second.ActivationId || first.ActivationCode == second.ActivationCode {
			t.Errorf("%q twice", first.ActivationId)
		}
	}},
	{"a request that breaks a rule of the service is refused with its error code", func(t *trial) {
		for code, spoil := range ruleBreakers() {
			created, err := t.Service.Create(t.Context(), t.request(spoil), nil)
			if created.ActivationCode != "" {
				t.tidy(created)
			}
			refused(t, err, "create", activation.Ref{RegionId: t.RegionId}, code)
			answered(t, created.Answer)
		}
		t.listed(nil)
	}},
}

// ruleBreakers returns requests that break a rule, by their error codes. Ranges that have changed over the years are
// exceeded by far, or not at all.
func ruleBreakers() map[string]func(*activation.CreateRequest) {
	tag := func(tags ...activation.Tag) func(*activation.CreateRequest) {
		return func(r *activation.CreateRequest) { r.Tags = append(r.Tags, tags...) }
	}
	many := make([]activation.Tag, 20) // and the mark
	for i := range many {
		many[i].TagKey = fmt.Sprint("contract-", i)
	}
	return map[string]func(*activation.CreateRequest){
		"InstanceName.ExceedLimit":     func(r *activation.CreateRequest) { r.InstanceName = strings.Repeat("a", 51) },
		"InstanceName.InvalidPattern":  func(r *activation.CreateRequest) { r.InstanceName = "9web" },
		"ActivationDesc.ExceedLimit":   func(r *activation.CreateRequest) { r.Description = strings.Repeat("激", 101) },
		"ActivationLimitation.Invalid": func(r *activation.CreateRequest) { r.InstanceCount = 1_000_000 },
		"ActivationTTL.ExceedLimit":    func(r *activation.CreateRequest) { r.TimeToLiveInHours = 1_000_000 },
		"AddressRange.InvalidPattern":  func(r *activation.CreateRequest) { r.IpAddressRange = "10.0.0.0/33" },
		"InvalidClientToken.Malformed": func(r *activation.CreateRequest) { r.ClientToken = strings.Repeat("t", 65) },
		"InvalidTagKey.Malformed":      tag(activation.Tag{TagKey: "acs:contract"}),
		"InvalidTagValue.Malformed":    tag(activation.Tag{TagKey: "contract-url", TagValue: "see http://x"}),
		"Duplicate.TagKey":             tag(activation.Tag{TagKey: "contract-two"}, activation.Tag{TagKey: "contract-two", TagValue: "x"}),
		"NumberExceed.Tags":            tag(many...),
	}
}

// sameTags compares tags in any order, because the documentation does not specify one.
func sameTags(a, b []activation.Tag) bool {
	sorted := func(tags []activation.Tag) []activation.Tag {
		return slices.SortedFunc(slices.Values(tags), func(x, y activation.Tag) int { return strings.Compare(x.TagKey, y.TagKey) })
	}
	return slices.Equal(sorted(a), sorted(b))
}
