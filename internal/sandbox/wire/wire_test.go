package wire

import (
	"reflect"
	"testing"
	"time"

	"ecs-activation/internal/sandbox/cloud"
)

func TestTagsAreReadInTheOrderOfTheirNumbers(t *testing.T) {
	got := tags(Parameters{
		"Tag.7.Key": "b", "Tag.7.Value": "", "Tag.2.Key": "a", "Tag.30.Value": "v",
		"Tag.01.Key": "x", "Tag.1.Name": "x", "Tag.k.Key": "x", "Tags.1.Key": "x", "Tag.1.Key.2": "x",
	})
	want := []cloud.TagInput{{N: 2, Key: "a"}, {N: 7, Key: "b", ValueGiven: true}, {N: 30, Value: "v", ValueGiven: true}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestInstanceIdsAreNumbered(t *testing.T) {
	for name, want := range map[string]int{"InstanceId.1": 1, "InstanceId.50": 1, "InstanceId": 0, "InstanceId.51": -1, "InstanceId.0": -1, "InstanceId.x": -1} {
		ids, err := instanceIds(Parameters{name: "i"})
		if (err != nil) != (want < 0) || err == nil && len(ids) != want {
			t.Errorf("%s: %q, %v", name, ids, err)
		}
	}
}

func TestARefusalHasTheStatusOfItsCode(t *testing.T) {
	for code, want := range map[string]int{
		"ActivationId.NotFound": 404, "ActivationId.InUse": 403, "ActivationCode.Expired": 403, "ActivationCount.ExceedLimit": 400,
		"Throttling.User": 400, "ServiceUnavailable": 503, "InternalError.Dispatch": 500, "RequestEntityTooLarge": 413,
		cloud.InternalError: 500, cloud.StateUnusable: 507, "fingerprint_duplicate": 400, cloud.InstanceDeregistered: 403,
	} {
		if got := Status(cloud.Refuse(code, "")); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}

func TestARefusedRegistrationIsAlwaysA400(t *testing.T) {
	for _, test := range []struct {
		code        string
		registering bool
		want        int
	}{
		{"ActivationId.NotFound", true, 400}, {"ActivationId.NotFound", false, 404}, {cloud.StateUnusable, true, 507}, {cloud.InternalError, true, 500},
	} {
		status, answer := AgentRefusal(cloud.Refuse(test.code, "m"), test.registering)
		if status != test.want || answer != (AgentAnswer{Code: test.want, ErrCode: test.code, ErrMsg: "m"}) {
			t.Errorf("%+v: %d, %+v", test, status, answer)
		}
	}
}

func TestANonceIsRememberedForItsLifetime(t *testing.T) {
	n, now := newNonces(time.Hour), time.Now()
	for _, step := range []struct {
		after time.Duration
		isNew bool
	}{{0, true}, {0, false}, {time.Hour, false}, {3 * time.Hour, false}, {10 * time.Hour, false}} {
		if got := n.use("a", now.Add(step.after)); got != step.isNew {
			t.Errorf("after %s: %t", step.after, got)
		}
	}
	n.use("b", now.Add(12*time.Hour))
	n.use("c", now.Add(14*time.Hour))
	if !n.use("a", now.Add(14*time.Hour)) {
		t.Error("it is remembered for more than two lifetimes")
	}
}
