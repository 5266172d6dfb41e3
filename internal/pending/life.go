package pending

import "fmt"

// This file is the life of a create: its states, what can happen to it, and in one table what
// follows from that. A record in the folder has a state, and so has each run that works on it: both
// follow the same table. The state of the record says what may exist; the state of the run says what
// this run has done, so that an error never reports what an earlier run left behind.

// State is how far a create got.
type State string

// The states of a create. Recorded, Sent and Gone are states of a run only: what is read from a
// folder is one of the others.
const (
	Recorded  State = "recorded"    // the record is on the disk, and nothing was sent
	Sent      State = "sent"        // the request is on its way
	Uncertain State = "uncertain"   // a request was sent, and no answer was seen: a code may exist
	Made      State = "undelivered" // the service returned the code, and it was not delivered
	Delivered State = "delivered"   // the code reached its reader; kept until it expires, for recover --last
	Gone      State = "gone"        // there is no record any more
	Running   State = "running"     // another process works on it; for lists only
)

// Event is what can happen to a create.
type Event string

// The events. The quoted words are those of the journal.
const (
	Sending     Event = "attempt"   // a request is about to leave
	Answered    Event = "made"      // the service returned the code
	AnsweredNew Event = "new"       // the service returned a code that is not the one of an earlier run
	HandedOver  Event = "delivered" // the code reached its reader
	Refused     Event = "refused"   // every request of this run was refused, or never left the machine
	NoAnswer    Event = "no answer" // this run ends without knowing what its requests did
	NotHanded   Event = "not handed over"
	Discarded   Event = "discarded" // the user gives the code up
	Expired     Event = "expired"   // the lifetime of the code is over
)

// Duty is what an event asks for before the run goes on.
type Duty int

// The duties.
const (
	Nothing      Duty = iota
	Append            // add a line to the journal; the next run would manage without it
	AppendSynced      // add a line on which the next run depends, and sync it
	Remove            // delete the record
)

// transition is a row of the table.
type transition struct {
	from  State
	event Event
	to    State
	duty  Duty
}

// transitions is the table. A pair that is not in it cannot happen.
//
// Three rules can be read from it. A record goes only from Sent when all was refused, from Delivered
// when the code has expired, and when the user discards it. A refusal says nothing about earlier
// runs, so it changes neither Uncertain nor Made. And before a request is repeated, by this run or
// by a later one, a synced line says so: a code that it makes lives from then on.
var transitions = [...]transition{
	{Recorded, Sending, Sent, Nothing}, // the record itself says that it may have been sent

	{Sent, Sending, Sent, AppendSynced},
	{Sent, Answered, Made, Append},
	{Sent, AnsweredNew, Made, AppendSynced},
	{Sent, Refused, Gone, Remove},
	{Sent, NoAnswer, Uncertain, Nothing},

	{Uncertain, Sending, Uncertain, AppendSynced},
	{Uncertain, Answered, Made, Append},
	{Uncertain, AnsweredNew, Made, AppendSynced},
	{Uncertain, Refused, Uncertain, Nothing},
	{Uncertain, NoAnswer, Uncertain, Nothing},
	{Uncertain, Discarded, Gone, Remove},
	{Uncertain, Expired, Uncertain, Nothing},

	{Made, Sending, Made, AppendSynced},
	{Made, Answered, Made, Append},
	{Made, AnsweredNew, Made, AppendSynced},
	{Made, Refused, Made, Nothing},
	{Made, NoAnswer, Made, Nothing},
	{Made, NotHanded, Made, Nothing},
	{Made, HandedOver, Delivered, Append},
	{Made, Discarded, Gone, Remove},
	{Made, Expired, Made, Nothing},

	{Delivered, Sending, Delivered, AppendSynced},
	{Delivered, Answered, Made, Append}, // until it is delivered once more
	{Delivered, AnsweredNew, Made, AppendSynced},
	{Delivered, Refused, Delivered, Nothing},
	{Delivered, NoAnswer, Delivered, Nothing},
	{Delivered, Discarded, Gone, Remove},
	{Delivered, Expired, Gone, Remove},
}

// next returns what an event makes of a state, and what it asks for.
func next(from State, event Event) (State, Duty, error) {
	for _, t := range transitions {
		if t.from == from && t.event == event {
			return t.to, t.duty, nil
		}
	}
	return from, Nothing, fmt.Errorf("a create that is %s cannot be %s", from, event)
}

// Outcome is what one run came to.
type Outcome int

// The outcomes of a run.
const (
	NothingMade     Outcome = iota // this run made nothing
	MayExist                       // this run, or an earlier one, may have made a code
	MadeUndelivered                // the service returned a code, and no run delivered it
	HasDelivered                   // this run delivered the code
)

// outcome of a run that ended in one state, on a record that is in another one.
func outcome(run, record State) Outcome {
	switch {
	case run == Delivered:
		return HasDelivered
	case run == Made || record == Made:
		return MadeUndelivered
	case record == Gone || record == Recorded:
		return NothingMade
	}
	return MayExist
}
