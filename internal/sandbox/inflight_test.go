package sandbox

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"
)

// awaitToken waits until the first create with token t has arrived.
func (s *Sandbox) awaitToken(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, held := s.api.inFlight.keys.Load("cn-hangzhou/t"); held {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("no create has arrived")
		}
	}
}

func TestADuplicateOfACreateUnderWayIsRefusedUntilItIsDone(t *testing.T) {
	t.Parallel() // it waits most of the time
	for name, o := range map[string]Options{
		"latency": {Latency: 300 * time.Millisecond}, "slow": {Faults: faultsOf(t, "slow=1")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := start(t, o)
			s.api.injector.slowness = 300 * time.Millisecond
			var first string
			var group sync.WaitGroup
			group.Go(func() { first, _ = c.create("ClientToken", "t") })
			s.awaitToken(t)
			group.Go(func() { c.create("ClientToken", "T") })
			group.Go(func() { c.ok("CreateActivation", "RegionId", "cn-beijing", "ClientToken", "t") })
			c.refused(403, "IdempotentProcessing", "CreateActivation", "RegionId", "cn-hangzhou", "ClientToken", "t")
			group.Wait()
			if again, _ := c.create("ClientToken", "t"); again != first {
				t.Errorf("%s, then %s", first, again)
			}
		})
	}
}

func TestADuplicateIsToldOnlyToWhoeverIsAdmitted(t *testing.T) {
	t.Parallel() // it waits most of the time
	s, c := start(t, Options{Latency: 300 * time.Millisecond})
	var group sync.WaitGroup
	group.Go(func() { c.create("ClientToken", "t") })
	s.awaitToken(t)
	stranger := *c
	stranger.pair.AccessKeySecret = "wrong"
	stranger.refused(400, "SignatureDoesNotMatch", "CreateActivation", "RegionId", "cn-hangzhou", "ClientToken", "t")
	group.Wait()
}

func TestACreateWhoseClientHasGoneGivesItsTokenBack(t *testing.T) {
	s, c := start(t, Options{Latency: time.Hour})
	ctx, leave := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		r := c.request("CreateActivation", params("RegionId", "cn-hangzhou", "ClientToken", "t")).WithContext(ctx)
		if response, err := http.DefaultClient.Do(r); err == nil {
			t.Errorf("answered %d", response.StatusCode)
			_ = response.Body.Close()
		}
	})
	s.awaitToken(t)
	leave()
	group.Wait()
	for held := true; held; time.Sleep(time.Millisecond) {
		_, held = s.api.inFlight.keys.Load("cn-hangzhou/t")
	}
}

func TestOneTokenAtOnceMakesOneCode(t *testing.T) {
	_, c := start(t, Options{})
	var group sync.WaitGroup
	var ids sync.Map
	for range 20 {
		group.Go(func() {
			a := c.call("CreateActivation", "RegionId", "cn-hangzhou", "ClientToken", "same")
			if a.status == 200 {
				ids.Store(a.text("ActivationId"), true)
			} else if a.text("Code") != "IdempotentProcessing" {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	group.Wait()
	n := 0
	ids.Range(func(any, any) bool { n++; return true })
	if n != 1 || len(c.list()) != 1 {
		t.Errorf("%d ids, %d codes", n, len(c.list()))
	}
}
