package fleet

import (
	"errors"
	"slices"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

func stated(region, id string, status activation.Status, used int) Stated {
	return Stated{activation.Activation{RegionId: region, ActivationId: id, RegisteredCount: used}, status}
}

func TestEveryDifferenceBetweenTwoReadingsIsReturnedOnce(t *testing.T) {
	a, b := stated("r", "a", activation.Active, 0), stated("r", "b", activation.Active, 1)
	used, expired := stated("r", "a", activation.Active, 1), stated("r", "a", activation.Expired, 0)
	twin := stated("s", "a", activation.Active, 0)
	renamed, deregistered, disabled := a, a, a
	renamed.Tags = []activation.Tag{{TagKey: "k"}}
	deregistered.DeregisteredCount = 1
	disabled.Disabled = true
	type codes = []Stated
	for _, test := range []struct {
		name               string
		before, after, all codes
		want               []Compared
	}{
		{"nothing", nil, nil, nil, nil},
		{"the first reading", nil, codes{a, b}, codes{a, b}, []Compared{{New, a}, {New, b}}},
		{"the same", codes{a, b}, codes{b, a}, codes{a, b}, nil},
		{"a use", codes{a, b}, codes{used, b}, codes{used, b}, []Compared{{Changed, used}}},
		{"a status", codes{a, b}, codes{expired, b}, codes{expired, b}, []Compared{{Changed, expired}}},
		{"disabled, and the status was unknown", codes{a}, codes{disabled}, codes{disabled}, []Compared{{Changed, disabled}}},
		{"a deregistered machine", codes{a}, codes{deregistered}, codes{deregistered}, []Compared{{Changed, deregistered}}},
		{"tags do not count", codes{a}, codes{renamed}, codes{renamed}, nil},
		{"deleted", codes{a, b}, codes{b}, codes{b}, []Compared{{Gone, a}}},
		{"no longer selected, but still there", codes{a, b}, codes{b}, codes{expired, b}, []Compared{{Gone, expired}}},
		{"one is deleted, one is new", codes{a}, codes{b}, codes{b}, []Compared{{Gone, a}, {New, b}}},
		{"the same ID in another region", codes{a}, codes{a, twin}, codes{a, twin}, []Compared{{New, twin}}},
	} {
		same := func(x, y Compared) bool {
			return x.Difference == y.Difference && x.Ref() == y.Ref() && !x.differs(y.Stated)
		}
		if got := Compare(test.before, test.after, test.all); !slices.EqualFunc(got, test.want, same) {
			t.Errorf("%s:\n got %v\nwant %v", test.name, got, test.want)
		}
	}
}

func TestTheNextExpiryIsTheSoonestInTheFuture(t *testing.T) {
	created := func(ago time.Duration) activation.Activation {
		return activation.Activation{CreationTime: start.Add(-ago).Format(time.RFC3339), TimeToLiveInHours: 4}
	}
	codes := []activation.Activation{created(time.Hour), created(3 * time.Hour), created(2 * time.Hour), created(4 * time.Hour), created(5 * time.Hour), {}}
	if got := NextExpiry(codes, start); !got.Equal(start.Add(time.Hour)) {
		t.Error(got)
	}
	if got := NextExpiry(nil, start); got.Before(start.AddDate(0, 6, 0)) {
		t.Error(got)
	}
}

func TestAStateIsThatOfItsTime(t *testing.T) {
	code := codeOf("a", start)
	for after, want := range map[time.Duration]activation.Status{0: activation.Active, 4 * time.Hour: activation.Expired} {
		if got := State([]activation.Activation{code}, start.Add(after)); len(got) != 1 || got[0].Status != want || got[0].ActivationId != "a" {
			t.Errorf("after %s: %+v", after, got)
		}
	}
}

func TestASelectionKeepsStatusesOrderAndNumber(t *testing.T) {
	var codes []activation.Activation
	for i, id := range []string{"a", "b", "c", "d"} {
		code := codeOf(id, start.Add(-time.Duration(i)*time.Hour))
		code.RegisteredCount = 3 * i
		code.Disabled = id == "b"
		codes = append(codes, code)
	}
	used := Orders()[2]
	for _, test := range []struct {
		name      string
		selection Selection
		want      string
		enough    int
	}{
		{"everything", Selection{}, "abcd", 0},
		{"a number", Selection{Most: 2}, "ab", 2},
		{"more than there are", Selection{Most: 9}, "abcd", 9},
		{"a status", Selection{Statuses: []activation.Status{activation.Disabled}}, "b", 0},
		{"two statuses", Selection{Statuses: []activation.Status{activation.Disabled, activation.Active}, Most: 3}, "abc", 0},
		{"an order", Selection{Order: used.Compare}, "dcba", 0},
		{"an order and a number", Selection{Order: used.Compare, Most: 2}, "dc", 0},
		{"an order, a status and a number", Selection{Order: used.Compare, Statuses: []activation.Status{activation.Active}, Most: 2}, "dc", 0},
	} {
		got := ""
		for _, code := range test.selection.Apply(codes, start) {
			got += code.ActivationId
		}
		if got != test.want || test.selection.Enough() != test.enough {
			t.Errorf("%s: %s, want %s; enough %d, want %d", test.name, got, test.want, test.selection.Enough(), test.enough)
		}
	}
	if codes[0].ActivationId != "a" || used.Name != "used" {
		t.Error("sorting changed the list")
	}
	if names := OrderNames(); !slices.Equal(names, []string{"expires", "created", "used", "name", "region"}) {
		t.Errorf("the orders are %q", names)
	}
}

func TestAPruneDeletesDeadCodesThatWereNeverUsed(t *testing.T) {
	code := func(id string, age time.Duration, used int, disabled bool) activation.Activation {
		a := codeOf(id, start.Add(-age))
		a.RegisteredCount, a.Disabled = used, disabled
		return a
	}
	list := Listing{Summary: Summary{Answer: activation.Answer{Date: start}}, Codes: []activation.Activation{
		code("alive", time.Hour, 0, false), code("expired", 5*time.Hour, 0, false), code("just", 4*time.Hour, 0, false),
		code("used", 5*time.Hour, 1, false), code("disabled", time.Hour, 0, true), {ActivationId: "unknown"},
	}}
	for _, test := range []struct {
		age    time.Duration
		delete string
		keep   int
	}{
		{0, "expired just disabled ", 1}, {time.Hour, "expired disabled ", 1}, {time.Hour + time.Second, "", 0}, {9 * time.Hour, "", 0},
	} {
		plan, err := PlanPrune(list, test.age)
		got := ""
		for _, r := range plan.Delete {
			got += r.Ref.ActivationId + " "
			if r.Answer != list.Answer || r.Code.ActivationId != r.Ref.ActivationId {
				t.Errorf("%+v", r)
			}
		}
		if err != nil || got != test.delete || len(plan.Keep) != test.keep {
			t.Errorf("%s: delete %q, want %q; %d to keep; %v", test.age, got, test.delete, len(plan.Keep), err)
		}
	}
	list.Answer.Date = time.Time{}
	if plan, err := PlanPrune(list, 0); !errors.Is(err, errNoServiceTime) || plan.Delete != nil {
		t.Errorf("without the service's time: %+v, %v", plan, err)
	}
	if plan, err := PlanPrune(Listing{Summary: Summary{}}, 0); err != nil || plan.Delete == nil || len(plan.Delete) > 0 {
		t.Errorf("without codes: %+v, %v", plan, err)
	}
}
