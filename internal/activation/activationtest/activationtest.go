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

// Subject is a Service to be tried, and what a test must know of it.
type Subject struct {
	Service   activation.Service
	RegionId  string // where codes are made
	Elsewhere string // another region, where they must not be seen

	// Register plays a machine that registers with a new code; nil: what needs one is skipped.
	Register func(t *testing.T, c activation.Created)

	// Lose makes the service lose its next answers, so many, after it has acted; nil: what needs
	// that is skipped.
	Lose func(answers int)

	// Sent counts the requests that have left so far; nil: nobody counts.
	Sent func() int

	// Patience is how long a change may take to be listed; 0: it is listed at once.
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

// sentence is one promise of the contract.
type sentence struct {
	says  string
	holds func(*trial)
}

// trial is one sub-test. Every code it makes carries a tag with its mark, by which it is found
// among others.
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

// create makes a code that goes away with the sub-test.
func (t *trial) create(r activation.CreateRequest) activation.Created {
	t.Helper()
	created, err := t.Service.Create(t.Context(), r, nil)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	t.tidy(created)
	return created
}

// tidy removes a code when the sub-test ends.
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

// listed asks until exactly these codes are listed, in this order, and returns their page.
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

// one asks until a code is listed as wanted.
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

// answered checks what every answer carries.
func answered(t *trial, a activation.Answer) {
	t.Helper()
	if a.RequestId == "" {
		t.Error("the answer has no RequestId")
	}
	if a.Date.IsZero() || time.Since(a.Date).Abs() > 15*time.Minute || a.Date.Location() != time.UTC {
		t.Errorf("the answer's date is %v", a.Date)
	}
	if time.Since(a.Heard).Abs() > time.Minute {
		t.Errorf("the answer was heard at %v", a.Heard)
	}
}

// refused checks an answer of the service that refuses.
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

// unknown names a code that nobody has made.
func (t *trial) unknown() activation.Ref {
	return activation.Ref{RegionId: t.RegionId, ActivationId: "00000000-0000-4000-8000-" + t.mark[:12]}
}
