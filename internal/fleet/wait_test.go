package fleet

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"ecs-activation/internal/activation"
)

// waitFor waits for a code of a service with a running clock.
func waitFor(ctx context.Context, s *service, goal activation.Goal, see func(Result)) (Result, error) {
	w := Wait{Service: liveClock(s), Op: "wait for", Interval: Interval{Least: time.Second, Most: 10 * time.Second}, Now: time.Now, See: see}
	return w.For(ctx, activation.Ref{RegionId: "cn-hangzhou", ActivationId: "old-0"}, goal)
}

// living returns a service with one code that was created now.
func living() *service {
	s := with(0)
	s.put("old-0", time.Now().UTC())
	return s
}

func TestAWaitEndsWhenTheGoalIsReached(t *testing.T) {
	for _, test := range []struct {
		goal   activation.Goal
		change func(*activation.Activation)
	}{
		{activation.Goal{Registered: 2}, func(a *activation.Activation) { a.RegisteredCount = 2 }},
		{activation.Goal{Status: activation.Disabled}, func(a *activation.Activation) { a.Disabled = true }},
		{activation.Goal{Status: activation.Exhausted}, func(a *activation.Activation) { a.RegisteredCount = 10 }},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := living()
			s.before = func(s *service, n int, _ activation.ListRequest) error {
				if n == 4 {
					test.change(&s.codes[0])
				}
				return nil
			}
			seen := 0
			last, err := waitFor(t.Context(), s, test.goal, func(Result) { seen++ })
			if err != nil || !test.goal.Reached(last.Code, time.Now()) || seen != 3 || len(s.requests) != 4 {
				t.Errorf("%+v: %v after %d readings, %d requests: %+v", test.goal, err, seen, len(s.requests), last)
			}
		})
	}
}

func TestAWaitEndsWhenTheGoalCanNoLongerBeReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := living()
		begun := time.Now()
		last, err := waitFor(t.Context(), s, activation.Goal{Registered: 2}, nil)
		var known *activation.Error
		if !errors.As(err, new(*activation.Unreachable)) || !errors.As(err, &known) || known.Kind != activation.KindConflict || known.RequestID == "" ||
			known.Error() != "cannot wait for old-0: the code is Expired, and 0 of 2 machines have registered" {
			t.Error(err)
		}
		if took := time.Since(begun); last.Code.ActivationId != "old-0" || took < 4*time.Hour || took > 4*time.Hour+20*time.Second {
			t.Errorf("%s, %+v", took, last)
		}
	})
}

func TestAWaitReadsLessAndLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := living()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		last, err := waitFor(ctx, s, activation.Goal{Registered: 1}, nil)
		if n := len(s.requests); n < 50 || n > 85 {
			t.Errorf("%d requests in 10 minutes", n)
		}
		if activation.KindOf(err) != activation.KindUnavailable || !errors.Is(err, context.DeadlineExceeded) || last.Code.ActivationId != "old-0" {
			t.Errorf("%v, %+v", err, last)
		}
	})
}

func TestAnInterruptedWaitReturnsTheCodeAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { time.Sleep(time.Minute); cancel() }()
		last, err := waitFor(ctx, living(), activation.Goal{Registered: 1}, nil)
		if activation.KindOf(err) != activation.KindInterrupted || last.Code.ActivationId != "old-0" {
			t.Errorf("%v, %+v", err, last)
		}
	})
}

