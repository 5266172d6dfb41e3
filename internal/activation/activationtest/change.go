package activationtest

import (
	"ecs-activation/internal/activation"
)

var disabling = []sentence{
	{"disable stops a code permanently", func(t *trial) {
		created := t.create(t.request(nil))
		changed, err := t.Service.Disable(t.Context(), t.ref(created))
		if err != nil {
			t.Fatal(err)
		}
		confirmed(t, changed, created)
		if !changed.Activation.Disabled {
			t.Error("disable returns a code that is not disabled")
		}
		t.one(created.ActivationId, func(a activation.Activation) bool { return a.Disabled })
	}},
	{"disabling a disabled code succeeds", func(t *trial) {
		created := t.create(t.request(nil))
		for range 2 {
			changed, err := t.Service.Disable(t.Context(), t.ref(created))
			if err != nil {
				t.Fatal(err)
			}
			confirmed(t, changed, created)
		}
	}},
	{"disabling an unknown code is ActivationId.NotFound", func(t *trial) {
		changed, err := t.Service.Disable(t.Context(), t.unknown())
		refused(t, err, "disable", t.unknown(), "ActivationId.NotFound")
		answered(t, changed.Answer)
	}},
	{"disable acts in the region of its request", func(t *trial) {
		created := t.create(t.request(nil))
		elsewhere := activation.Ref{RegionId: t.Elsewhere, ActivationId: created.ActivationId}
		_, err := t.Service.Disable(t.Context(), elsewhere)
		refused(t, err, "disable", elsewhere, "ActivationId.NotFound")
		t.one(created.ActivationId, func(a activation.Activation) bool { return !a.Disabled })
	}},
}

var deleting = []sentence{
	{"delete removes a code that no machine registered with", func(t *trial) {
		created := t.create(t.request(nil))
		changed, err := t.Service.Delete(t.Context(), t.ref(created))
		if err != nil {
			t.Fatal(err)
		}
		confirmed(t, changed, created)
		t.listed(nil)
	}},
	{"delete removes a disabled code", func(t *trial) {
		created := t.create(t.request(nil))
		if _, err := t.Service.Disable(t.Context(), t.ref(created)); err != nil {
			t.Fatal(err)
		}
		if _, err := t.Service.Delete(t.Context(), t.ref(created)); err != nil {
			t.Fatal(err)
		}
		t.listed(nil)
	}},
	{"deleting an unknown code is ActivationId.NotFound", func(t *trial) {
		_, err := t.Service.Delete(t.Context(), t.unknown())
		refused(t, err, "delete", t.unknown(), "ActivationId.NotFound")
	}},
	{"deleting a deleted code is ActivationId.NotFound", func(t *trial) {
		created := t.create(t.request(nil))
		if _, err := t.Service.Delete(t.Context(), t.ref(created)); err != nil {
			t.Fatal(err)
		}
		_, err := t.Service.Delete(t.Context(), t.ref(created))
		refused(t, err, "delete", t.ref(created), "ActivationId.NotFound")
	}},
	{"delete acts in the region of its request", func(t *trial) {
		created := t.create(t.request(nil))
		elsewhere := activation.Ref{RegionId: t.Elsewhere, ActivationId: created.ActivationId}
		_, err := t.Service.Delete(t.Context(), elsewhere)
		refused(t, err, "delete", elsewhere, "ActivationId.NotFound")
		t.listed(nil, created.ActivationId)
	}},
	{"deleting a used code is ActivationId.InUse and does not delete it", func(t *trial) {
		if t.Register == nil {
			t.Skip("machines cannot be simulated here")
		}
		created := t.create(t.request(nil))
		t.Register(t.T, created)
		_, err := t.Service.Delete(t.Context(), t.ref(created))
		refused(t, err, "delete", t.ref(created), "ActivationId.InUse")
		t.one(created.ActivationId, func(a activation.Activation) bool { return a.RegisteredCount == 1 && a.RemainingCount() == 9 })
	}},
	{"a used code can still be disabled", func(t *trial) {
		if t.Register == nil {
			t.Skip("machines cannot be simulated here")
		}
		created := t.create(t.request(nil))
		t.Register(t.T, created)
		changed, err := t.Service.Disable(t.Context(), t.ref(created))
		if err != nil {
			t.Fatal(err)
		}
		confirmed(t, changed, created)
		if changed.Activation.RegisteredCount != 1 {
			t.Errorf("%d uses, one machine has registered", changed.Activation.RegisteredCount)
		}
	}},
}

// confirmed checks that a change returns the code that it changed.
func confirmed(t *trial, changed activation.Changed, created activation.Created) {
	t.Helper()
	answered(t, changed.Answer)
	if a := changed.Activation; a.Ref() != t.ref(created) || a.InstanceName != "contract" || a.InstanceCount != activation.DefaultInstanceCount {
		t.Errorf("the change returns %+v", a)
	}
}
