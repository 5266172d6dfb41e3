package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ecs-activation/internal/activation"
)

// watching returns a watch of regions with the interval of a real one.
func watching(s activation.Service, regions ...string) *Watch {
	return &Watch{
		Reader: NewReader(s), Query: Query{Regions: regions}, Interval: Interval{Least: 5 * time.Second, Most: time.Minute}, Now: time.Now,
		Limit: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Minute)
		},
	}
}

// liveClock makes the service's clock run.
func liveClock(s *service) *service {
	before := s.before
	s.before = func(s *service, n int, r activation.ListRequest) error {
		s.clock = time.Now().UTC().Truncate(time.Second)
		if before != nil {
			return before(s, n, r)
		}
		return nil
	}
	return s
}

// follow follows a watch for some time, and calls show with every snapshot.
func follow(t *testing.T, w *Watch, length time.Duration, show func(Snapshot)) *Watching {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	first, g := w.First(ctx)
	if first.None() {
		t.Fatal(first.Failed())
	}
	if err := g.Follow(ctx, func(s Snapshot) error { show(s); return nil }); err != nil {
		t.Error(err)
	}
	return g
}

func TestAWatchReadsEveryFewSecondsAndShowsEverySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := liveClock(with(3))
		snapshots, readings := 0, 0
		follow(t, watching(s, "cn-hangzhou"), 61*time.Second, func(now Snapshot) {
			snapshots++
			readings = now.Reading
			if len(now.Codes) != 3 || now.Slow() || now.Failed != nil {
				t.Errorf("%+v", now)
			}
		})
		if readings < 10 || readings > 16 || snapshots < 61 || snapshots > 90 {
			t.Errorf("%d readings and %d snapshots in 61 s", readings, snapshots)
		}
	})
}

func TestACodeExpiresBetweenTwoReadings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(0)
		s.put("a", time.Now().UTC().Add(10*time.Second-4*time.Hour))
		s.before = func(s *service, _ int, _ activation.ListRequest) error {
			s.clock = time.Now().UTC()
			return nil
		}
		expires, _ := s.codes[0].Expires()
		w := watching(s, "cn-hangzhou")
		w.Interval = Interval{Least: time.Hour, Most: time.Hour} // the next reading comes much later
		var at time.Time
		follow(t, w, 20*time.Second, func(now Snapshot) {
			if at.IsZero() && now.Codes[0].Status(now.Now) == activation.Expired {
				at = now.Now
			}
		})
		if !at.Equal(expires) {
			t.Errorf("it expired at %s, want %s", at, expires)
		}
	})
}

func TestARegionThatCannotBeReadKeepsWhatWasKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 2, "b": 1})
		s.regions["b"].before = func(_ *service, n int, _ activation.ListRequest) error {
			if n == 2 {
				return &activation.Error{Kind: activation.KindUnavailable, Op: "list", ID: activation.Ref{RegionId: "b"}, Err: errTorn}
			}
			return nil
		}
		s.regions["a"].before = func(s *service, n int, _ activation.ListRequest) error {
			if n == 2 {
				s.drop("old-1")
			}
			return nil
		}
		var states []string
		g := follow(t, watching(s, "a", "b"), 15*time.Second, func(now Snapshot) {
			state := fmt.Sprintf("%d:%d codes, %d failed", now.Reading, len(now.Codes), len(now.Failed))
			if !slices.Contains(states, state) {
				states = append(states, state)
			}
		})
		want := []string{"1:3 codes, 0 failed", "2:2 codes, 1 failed", "3:2 codes, 0 failed"}
		if len(states) < 3 || !slices.Equal(states[:3], want) || g.Failed() != nil {
			t.Errorf("%q, want %q; %v", states, want, g.Failed())
		}
	})
}

func TestCodesOfRegionsThatFailAreMergedInOrder(t *testing.T) {
	in := func(region string, ids ...string) (codes []activation.Activation) {
		for _, id := range ids {
			codes = append(codes, activation.Activation{RegionId: region, ActivationId: id})
		}
		return codes
	}
	known := slices.Concat(in("r", "1", "2"), in("s", "3"))
	about := func(region string) error { return &activation.Error{ID: activation.Ref{RegionId: region}} }
	for _, test := range []struct {
		name string
		read []activation.Activation
		errs []error
		want string
	}{
		{"all are read", slices.Concat(in("r", "2"), in("s", "3", "4")), nil, "234"},
		{"one fails", in("r", "5"), []error{about("s")}, "53"},
		{"the first fails", in("s", "5"), []error{about("r")}, "125"},
		{"both fail", nil, []error{about("r"), about("s")}, "123"},
		{"an error about no region is about all", nil, []error{errors.New("odd")}, "123"},
		{"an error about another region is about all", nil, []error{about("other")}, "123"},
		{"a region is empty now", in("s", "3"), nil, "3"},
	} {
		regions := []string{"r", "s"}
		got := ""
		for _, code := range merge(regions, known, test.read, FailedRegions(regions, test.errs)) {
			got += code.ActivationId
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestAWatchOfRegionsThatAllFailHasNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(1)
		s.before = func(*service, int, activation.ListRequest) error { return torn() }
		if first, _ := watching(s, "cn-hangzhou").First(t.Context()); !first.None() || len(first.Failed()) != 1 {
			t.Errorf("%+v", first)
		}
	})
}

