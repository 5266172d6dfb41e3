package fleet

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
)

// machineService is a Service of which only the machines matter: it answers each token with a page.
type machineService struct {
	activation.Service
	pages map[string]activation.MachinePage
	asked []activation.MachinesRequest
}

func (s *machineService) Machines(_ context.Context, r activation.MachinesRequest) (activation.MachinePage, error) {
	s.asked = append(s.asked, r)
	page, exists := s.pages[r.NextToken]
	if !exists {
		return activation.MachinePage{}, torn()
	}
	return page, nil
}

func machinesOf(next string, ids ...string) activation.MachinePage {
	page := activation.MachinePage{NextToken: next}
	for _, id := range ids {
		owner, id, _ := strings.Cut(id, ":")
		page.Instances = append(page.Instances, activation.Machine{InstanceId: id, ActivationId: owner})
	}
	return page
}

func TestMachinesReadsEveryPageAndKeepsWhatIsTheCodes(t *testing.T) {
	s := &machineService{pages: map[string]activation.MachinePage{
		"":   machinesOf("t1", "A:1", "B:2", "A:3"),
		"t1": machinesOf("t2", "A:3", "A:4"),
		"t2": machinesOf("", "A:5", ":6"),
	}}
	ref := activation.Ref{RegionId: "cn-hangzhou", ActivationId: "A"}
	machines, err := Machines(t.Context(), s, ref)
	var ids []string
	for _, m := range machines {
		ids = append(ids, m.InstanceId)
	}
	if err != nil || !slices.Equal(ids, []string{"1", "3", "4", "5"}) {
		t.Errorf("%q, %v", ids, err)
	}
	for i, token := range []string{"", "t1", "t2"} {
		if s.asked[i] != (activation.MachinesRequest{Ref: ref, MaxResults: 50, NextToken: token}) {
			t.Errorf("request %d is %+v", i, s.asked[i])
		}
	}
}

func TestMachinesThatAreNoneAreAnEmptyList(t *testing.T) {
	s := &machineService{pages: map[string]activation.MachinePage{"": {}}}
	if machines, err := Machines(t.Context(), s, activation.Ref{}); machines == nil || len(machines) > 0 || err != nil {
		t.Errorf("%v, %v", machines, err)
	}
}

func TestMachinesEndsAtTheFirstErrorAndNeverRunsInCircles(t *testing.T) {
	torn := &machineService{pages: map[string]activation.MachinePage{"": machinesOf("t1", "A:1")}}
	if machines, err := Machines(t.Context(), torn, activation.Ref{ActivationId: "A"}); !errors.Is(err, errTorn) || machines != nil {
		t.Errorf("%v, %v", machines, err)
	}
	round := &machineService{pages: map[string]activation.MachinePage{"": machinesOf("t1"), "t1": machinesOf("t2"), "t2": machinesOf("t1")}}
	if _, err := Machines(t.Context(), round, activation.Ref{ActivationId: "A"}); err == nil || !strings.Contains(err.Error(), "never end") || len(round.asked) != 3 {
		t.Errorf("%v after %d requests", err, len(round.asked))
	}
}
