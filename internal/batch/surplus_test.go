package batch

import (
	"errors"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/issuance"
)

func TestOnlyNewCodesThatBelongToNoRowAreSurplus(t *testing.T) {
	row := func(name, id string, err error) Result {
		r := activation.CreateRequest{RegionId: "r", InstanceName: name, InstanceCount: 1, TimeToLiveInHours: 4}
		return Result{Step: Step{Row: Row{Request: r}}, Issued: issuance.Issued{Code: codefile.Code{ActivationId: id}}, Err: err}
	}
	results := []Result{row("web", "A", nil), row("db", "", errors.New("no answer"))}
	code := func(id, name string, uses int) activation.Activation {
		return activation.Activation{ActivationId: id, InstanceName: name, InstanceCount: uses, TimeToLiveInHours: 4, ResourceGroupId: "default"}
	}
	before := issuance.Listed{"OLD": code("OLD", "web", 1)}
	after := issuance.Listed{}
	for _, c := range []activation.Activation{code("OLD", "web", 1), code("A", "web", 1), code("B", "web", 1), code("C", "db", 1), code("D", "web", 2), code("E", "other", 1)} {
		after[c.ActivationId] = c
	}
	if found := surplus("r", before, after, results); len(found) != 1 || found[0].ActivationId != "B" {
		t.Errorf("%v", found)
	}
	if found := surplus("elsewhere", before, after, results); len(found) != 0 {
		t.Errorf("in another region: %v", found)
	}
}
