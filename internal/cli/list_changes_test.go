package cli

import (
	"errors"
	"slices"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/view"
)

// Here are the parts of a watch that need no service: what changes between two looks, what is
// kept of a region that cannot be read.

func code(region, id string, status activation.Status, used int) view.Listed {
	return view.Listed{Code: view.Code{RegionId: region, ActivationId: id, RegisteredCount: used}, Status: status}
}

// codes is a short name for the tables below.
type codes = []view.Listed

func changes(list ...view.CodeChange) []view.CodeChange { return list }

func gone(c view.Listed) view.CodeChange { return view.CodeChange{Change: view.ChangeGone, Listed: c} }

func isNew(c view.Listed) view.CodeChange { return view.CodeChange{Change: view.ChangeNew, Listed: c} }

func changed(c view.Listed) view.CodeChange {
	return view.CodeChange{Change: view.ChangeChanged, Listed: c}
}

func TestEveryChangeBetweenTwoLooksIsToldOnce(t *testing.T) {
	a, b := code("r", "a", activation.Active, 0), code("r", "b", activation.Active, 1)
	used, expired := code("r", "a", activation.Active, 1), code("r", "a", activation.Expired, 0)
	twin := code("s", "a", activation.Active, 0)
	renamed, deregistered := a, a
	renamed.Tags = []activation.Tag{{TagKey: "k"}}
	deregistered.DeregisteredCount = 1
	for _, test := range []struct {
		name               string
		before, after, all []view.Listed
		want               []view.CodeChange
	}{
		{"nothing", nil, nil, nil, nil},
		{"the first look", nil, codes{a, b}, codes{a, b}, changes(isNew(a), isNew(b))},
		{"the same", codes{a, b}, codes{b, a}, codes{a, b}, nil},
		{"a use", codes{a, b}, codes{used, b}, codes{used, b}, changes(changed(used))},
		{"a status", codes{a, b}, codes{expired, b}, codes{expired, b}, changes(changed(expired))},
		{"a machine that left", codes{a}, codes{deregistered}, codes{deregistered}, changes(changed(deregistered))},
		{"tags are no life", codes{a}, codes{renamed}, codes{renamed}, nil},
		{"deleted", codes{a, b}, codes{b}, codes{b}, changes(gone(a))},
		{"no longer asked for, but there", codes{a, b}, codes{b}, codes{expired, b}, changes(gone(expired))},
		{"one goes, one comes", codes{a}, codes{b}, codes{b}, changes(gone(a), isNew(b))},
		{"the same ID in another region", codes{a}, codes{a, twin}, codes{a, twin}, changes(isNew(twin))},
	} {
		same := func(x, y view.CodeChange) bool {
			return x.Change == y.Change && x.Ref() == y.Ref() && !differs(x.Listed, y.Listed)
		}
		if got := changesOf(test.before, test.after, test.all); !slices.EqualFunc(got, test.want, same) {
			t.Errorf("%s:\n got %v\nwant %v", test.name, got, test.want)
		}
	}
}

func TestARegionThatCannotBeReadKeepsWhatWasKnown(t *testing.T) {
	in := func(region string, ids ...string) (codes []activation.Activation) {
		for _, id := range ids {
			codes = append(codes, activation.Activation{RegionId: region, ActivationId: id})
		}
		return codes
	}
	known := slices.Concat(in("r", "1", "2"), in("s", "3"))
	about := func(region string) error { return &activation.Error{ID: activation.Ref{RegionId: region}} }
	for _, test := range []struct {
		name   string
		read   []activation.Activation
		errs   []error
		expect string
	}{
		{"all are read", slices.Concat(in("r", "2"), in("s", "3", "4")), nil, "234"},
		{"one fails", in("r", "5"), []error{about("s")}, "53"},
		{"the first fails", in("s", "5"), []error{about("r")}, "125"},
		{"both fail", nil, []error{about("r"), about("s")}, "123"},
		{"an error about no region is about all", nil, []error{errors.New("odd")}, "123"},
		{"a region is empty now", in("s", "3"), nil, "3"},
	} {
		regions := []string{"r", "s"}
		got := ""
		for _, code := range merged(regions, known, test.read, failedOf(regions, test.errs)) {
			got += code.ActivationId
		}
		if got != test.expect {
			t.Errorf("%s: %s, want %s", test.name, got, test.expect)
		}
	}
}

func TestTheNextExpiryIsTheSoonestStillToCome(t *testing.T) {
	made := func(ago time.Duration) activation.Activation {
		return activation.Activation{CreationTime: noon.Add(-ago).Format(time.RFC3339), TimeToLiveInHours: 4}
	}
	codes := []activation.Activation{made(time.Hour), made(3 * time.Hour), made(4 * time.Hour), made(5 * time.Hour), {}}
	if got := nextExpiry(codes, noon); !got.Equal(noon.Add(time.Hour)) {
		t.Error(got)
	}
	if got := nextExpiry(nil, noon); got.Before(noon.AddDate(0, 6, 0)) {
		t.Error(got)
	}
}
