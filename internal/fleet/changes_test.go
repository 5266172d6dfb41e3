package fleet

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ecs-activation/internal/activation"
)

// changer is a Service that disables and deletes the codes of a service.
type changer struct {
	*service
	mu            sync.Mutex
	running, most map[string]int // by region, and "" for all
	done          []string
}

func (c *changer) enter(region string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range []string{region, ""} {
		c.running[key] += n
		c.most[key] = max(c.most[key], c.running[key])
	}
}

func (c *changer) change(ctx context.Context, op string, ref activation.Ref) (activation.Changed, error) {
	c.enter(ref.RegionId, 1)
	defer c.enter(ref.RegionId, -1)
	if err := sleep(ctx, time.Second); err != nil {
		return activation.Changed{}, &activation.Error{Kind: activation.KindInterrupted, Op: op, ID: ref, Err: err}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if ref.ActivationId == "bad" {
		return activation.Changed{}, &activation.Error{Kind: activation.KindConflict, Op: op, ID: ref, Code: "ActivationId.InUse"}
	}
	c.done = append(c.done, op+" "+ref.String())
	return activation.Changed{Activation: activation.Activation{ActivationId: ref.ActivationId}}, nil
}

func (c *changer) Disable(ctx context.Context, ref activation.Ref) (activation.Changed, error) {
	return c.change(ctx, "disable", ref)
}

func (c *changer) Delete(ctx context.Context, ref activation.Ref) (activation.Changed, error) {
	return c.change(ctx, "delete", ref)
}

func newChanger(s *service) *changer {
	return &changer{service: s, running: map[string]int{}, most: map[string]int{}}
}

func TestChangesRunAtOnceWithinTheirBoundsAndComeInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanger(with(0))
		var refs []activation.Ref
		for i := range 100 {
			refs = append(refs, activation.Ref{RegionId: fmt.Sprint("r", i%10), ActivationId: fmt.Sprint(i)})
		}
		i := 0
		for r := range Disable().Change(t.Context(), c, refs) {
			if r.Ref != refs[i] || r.Err != nil || r.Code.ActivationId != refs[i].ActivationId {
				t.Errorf("%d: %+v", i, r)
			}
			i++
		}
		if i != 100 || len(c.done) != 100 || c.most[""] != InAll || c.most["r0"] > PerRegion {
			t.Errorf("%d results, %d changes, at most %d at once, %d in a region", i, len(c.done), c.most[""], c.most["r0"])
		}
		c = newChanger(with(0))
		var failed []activation.Ref
		for r := range Delete().Change(t.Context(), c, []activation.Ref{{RegionId: "r", ActivationId: "1"}, {RegionId: "r", ActivationId: "bad"}, {RegionId: "r", ActivationId: "2"}}) {
			if r.Err != nil {
				failed = append(failed, r.Ref)
			}
		}
		if slices.Sort(c.done); !slices.Equal(c.done, []string{"delete r/1", "delete r/2"}) || len(failed) != 1 || failed[0].ActivationId != "bad" {
			t.Errorf("%q, %v", c.done, failed)
		}
	})
}

func TestOneRegionIsChangedWithinItsBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanger(with(0))
		refs := make([]activation.Ref, 40)
		for i := range refs {
			refs[i] = activation.Ref{RegionId: "r", ActivationId: fmt.Sprint(i)}
		}
		for range Prune().Change(t.Context(), c, refs) {
		}
		if len(c.done) != 40 || c.most["r"] != PerRegion {
			t.Errorf("%d changes, at most %d at once", len(c.done), c.most["r"])
		}
	})
}

func TestCodesThatWaitForASlotHaveNoGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanger(with(0))
		refs := make([]activation.Ref, 1000)
		for i := range refs {
			refs[i] = activation.Ref{RegionId: fmt.Sprint("r", i%10), ActivationId: fmt.Sprint(i)}
		}
		before := runtime.NumGoroutine()
		results := Delete().Change(t.Context(), c, refs)
		synctest.Wait()
		if n := runtime.NumGoroutine() - before; n > 10+InAll {
			t.Errorf("%d goroutines", n)
		}
		for range results {
		}
	})
}