func TestThrottlingMakesTheReadingsRarer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := liveClock(with(1))
		w := watching(s, "cn-hangzhou")
		inner := s.before
		s.before = func(s *service, n int, r activation.ListRequest) error {
			if n <= 3 {
				w.Reader.Throttled("cn-hangzhou")
			}
			return inner(s, n, r)
		}
		var intervals []string
		follow(t, w, 10*time.Minute, func(now Snapshot) {
			if len(intervals) < now.Reading {
				intervals = append(intervals, fmt.Sprint(now.Interval.Now().Seconds()))
				if now.Slow() != (now.Interval.Now() > 5*time.Second) {
					t.Errorf("%+v", now)
				}
			}
		})
		if got := strings.Join(intervals[:6], " "); got != "10 20 40 30 22.5 16.875" {
			t.Error(got)
		}
	})
}

func TestAWatchKeepsItsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 1, "b": 1})
		s.regions["b"].codes[0].RegisteredCount = 5
		w := watching(s, "a", "b")
		w.Order = activation.ByUse
		follow(t, w, 2*time.Second, func(now Snapshot) {
			if now.Codes[0].RegionId != "b" {
				t.Errorf("%+v", now.Codes)
			}
		})
	})
}

func TestAWatchEndsWithItsContextAndWithItsDisplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken pipe")
		s := liveClock(with(1))
		_, g := watching(s, "cn-hangzhou").First(t.Context())
		if err := g.Follow(t.Context(), func(Snapshot) error { return broken }); !errors.Is(err, broken) {
			t.Error(err)
		}
		// A reading that was cut short changes nothing.
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		s.delay = 5 * time.Second
		_, g = watching(s, "cn-hangzhou").First(t.Context())
		last := Snapshot{}
		err := g.Follow(ctx, func(s Snapshot) error { last = s; return nil })
		if err != nil || last.Reading != 1 || last.Failed != nil || g.Failed() != nil {
			t.Errorf("%v, %+v", err, last)
		}
	})
}

func TestAWatchEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		follow(t, watching(liveClock(with(1)), "cn-hangzhou"), 2300*time.Millisecond, func(Snapshot) {})
		if took := time.Since(begun); took != 2300*time.Millisecond {
			t.Errorf("it ended after %s", took)
		}
	})
}

func TestASnapshotHasTheTimeOfTheService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(1)
		s.before = func(s *service, _ int, _ activation.ListRequest) error {
			s.clock = time.Now().Add(time.Hour).Truncate(time.Second)
			return nil
		}
		follow(t, watching(s, "cn-hangzhou"), 2*time.Second, func(now Snapshot) {
			if ahead := time.Until(now.Now); ahead.Round(time.Minute) != time.Hour {
				t.Errorf("it is %s ahead of this machine's clock", ahead)
			}
		})
	})
}

func TestASnapshotHasTheTimeOfTheLastReadingThatBroughtSomething(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := with(1)
		s.before = func(_ *service, n int, _ activation.ListRequest) error {
			if n == 2 {
				return torn()
			}
			return nil
		}
		begun := time.Now()
		readAt := map[int]time.Time{} // by the number of the reading
		follow(t, watching(liveClock(s), "cn-hangzhou"), 20*time.Second, func(now Snapshot) { readAt[now.Reading] = now.ReadAt })
		if !readAt[1].Equal(begun) || !readAt[2].Equal(readAt[1]) || readAt[3].Sub(begun) < 8*time.Second {
			t.Errorf("%v, want %s, the same, and at least 8 s later", readAt, begun)
		}
	})
}

