// Package activationtest tests implementations of activation.Service. Each sentence in the comments of the
// interface is a sub-test of Test.
//
// Test gets the Service from its caller, and deletes every code that it creates, or disables it if a
// machine has used it. It runs in a region that has other codes, and creates at most five codes at a time.
package activationtest

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

// Subject is a Service to test, and what the tests need to know about it.
type Subject struct {
	Service   activation.Service
	RegionId  string // the region in which codes are created
	Elsewhere string // another region, in which these codes do not exist

	// Register simulates a machine that registers with a new code; nil: tests that need it are skipped.
	Register func(t *testing.T, c activation.Created)

	// Lose makes the service execute the next n requests and lose their responses; nil: tests that need it are
	// skipped.
	Lose func(answers int)

	// Sent returns the number of requests sent so far; nil: they are not counted.
	Sent func() int

	// Patience is the maximum time until a change is listed; 0: it is listed at once.
	Patience time.Duration
}

// Test runs the contract. open is called once for each sub-test.
func Test(t *testing.T, open func(t *testing.T) Subject) {
	for _, part := range [][]sentence{creating, listing, disabling, deleting, showing, failing} {
		for _, s := range part {
			t.Run(s.says, func(t *testing.T) {
				s.holds(&trial{T: t, Subject: open(t), mark: rand.Text()})
			})
		}
	}
}

// sentence is one requirement of the contract.
type sentence struct {
	says  string
	holds func(*trial)
}

// trial is one sub-test. Every code that it creates has a tag with its mark, with which its codes are selected.
type trial struct {
	*testing.T
	Subject
	mark string
}

const markKey = "ecs-activation-contract"

// request returns a valid request, with the mark.
func (t *trial) request(change func(*activation.CreateRequest)) activation.CreateRequest {
	r := activation.CreateRequest{
		RegionId: t.RegionId, InstanceName: "contract", ClientToken: rand.Text(),
		Tags: []activation.Tag{{TagKey: markKey, TagValue: t.mark}},
	}
	if change != nil {
		change(&r)
	}
	return r
}

// create creates a code that is removed at the end of the sub-test.
func (t *trial) create(r activation.CreateRequest) activation.Created {
	t.Helper()
	created, err := t.Service.Create(t.Context(), r, nil)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	t.tidy(created)
	return created
}

// tidy removes a code at the end of the sub-test.
func (t *trial) tidy(c activation.Created) {
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		_, err := t.Service.Delete(ctx, t.ref(c))
		if activation.HasCode(err, "ActivationId.InUse") {
			_, err = t.Service.Disable(ctx, t.ref(c))
		}
		if err != nil && !activation.HasCode(err, "ActivationId.NotFound") {
			t.Errorf("%s is left behind: %v", c.ActivationId, err)
		}
	})
}

func (t *trial) ref(c activation.Created) activation.Ref {
	return activation.Ref{RegionId: t.RegionId, ActivationId: c.ActivationId}
}

// list returns one page of the codes of this sub-test.
func (t *trial) list(change func(*activation.ListRequest)) activation.Page {
	t.Helper()
	r := activation.ListRequest{RegionId: t.RegionId, Tags: []activation.TagFilter{{Key: markKey, Value: &t.mark}}}
	if change != nil {
		change(&r)
	}
	page, err := t.Service.List(t.Context(), r)
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	return page
}

// listed repeats a list until it has exactly these codes, in this order, and returns the page.
func (t *trial) listed(change func(*activation.ListRequest), want ...string) activation.Page {
	t.Helper()
	deadline := time.Now().Add(t.Patience)
	for {
		page := t.list(change)
		got := ids(page)
		if slices.Equal(got, want) {
			return page
		}
		if !time.Now().Before(deadline) {
			t.Fatalf("listed %q, want %q", got, want)
		}
		time.Sleep(time.Second)
	}
}

// one repeats a list until a code in it is as wanted.
func (t *trial) one(id string, as func(activation.Activation) bool) {
	t.Helper()
	deadline := time.Now().Add(t.Patience)
	for {
		page := t.listed(func(r *activation.ListRequest) { r.ActivationId = id }, id)
		if as(page.ActivationList[0]) {
			return
		}
		if !time.Now().Before(deadline) {
			t.Fatalf("listed as %+v", page.ActivationList[0])
		}
		time.Sleep(time.Second)
	}
}

func ids(page activation.Page) []string {
	list := []string{}
	for _, a := range page.ActivationList {
		list = append(list, a.ActivationId)
	}
	return list
}

// answered checks the fields of an Answer.
func answered(t *trial, a activation.Answer) {
	t.Helper()
	if a.RequestId == "" {
		t.Error("the answer has no RequestId")
	}
	if a.Date.IsZero() || time.Since(a.Date).Abs() > 15*time.Minute || a.Date.Location() != time.UTC {
		t.Errorf("the answer's date is %v", a.Date)
	}
	if time.Since(a.ReceivedAt).Abs() > time.Minute {
		t.Errorf("the answer was received at %v", a.ReceivedAt)
	}
}

// refused checks the error of a request that the service refused.
func refused(t *trial, err error, op string, ref activation.Ref, code string) {
	t.Helper()
	var known *activation.Error
	if !errors.As(err, &known) {
		t.Fatalf("%s: %v is no *activation.Error", op, err)
	}
	if known.Code != code || known.Kind != activation.KindOfCode(code) {
		t.Errorf("%s: %s of kind %s, want %s of kind %s", op, known.Code, known.Kind, code, activation.KindOfCode(code))
	}
	if known.Op != op || known.ID != ref || known.RequestID == "" || known.Err == nil || !known.NothingDone {
		t.Errorf("%s: %+v", op, known)
	}
}

// unknown returns the Ref of a code that does not exist.
func (t *trial) unknown() activation.Ref {
	return activation.Ref{RegionId: t.RegionId, ActivationId: "00000000-0000-4000-8000-" + t.mark[:12]}
}
