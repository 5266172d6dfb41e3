package pending

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestTransitionsFollowTheRules(t *testing.T) {
	seen := map[[2]string]bool{}
	for _, row := range transitions {
		pair := [2]string{string(row.from), string(row.event)}
		if seen[pair] {
			t.Errorf("%s, %s is in the table twice", row.from, row.event)
		}
		seen[pair] = true
		removed := row.to == Gone
		allowed := row.from == Sent && row.event == Refused || row.event == Discarded || row.from == Delivered && row.event == Expired
		if removed != allowed || removed != (row.duty == Remove) {
			t.Errorf("%+v: a record is deleted only when every request was refused, when it is discarded, or when a delivered code has expired", row)
		}
		if row.to == Delivered && row.from != Delivered && row.event != DeliverySucceeded {
			t.Errorf("%+v: only a delivery leads to the state delivered", row)
		}
		if row.event == Refused && row.from != Sent && row.to != row.from {
			t.Errorf("%+v: a refusal must not change the state that earlier runs left", row)
		}
		if row.event == Sending && row.from != Recorded && row.duty != AppendSynced {
			t.Errorf("%+v: a repeated attempt must be synced before it is sent", row)
		}
		if row.event == AnsweredNew && row.duty != AppendSynced {
			t.Errorf("%+v: a new code must be synced", row)
		}
	}
}

func TestEveryStoredStateHasATransitionForEveryEventOfARun(t *testing.T) {
	for _, state := range []State{Uncertain, Made, Delivered} {
		for _, event := range []Event{Sending, Answered, AnsweredNew, Refused, NoAnswer, Discarded, Expired} {
			if _, _, err := next(state, event); err != nil {
				t.Error(err)
			}
		}
	}
	if to, duty, err := next(Recorded, DeliverySucceeded); err == nil || to != Recorded || duty != Nothing {
		t.Errorf("a delivery before any attempt: %s, %v, %v", to, duty, err)
	}
}

func TestTheOutcomeIsOfThisRun(t *testing.T) {
	for _, test := range []struct {
		run, record State
		want        Outcome
	}{
		{Sent, Sent, MayExist},
		{Uncertain, Uncertain, MayExist},
		{Gone, Gone, NothingMade},
		{Recorded, Recorded, NothingMade},
		{Gone, Uncertain, MayExist}, // refused in this run, sent by an earlier run
		{Uncertain, Made, MadeUndelivered},
		{Made, Made, MadeUndelivered},
		{Made, Delivered, MadeUndelivered}, // delivered by an earlier run, not by this one
		{Uncertain, Delivered, MayExist},
		{Delivered, Delivered, HasDelivered},
	} {
		if got := outcome(test.run, test.record); got != test.want {
			t.Errorf("run %s, record %s: %d, want %d", test.run, test.record, got, test.want)
		}
	}
}

func TestACodeIsNewIfItWasCreatedAfterTheSnapshot(t *testing.T) {
	at := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	snapshot := Snapshot{Date: at, Held: []string{"HELD"}}
	for _, test := range []struct {
		id   string
		made time.Time
		want bool
	}{
		{"X", at.Add(-time.Second), false},
		{"HELD", at, false},
		{"X", at, true},
		{"HELD", at.Add(time.Second), false}, // it was in the snapshot
		{"X", at.Add(time.Second), true},
	} {
		if got := snapshot.Precedes(test.id, test.made); got != test.want {
			t.Errorf("%s, created %s: %v", test.id, test.made, got)
		}
	}
}

func TestAUsableCodeIsNotDiscardedBecauseOfAWrongClock(t *testing.T) {
	r := Record{Create: newCreate("t"), LastAttempt: start}
	last := start.Add(r.Request.Lifetime() - time.Second)
	for _, test := range []struct {
		name         string
		now, service time.Time
		want         bool
	}{
		{"not expired by both clocks", last, last, true},
		{"this machine's clock is fast", start.Add(9 * time.Hour), last, true},
		{"this machine's clock is slow", last, start.Add(9 * time.Hour), true},
		{"expired by both clocks", last.Add(time.Second), last.Add(time.Second), false},
		{"only this machine's clock is known", last, time.Time{}, true},
		{"only this machine's clock is known, expired", last.Add(time.Second), time.Time{}, false},
	} {
		if got := r.AliveAt(test.now, test.service); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// With --skip-validation a lifetime may be any number of hours. Its end must not overflow into the past, because the record
// would then be treated as expired.
func TestACodeWithAVeryLongLifetimeIsAlive(t *testing.T) {
	r := Record{Create: newCreate("t"), State: Delivered, LastAttempt: start}
	for _, r.Request.TimeToLiveInHours = range []int{876576, 3000000, math.MaxInt32} {
		if !r.Alive(start.AddDate(50, 0, 0)) || r.isObsolete(start) {
			t.Errorf("%d hours: it expires at %s", r.Request.TimeToLiveInHours, r.Expires())
		}
	}
}

// The first snapshot is kept, because the first replay may have created a code that the second
// snapshot contains.
func TestTheSnapshotOfTheFirstReplayIsKept(t *testing.T) {
	now := start
	s := newStore(t, &now)
	closeEntry(t, begin(t, s, newCreate("token")))
	for n := range 2 {
		e, err := s.Open(t.Context(), "token")
		if err != nil {
			t.Fatal(err)
		}
		snapshot := Snapshot{Date: start.Add(time.Duration(n) * time.Hour), Held: []string{"X"}}
		if err := e.Apply(Change{Event: Sending, Replay: snapshot}); err != nil {
			t.Fatal(err)
		}
		closeEntry(t, e)
	}
	if r := onlyRecord(t, s); !r.Replay.Date.Equal(start) || !slices.Equal(r.Replay.Held, []string{"X"}) {
		t.Errorf("got %+v", r.Replay)
	}
}

func TestANewCodeStaysMarkedAsNew(t *testing.T) {
	now := start
	s := newStore(t, &now)
	closeEntry(t, begin(t, s, newCreate("token")))
	for _, event := range []Event{AnsweredNew, Answered} {
		e, err := s.Open(t.Context(), "token")
		if err != nil {
			t.Fatal(err)
		}
		if err := inOrder(apply(e, Sending, ""), apply(e, event, "4ECE"), e.Close); err != nil {
			t.Fatal(err)
		}
		if r := onlyRecord(t, s); !r.New || r.State != Made || r.ActivationId != "4ECE" {
			t.Errorf("after %s: %+v", event, r)
		}
	}
}
