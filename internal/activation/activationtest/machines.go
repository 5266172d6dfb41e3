package activationtest

import (
	"slices"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
)

var showing = []sentence{
	{"a code that was not used has no machines, and neither has an unknown one", func(t *trial) {
		for _, ref := range []activation.Ref{t.ref(t.create(t.request(nil))), t.unknown()} {
			page, err := t.Service.Machines(t.Context(), activation.MachinesRequest{Ref: ref})
			if err != nil || len(page.Instances) != 0 || page.NextToken != "" {
				t.Errorf("%+v, %v", page, err)
			}
			answered(t, page.Answer)
		}
	}},
	{"machines returns only the machines that registered with the code", func(t *trial) {
		created, other := t.create(t.request(nil)), t.create(t.request(nil))
		t.register(created, 1)
		t.register(other, 1)
		m := t.machines(created, 1)[0]
		made, err := time.Parse(time.RFC3339, m.RegistrationTime)
		if err != nil || time.Since(made).Abs() > 15*time.Minute || m.ActivationId != created.ActivationId || m.InstanceId == "" || m.InstanceName == "" {
			t.Errorf("%v, %+v", err, m)
		}
		elsewhere := activation.Ref{RegionId: t.Elsewhere, ActivationId: created.ActivationId}
		if list, err := fleet.Machines(t.Context(), t.Service, elsewhere); err != nil || len(list) > 0 {
			t.Errorf("in another region: %+v, %v", list, err)
		}
	}},
	{"machines pages by token, newest first, and all pages can be read", func(t *trial) {
		created := t.create(t.request(nil))
		t.register(created, 3)
		newest := t.machines(created, 3)
		r := activation.MachinesRequest{Ref: t.ref(created), MaxResults: 2}
		var paged []string
		for pages := 1; ; pages++ {
			page, err := t.Service.Machines(t.Context(), r)
			if err != nil || len(page.Instances) > 2 || pages > 2 {
				t.Fatalf("page %d: %+v, %v", pages, page, err)
			}
			for _, m := range page.Instances {
				paged = append(paged, m.InstanceId)
			}
			if r.NextToken = page.NextToken; r.NextToken == "" {
				break
			}
		}
		var whole []string
		for _, m := range newest {
			whole = append(whole, m.InstanceId)
		}
		if !slices.Equal(paged, whole) {
			t.Errorf("%q by pages of two, %q as a whole", paged, whole)
		}
	}},
}

// register simulates n machines. If this is not possible, it skips the sub-test.
func (t *trial) register(c activation.Created, machines int) {
	t.Helper()
	if t.Register == nil {
		t.Skip("machines cannot be simulated here")
	}
	for range machines {
		t.Register(t.T, c)
	}
}

// machines repeats a request until it returns so many machines.
func (t *trial) machines(c activation.Created, want int) []activation.Machine {
	t.Helper()
	deadline := time.Now().Add(t.Patience)
	for {
		list, err := fleet.Machines(t.Context(), t.Service, t.ref(c))
		if err == nil && len(list) == want {
			return list
		}
		if err != nil || !time.Now().Before(deadline) {
			t.Fatalf("%d machines, %v, want %d", len(list), err, want)
		}
		time.Sleep(time.Second)
	}
}
