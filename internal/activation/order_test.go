package activation

import (
	"slices"
	"strings"
	"testing"
)

func TestOrders(t *testing.T) {
	codes := []Activation{
		{ActivationId: "a", CreationTime: "2026-06-25T06:00:00Z", TimeToLiveInHours: 4, RegisteredCount: 2, InstanceName: "web", RegionId: "cn-hangzhou"},
		{ActivationId: "b", CreationTime: "2026-06-25T07:00:00Z", TimeToLiveInHours: 1, InstanceName: "Web", RegionId: "cn-beijing"},
		{ActivationId: "c", CreationTime: "yesterday", TimeToLiveInHours: 4, RegisteredCount: 9, InstanceName: "db", RegionId: "cn-beijing"},
		{ActivationId: "d", CreationTime: "2026-06-25T16:00:00+08:00", TimeToLiveInHours: 2, RegionId: "us-west-1"},
		{ActivationId: "e", CreationTime: "2026-06-25T09:00:00Z", RegisteredCount: 2, InstanceName: "web", RegionId: "cn-beijing"},
	}
	for _, test := range []struct {
		name  string
		order func(a, b Activation) int
		want  string
	}{
		{"expires", ByExpiry, "b a d c e"},
		{"created", ByCreation, "e d b a c"},
		{"used", ByUse, "c a e b d"},
		{"name", ByName, "b c a e d"},
		{"region", ByRegion, "b c e a d"},
	} {
		var got []string
		for _, a := range slices.SortedStableFunc(slices.Values(codes), test.order) {
			got = append(got, a.ActivationId)
		}
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("%s: %s, want %s", test.name, text, test.want)
		}
		for _, a := range codes {
			for _, b := range codes {
				if test.order(a, b) != -test.order(b, a) {
					t.Errorf("%s: %s and %s depend on the order of arguments", test.name, a.ActivationId, b.ActivationId)
				}
			}
		}
	}
}