func TestAWaitOutlivesAnOutageButNotAFirstReadingThatFails(t *testing.T) {
	for _, test := range []struct {
		from, to int // requests that fail
		err      func() error
		ok       bool
	}{
		{2, 5, torn, true},
		{1, 1, torn, false},
		{2, 5, func() error { return &activation.Error{Kind: activation.KindIdentity, Op: "list", Code: "Forbidden"} }, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := living()
			s.before = func(s *service, n int, _ activation.ListRequest) error {
				if n >= test.from && n <= test.to {
					return test.err()
				}
				if n == 8 {
					s.codes[0].RegisteredCount = 1
				}
				return nil
			}
			failures := 0
			last, err := waitFor(t.Context(), s, activation.Goal{Registered: 1}, func(r Result) {
				if r.Err != nil {
					failures++
				}
			})
			if (err == nil) != test.ok || test.ok && failures != test.to-test.from+1 || (last.Ref.ActivationId == "") != (test.from == 1) {
				t.Errorf("requests %d to %d fail: %v, %d failures, %+v", test.from, test.to, err, failures, last)
			}
			if err != nil && activation.KindOf(err) != activation.KindOf(test.err()) {
				t.Errorf("requests %d to %d fail: the error is of kind %v", test.from, test.to, activation.KindOf(err))
			}
		})
	}
}

// cutShort is a service whose second answer does not come before the time is over.
type cutShort struct {
	activation.Service
	requests int
}

func (c *cutShort) List(ctx context.Context, r activation.ListRequest) (activation.Page, error) {
	if c.requests++; c.requests == 1 {
		return c.Service.List(ctx, r)
	}
	<-ctx.Done()
	return activation.Page{}, &activation.Error{Kind: activation.KindUnavailable, Op: "list", Host: "ecs.example.com", Err: ctx.Err()}
}

func TestTheErrorOfATimeoutDuringARequestDoesNotNameTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := Wait{Service: &cutShort{Service: liveClock(living())}, Op: "wait for", Interval: Interval{Least: time.Second, Most: time.Minute}, Now: time.Now}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := w.For(ctx, activation.Ref{RegionId: "cn-hangzhou", ActivationId: "old-0"}, activation.Goal{Registered: 1})
		var known *activation.Error
		if !errors.As(err, &known) || known.Host != "" || known.Op != "wait for" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%+v", err)
		}
	})
}

// A reading that the end of the time cuts short is no outage.
func TestAWaitWhoseTimeIsOverReportsNoOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 1})
		readings, failures := 0, 0
		w := Wait{Service: s, Op: "wait for", Interval: Interval{Least: time.Second, Most: time.Minute}, Now: time.Now, See: func(r Result) {
			if readings++; r.Err != nil {
				failures++
			}
			s.hold["a"] = make(chan struct{})
		}}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		last, err := w.For(ctx, activation.Ref{RegionId: "a", ActivationId: "old-0"}, activation.Goal{Registered: 1})
		if readings != 1 || failures != 0 || activation.KindOf(err) != activation.KindUnavailable || !errors.Is(err, context.DeadlineExceeded) || last.Err != nil {
			t.Errorf("%d readings, %d failures, %v, %+v", readings, failures, err, last)
		}
	})
}

func TestAnAnswerWithoutATimeIsJudgedByThisMachinesClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := living()
		w := Wait{Service: s, Op: "wait for", Interval: Interval{Least: time.Second, Most: time.Minute}, Now: func() time.Time { return time.Now().Add(5 * time.Hour) }}
		s.before = func(s *service, _ int, _ activation.ListRequest) error { s.clock = time.Time{}; return nil }
		_, err := w.For(t.Context(), activation.Ref{RegionId: "cn-hangzhou", ActivationId: "old-0"}, activation.Goal{Status: activation.Expired})
		if err != nil || len(s.requests) != 1 {
			t.Errorf("%v after %d requests", err, len(s.requests))
		}
	})
}

func TestAnAnswerWithATimeIsJudgedByIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := liveClock(living())
		w := Wait{Service: s, Op: "wait for", Interval: Interval{Least: time.Second, Most: time.Minute}, Now: func() time.Time { return time.Now().Add(5 * time.Hour) }}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := w.For(ctx, activation.Ref{RegionId: "cn-hangzhou", ActivationId: "old-0"}, activation.Goal{Status: activation.Expired})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a code is called expired by this machine's clock: %v", err)
		}
	})
}