func TestADryRunChangesNothingAndKnowsWhatWouldBeRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanger(with(2))
		c.codes[0].RegisteredCount = 1
		refs := []activation.Ref{{RegionId: "r", ActivationId: "old-0"}, {RegionId: "r", ActivationId: "old-1"}, {RegionId: "r", ActivationId: "old-2"}}
		for _, test := range []struct {
			action Action
			used   bool // the used code is refused
		}{{Delete(), true}, {Disable(), false}} {
			results := slices.Collect(test.action.Change(t.Context(), DryRun{c}, refs))
			if results[0].Err != nil || results[0].Code.ActivationId != "old-0" || results[0].Answer.RequestId == "" {
				t.Errorf("%s: %+v", test.action.Op, results[0])
			}
			if activation.HasCode(results[1].Err, "ActivationId.InUse") != test.used || !Missing(results[2].Err) {
				t.Errorf("%s: %v, %v", test.action.Op, results[1].Err, results[2].Err)
			}
			var known *activation.Error
			if !errors.As(results[2].Err, &known) || known.Op != test.action.Op {
				t.Errorf("%v", results[2].Err)
			}
		}
		if created, err := (DryRun{c}).Create(t.Context(), activation.CreateRequest{}, nil); err == nil || created != (activation.Created{}) {
			t.Errorf("%+v, %v", created, err)
		}
		n := 0
		for r := range LookUpAll(t.Context(), c, "show", refs) {
			if n++; r.Err == nil && r.Code.ActivationId != r.Ref.ActivationId {
				t.Errorf("%+v", r)
			}
		}
		if n != 3 || len(c.done) > 0 {
			t.Errorf("%d results, %q", n, c.done)
		}
	})
}

func TestALookUpThatFailsNamesTheCommandAndTheCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(1)
		s.before = func(*service, int, activation.ListRequest) error {
			return &activation.Error{Kind: activation.KindUnavailable, Op: "list", Err: errors.New("torn")}
		}
		r := LookUp(t.Context(), s, "show", activation.Ref{RegionId: "r", ActivationId: "A"})
		if r.Err == nil || r.Err.Error() != "cannot show A: torn" || Missing(r.Err) {
			t.Error(r.Err)
		}
	})
}

func TestAnErrorOfAnyKindIsReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 1, "b": 1})
		s.regions["b"].before = func(*service, int, activation.ListRequest) error { return errTorn }
		if r := LookUp(t.Context(), s, "show", activation.Ref{RegionId: "b", ActivationId: "A"}); !errors.Is(r.Err, errTorn) {
			t.Error(r.Err)
		}
		if l := NewReader(s).List(t.Context(), of("a", "b"), nil); len(l.Failed()) != 1 || !errors.Is(l.Failed()[0], errTorn) {
			t.Error(l.Failed())
		}
	})
}

func TestACallerMayLeaveBeforeAllResultsHaveCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChanger(with(0))
		n := 0
		for range Delete().Change(t.Context(), c, []activation.Ref{{ActivationId: "1"}, {ActivationId: "2"}, {ActivationId: "3"}}) {
			n++
			break
		}
		time.Sleep(time.Minute)
		c.mu.Lock()
		defer c.mu.Unlock()
		if n != 1 || len(c.done) != 3 {
			t.Errorf("%d results, %d changes", n, len(c.done))
		}
	})
}

// registered is a service of which each code has as many machines as registrations.
type registered struct {
	*service
	requests atomic.Int32
}

func (r *registered) Machines(_ context.Context, m activation.MachinesRequest) (activation.MachinePage, error) {
	r.requests.Add(1)
	if m.ActivationId == "old-2" {
		return activation.MachinePage{}, torn()
	}
	return activation.MachinePage{Instances: []activation.Machine{{InstanceId: "i-1", ActivationId: m.ActivationId}}}, nil
}

func TestInspectReadsTheMachinesOfUsedCodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &registered{service: with(3)}
		s.codes[0].RegisteredCount, s.codes[1].RegisteredCount = 1, 1 // old-2 and old-1
		var refs []activation.Ref
		for i := range 4 {
			refs = append(refs, activation.Ref{RegionId: "r", ActivationId: fmt.Sprint("old-", i)})
		}
		got := slices.Collect(Inspect(t.Context(), s, "show", refs))
		if got[0].Err != nil || got[0].Machines == nil || len(got[0].Machines) > 0 {
			t.Errorf("unused: %+v", got[0])
		}
		if got[1].Err != nil || len(got[1].Machines) != 1 || got[1].MachinesErr != nil {
			t.Errorf("used: %+v", got[1])
		}
		if got[2].Err != nil || !errors.Is(got[2].MachinesErr, errTorn) {
			t.Errorf("machines that cannot be read: %+v", got[2])
		}
		if !Missing(got[3].Err) || got[3].MachinesErr != nil || s.requests.Load() != 2 {
			t.Errorf("missing: %+v, %d requests for machines", got[3], s.requests.Load())
		}
	})
}
