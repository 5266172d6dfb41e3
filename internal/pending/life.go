package pending

import "fmt"

// This file defines the states of a create, the events, and the table of transitions. Two states
// follow the same table: the state of the record, which describes what may exist after all runs, and
// the state of the current run, which describes what this run has done. Errors report the state of
// the current run, and not what an earlier run left behind.

// State is the progress of a create.
type State string

// The states of a create. Recorded, Sent and Gone are states of a run only and are never read from
// a folder.
const (
	Recorded  State = "recorded"    // the record is on the disk, and no request was sent
	Sent      State = "sent"        // a request was sent, and its outcome is still open
	Uncertain State = "uncertain"   // a request was sent, and no response was received: a code may exist
	Made      State = "undelivered" // the service returned the code, and it was not delivered
	Delivered State = "delivered"   // the code was delivered; the record is kept until it expires, for recover --last
	Gone      State = "gone"        // the record was deleted
	Running   State = "running"     // another process works on it; only List sets this state
)

// Event is something that happens to a create. Its text is written to the journal.
type Event string

// The events.
const (
	Sending           Event = "attempt"         // a request is about to be sent
	Answered          Event = "made"            // the service returned the code
	AnsweredNew       Event = "new"             // the service returned a code that is not the one of an earlier run
	DeliverySucceeded Event = "delivered"       // the code was delivered
	DeliveryFailed    Event = "delivery failed" // the code was not delivered
	Refused           Event = "refused"         // the service refused every request of this run, or none left the machine
	NoAnswer          Event = "no answer"       // this run ends without knowing the outcome of its requests
	Discarded         Event = "discarded"       // the user deletes the record, or the code of a row of a batch is dead
	Expired           Event = "expired"         // the lifetime of the code has ended
)

// Duty is what must be done to the record on disk before the run continues.
type Duty int

// The duties.
const (
	Nothing      Duty = iota
	Append            // add a line to the journal; the next run works without it as well
	AppendSynced      // add a line to the journal and sync it; the next run needs it
	Remove            // delete the record
)

// transition is a row of the table.
type transition struct {
	from  State
	event Event
	to    State
	duty  Duty
}

// transitions is the table. A state and an event that are not in it together are an error.
//
// The table follows three rules. First, a record is deleted only if every request was refused and
// there was no earlier run, if a delivered code has expired, or if it is discarded. Second, a
// refusal does not concern the requests of earlier runs, so it changes neither Uncertain nor Made.
// Third, before a request is repeated, by this run or by a later one, a line is written and synced,
// because the lifetime of a code starts with the attempt that created it.
var transitions = [...]transition{
	{Recorded, Sending, Sent, Nothing}, // a record without more lines means that a request may have been sent

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
	{Made, DeliveryFailed, Made, Nothing},
	{Made, DeliverySucceeded, Delivered, Append},
	{Made, Discarded, Gone, Remove},
	{Made, Expired, Made, Nothing},

	{Delivered, Sending, Delivered, AppendSynced},
	{Delivered, Answered, Made, Append}, // until it is delivered again
	{Delivered, AnsweredNew, Made, AppendSynced},
	{Delivered, Refused, Delivered, Nothing},
	{Delivered, NoAnswer, Delivered, Nothing},
	{Delivered, Discarded, Gone, Remove},
	{Delivered, Expired, Gone, Remove},
}

// next returns the state that follows an event, and the duty of the transition.
func next(from State, event Event) (State, Duty, error) {
	for _, t := range transitions {
		if t.from == from && t.event == event {
			return t.to, t.duty, nil
		}
	}
	return from, Nothing, fmt.Errorf("event %q is not possible in state %q", event, from)
}

// Outcome is the result of one run.
type Outcome int

// The outcomes of a run.
const (
	NothingMade     Outcome = iota // no code was created
	MayExist                       // this run, or an earlier one, may have created a code
	MadeUndelivered                // the service returned a code, and this run did not deliver it
	HasDelivered                   // this run delivered the code
)

// outcome returns the outcome of a run from the states of the run and of the record.
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