// The watch ends after a display and before the next select, which may then take the reading.
func TestAReadingThatWasCutShortIsNotApplied(t *testing.T) {
	for range 20 { // select takes one of several channels at random
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			s := with(1)
			w := watching(s, "cn-hangzhou")
			var ends atomic.Bool
			w.Now = func() time.Time {
				if ends.Swap(false) {
					cancel()
					time.Sleep(time.Second)
				}
				return time.Now()
			}
			_, g := w.First(ctx)
			s.delay = time.Minute
			secondBegan := time.Now().Add(7 * time.Second) // the interval is 6 s at most
			err := g.Follow(ctx, func(Snapshot) error {
				ends.Store(time.Now().After(secondBegan))
				return nil
			})
			if err != nil || g.Failed() != nil {
				t.Errorf("%v, failed: %v", err, g.Failed())
			}
		})
	}
}

func TestAReadingHasItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inRegions(map[string]int{"a": 1, "b": 1})
		s.hold["a"] = make(chan struct{})
		first, _ := watching(s, "a", "b").First(t.Context())
		if len(first.Failed()) != 1 || len(first.Codes) != 1 {
			t.Errorf("%+v", first)
		}
	})
}

func TestTheClockFollowsTheAnswersWithoutJumpingBack(t *testing.T) {
	at := start.Add
	for _, test := range []struct {
		name    string
		answers [][2]time.Time // the service's Date, and when it was read here
		want    time.Time      // of the service, a minute after start here
	}{
		{"no answer: this machine's", nil, at(60 * time.Second)},
		{"behind this machine's", [][2]time.Time{{at(-90 * time.Second), start}}, at(-30 * time.Second)},
		{"a slow answer does not turn it back", [][2]time.Time{{start, start}, {at(5 * time.Second), at(8 * time.Second)}}, at(60 * time.Second)},
		{"a fast one sets it forward", [][2]time.Time{{start, at(3 * time.Second)}, {at(5 * time.Second), at(5 * time.Second)}}, at(60 * time.Second)},
		{"parts of a second are cut off", [][2]time.Time{{start, at(200 * time.Millisecond)}}, at(59 * time.Second)},
		{"five seconds are slack", [][2]time.Time{{start, start}, {start, at(5 * time.Second)}}, at(60 * time.Second)},
		{"a clock that was adjusted", [][2]time.Time{{at(time.Hour), start}, {start, start}}, at(60 * time.Second)},
	} {
		var c clock
		for _, answer := range test.answers {
			c.sync(answer[0], answer[1])
		}
		if got := c.at(at(60 * time.Second)); !got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// A region that hangs keeps the whole reading waiting, and its first answer is old then.
func TestALongReadingDoesNotTurnTheClockBack(t *testing.T) {
	g := &Watching{}
	for _, took := range []time.Duration{0, 20 * time.Second} {
		g.sync(reading{Listing{Summary: Summary{Answer: activation.Answer{Date: start, ReceivedAt: start}}}, start.Add(took)})
		if got := g.clock.at(start.Add(time.Minute)); !got.Equal(start.Add(time.Minute)) {
			t.Errorf("after a reading of %s it is %s", took, got)
		}
	}
	g = &Watching{clock: clock{ahead: time.Hour, set: true}}
	g.sync(reading{Listing{Summary: Summary{Answer: activation.Answer{ReceivedAt: start}}}, start})
	if got := g.clock.at(start); !got.Equal(start) {
		t.Errorf("without a Date it is %s", got)
	}
}

func TestTheNextSecondIsThatOfTheService(t *testing.T) {
	var c clock
	c.sync(start, start.Add(300*time.Millisecond))
	for here, want := range map[time.Duration]time.Duration{
		300 * time.Millisecond: time.Second, 800 * time.Millisecond: 500 * time.Millisecond, 1299 * time.Millisecond: time.Millisecond,
	} {
		if got := c.untilNext(start.Add(here)); got != want {
			t.Errorf("after %s: %s, want %s", here, got, want)
		}
	}
}

func TestAnIntervalStaysWithinItsBoundsAndComesBackSlowly(t *testing.T) {
	i := Interval{Least: 5 * time.Second, Most: time.Minute}
	for _, want := range []time.Duration{10, 20, 40, 60, 60} {
		if i.scale(2, 1); i.Now() != want*time.Second {
			t.Errorf("throttled: %s, want %ds", i.Now(), want)
		}
	}
	steps := 0
	for ; i.Now() > i.Least; steps++ {
		i.scale(3, 4)
	}
	if steps != 9 {
		t.Errorf("it is back after %d readings", steps)
	}
	for range 100 {
		if next := i.next(); next < 4*time.Second || next > 6*time.Second {
			t.Fatal(next)
		}
	}
}
