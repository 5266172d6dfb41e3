package activation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// hall is a Service of which only the machines matter: it answers each token with a page.
type hall struct {
	Service
	pages map[string]MachinePage
	asked []MachinesRequest
}

func (h *hall) Machines(_ context.Context, r MachinesRequest) (MachinePage, error) {
	h.asked = append(h.asked, r)
	page, exists := h.pages[r.NextToken]
	if !exists {
		return MachinePage{}, errTorn
	}
	return page, nil
}

func machinesOf(next string, ids ...string) MachinePage {
	page := MachinePage{NextToken: next}
	for _, id := range ids {
		owner, id, _ := strings.Cut(id, ":")
		page.Instances = append(page.Instances, Machine{InstanceId: id, ActivationId: owner})
	}
	return page
}

func TestMachinesReadsEveryPageAndKeepsWhatIsTheCodes(t *testing.T) {
	h := &hall{pages: map[string]MachinePage{
		"":   machinesOf("t1", "A:1", "B:2", "A:3"),
		"t1": machinesOf("t2", "A:3", "A:4"),
		"t2": machinesOf("", "A:5", ":6"),
	}}
	ref := Ref{RegionId: "cn-hangzhou", ActivationId: "A"}
	machines, err := Machines(t.Context(), h, ref)
	var ids []string
	for _, m := range machines {
		ids = append(ids, m.InstanceId)
	}
	if err != nil || !slices.Equal(ids, []string{"1", "3", "4", "5"}) {
		t.Errorf("%q, %v", ids, err)
	}
	for i, token := range []string{"", "t1", "t2"} {
		if h.asked[i] != (MachinesRequest{Ref: ref, MaxResults: 50, NextToken: token}) {
			t.Errorf("request %d is %+v", i, h.asked[i])
		}
	}
}

func TestMachinesThatAreNoneAreAnEmptyList(t *testing.T) {
	h := &hall{pages: map[string]MachinePage{"": {}}}
	if machines, err := Machines(t.Context(), h, Ref{}); machines == nil || len(machines) > 0 || err != nil {
		t.Errorf("%v, %v", machines, err)
	}
}

func TestMachinesEndsAtTheFirstErrorAndNeverRunsInCircles(t *testing.T) {
	torn := &hall{pages: map[string]MachinePage{"": machinesOf("t1", "A:1")}}
	if machines, err := Machines(t.Context(), torn, Ref{ActivationId: "A"}); !errors.Is(err, errTorn) || machines != nil {
		t.Errorf("%v, %v", machines, err)
	}
	round := &hall{pages: map[string]MachinePage{"": machinesOf("t1"), "t1": machinesOf("t2"), "t2": machinesOf("t1")}}
	if _, err := Machines(t.Context(), round, Ref{ActivationId: "A"}); err == nil || !strings.Contains(err.Error(), "never end") || len(round.asked) != 3 {
		t.Errorf("%v after %d requests", err, len(round.asked))
	}
}
