package pending

import (
	"slices"
	"testing"
	"time"
)

// The rules that the table must hold, whatever else is in it.
func TestTheTableKeepsTheRules(t *testing.T) {
	seen := map[[2]string]bool{}
	for _, row := range transitions {
		pair := [2]string{string(row.from), string(row.event)}
		if seen[pair] {
			t.Errorf("%s, %s is there twice", row.from, row.event)
		}
		seen[pair] = true
		goes := row.to == Gone
		mayGo := row.from == Sent && row.event == Refused || row.event == Discarded || row.from == Delivered && row.event == Expired
		if goes != mayGo || goes != (row.duty == Remove) {
			t.Errorf("%+v: a record goes only when all was refused, when it is discarded, or when a delivered code has expired", row)
		}
		if row.to == Delivered && row.from != Delivered && row.event != HandedOver {
			t.Errorf("%+v: nothing but a delivery makes a create delivered", row)
		}
		if row.event == Refused && row.from != Sent && row.to != row.from {
			t.Errorf("%+v: a refusal says nothing about earlier runs", row)
		}
		if row.event == Sending && row.from != Recorded && row.duty != AppendSynced {
			t.Errorf("%+v: a repetition is written down before it is sent", row)
		}
		if row.event == AnsweredNew && row.duty != AppendSynced {
			t.Errorf("%+v: that a code is new must survive", row)
		}
	}
}

func TestEveryStateThatARecordCanHaveTakesEveryEventOfARun(t *testing.T) {
	for _, state := range []State{Uncertain, Made, Delivered} {
		for _, event := range []Event{Sending, Answered, AnsweredNew, Refused, NoAnswer, Discarded, Expired} {
			if _, _, err := next(state, event); err != nil {
				t.Error(err)
			}
		}
	}
	if to, duty, err := next(Recorded, HandedOver); err == nil || to != Recorded || duty != Nothing {
		t.Errorf("what was never sent is delivered: %s, %v, %v", to, duty, err)
	}
}

func TestTheOutcomeIsThatOfThisRun(t *testing.T) {
	for _, test := range []struct {
		run, record State
		want        Outcome
	}{
		{Sent, Sent, MayExist},
		{Uncertain, Uncertain, MayExist},
		{Gone, Gone, NothingMade},
		{Recorded, Recorded, NothingMade},
		{Gone, Uncertain, MayExist}, // refused now, and sent by an earlier run
		{Uncertain, Made, MadeUndelivered},
		{Made, Made, MadeUndelivered},
		{Made, Delivered, MadeUndelivered}, // delivered by an earlier run, and not by this one
		{Uncertain, Delivered, MayExist},
		{Delivered, Delivered, HasDelivered},
	} {
		if got := outcome(test.run, test.record); got != test.want {
			t.Errorf("run %s, record %s: %d, want %d", test.run, test.record, got, test.want)
		}
	}
}

func TestACodeIsNewWhenItWasMadeAfterTheMoment(t *testing.T) {
	at := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	m := Moment{Date: at, Held: []string{"HELD"}}
	for _, test := range []struct {
		id   string
		made time.Time
		want bool
	}{
		{"X", at.Add(-time.Second), false},
		{"HELD", at, false},
		{"X", at, true},
		{"HELD", at.Add(time.Second), false}, // it was there
		{"X", at.Add(time.Second), true},
	} {
		if got := m.Precedes(test.id, test.made); got != test.want {
			t.Errorf("%s, made %s: %v", test.id, test.made, got)
		}
	}
}

func TestAWrongClockGivesNoLiveCodeUp(t *testing.T) {
	r := Record{Create: createOf("t"), LastAttempt: start}
	last := start.Add(r.Lifetime() - time.Second)
	for _, test := range []struct {
		name         string
		now, service time.Time
		want         bool
	}{
		{"both say that it lives", last, last, true},
		{"this clock went forward", start.Add(9 * time.Hour), last, true},
		{"this clock was behind, and is", last, start.Add(9 * time.Hour), true},
		{"both say that it is dead", last.Add(time.Second), last.Add(time.Second), false},
		{"only this clock is known", last, time.Time{}, true},
		{"only this clock is known, and it is over", last.Add(time.Second), time.Time{}, false},
	} {
		if got := r.AliveAt(test.now, test.service); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// A first moment stays: what a second replay finds may have been made by the first.
func TestTheFirstReplayOfARecordCounts(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	closed(t, begin(t, s, createOf("token")))
	for n := range 2 {
		e, err := s.Take(t.Context(), "token")
		if err != nil {
			t.Fatal(err)
		}
		m := Moment{Date: start.Add(time.Duration(n) * time.Hour), Held: []string{"X"}}
		if err := e.Happened(Change{Event: Sending, Replay: m}); err != nil {
			t.Fatal(err)
		}
		closed(t, e)
	}
	if r := only(t, s); !r.Replay.Date.Equal(start) || !slices.Equal(r.Replay.Held, []string{"X"}) {
		t.Errorf("got %+v", r.Replay)
	}
}

func TestANewCodeStaysOne(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	closed(t, begin(t, s, createOf("token")))
	for _, event := range []Event{AnsweredNew, Answered} {
		e, err := s.Take(t.Context(), "token")
		if err != nil {
			t.Fatal(err)
		}
		if err := all(happened(e, Sending, ""), happened(e, event, "4ECE"), e.Close); err != nil {
			t.Fatal(err)
		}
		if r := only(t, s); !r.New || r.State != Made || r.ActivationId != "4ECE" {
			t.Errorf("after %s: %+v", event, r)
		}
	}
}
