package activationtest

import (
	"context"
	"errors"
	"time"

	"ecs-activation/internal/activation"
)

var errEnough = errors.New("that was enough")

var failing = []sentence{
	{"nothing is sent if the context is done, and its cause is returned", func(t *trial) {
		created := t.create(t.request(nil))
		before := t.sent()
		cancelled, cancel := context.WithCancelCause(t.Context())
		cancel(errEnough)
		late, cancelLate := context.WithDeadlineCause(t.Context(), time.Now().Add(-time.Second), errEnough)
		defer cancelLate()
		for _, ctx := range []context.Context{cancelled, late} {
			for op, err := range callAll(ctx, t, t.ref(created)) {
				var known *activation.Error
				if !errors.As(err, &known) || !errors.Is(err, errEnough) {
					t.Errorf("%s: %v", op, err)
				} else if known.Op != op || !known.NothingDone || known.ID.RegionId != t.RegionId {
					t.Errorf("%s: %+v", op, known)
				}
			}
		}
		if sent := t.sent() - before; sent > 0 {
			t.Errorf("%d requests were sent", sent)
		}
		t.listed(nil, created.ActivationId)
	}},
	{"a cancelled context is KindInterrupted, and a passed deadline is KindUnavailable", func(t *trial) {
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		late, cancelLate := context.WithTimeout(t.Context(), -1)
		defer cancelLate()
		for op, err := range callAll(cancelled, t, t.unknown()) {
			if activation.KindOf(err) != activation.KindInterrupted || !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %s, %v", op, activation.KindOf(err), err)
			}
		}
		for op, err := range callAll(late, t, t.unknown()) {
			if activation.KindOf(err) != activation.KindUnavailable || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %s, %v", op, activation.KindOf(err), err)
			}
		}
	}},
	{"an unknown region is InvalidRegionId.NotFound", func(t *trial) {
		t.RegionId = "mars-north-1"
		page, err := t.Service.Machines(t.Context(), activation.MachinesRequest{Ref: t.unknown()})
		if err == nil {
			t.Error("the machines of a code in it are listed")
		}
		answered(t, page.Answer)
		for op, err := range callAll(t.Context(), t, t.unknown()) {
			ref := t.unknown()
			if op == "create" || op == "list" {
				ref.ActivationId = ""
			}
			refused(t, err, op, ref, "InvalidRegionId.NotFound")
		}
	}},
}

// callAll calls every method and returns the errors by operation.
func callAll(ctx context.Context, t *trial, ref activation.Ref) map[string]error {
	created, createErr := t.Service.Create(ctx, t.request(nil), nil)
	if createErr == nil {
		t.tidy(created)
	}
	_, listErr := t.Service.List(ctx, activation.ListRequest{RegionId: t.RegionId})
	_, disableErr := t.Service.Disable(ctx, ref)
	_, deleteErr := t.Service.Delete(ctx, ref)
	_, machinesErr := t.Service.Machines(ctx, activation.MachinesRequest{Ref: ref})
	return map[string]error{"create": createErr, "list": listErr, "disable": disableErr, "delete": deleteErr, "list the machines of": machinesErr}
}

// sent returns the number of requests sent, if they are counted.
func (t *trial) sent() int {
	if t.Sent == nil {
		return 0
	}
	return t.Sent()
}
