package pending

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"
)

// Change is an event with its details, written as one line of the journal.
type Change struct {
	Event        Event
	At           time.Time     // by this machine's clock; zero: now
	ActivationId string        `json:",omitempty"`
	Replay       Snapshot      `json:",omitzero"`  // of an attempt that replays an earlier run
	By           time.Duration `json:",omitempty"` // of aged
}

// aged is the event of a sandbox whose clock was advanced. It moves all times of the record into the
// past.
const aged Event = "aged"

// parse returns the record in a journal. The error is errEmpty if the journal is empty, and
// errIncomplete if its first line is not complete: in both cases no request was sent. Later lines
// that cannot be parsed (incomplete after a full disk or a power cut) are skipped.
func parse(journal []byte) (Record, error) {
	lines := completeLines(journal)
	switch {
	case len(journal) == 0:
		return Record{}, errEmpty
	case len(lines) == 0:
		return Record{}, errIncomplete
	}
	var r Record
	if err := json.Unmarshal(lines[0], &r.Create); err != nil || r.Request.ClientToken == "" {
		return Record{}, errors.New("its first line is damaged")
	}
	r.State, r.Attempts, r.LastAttempt = Uncertain, 1, r.StartedAt
	for _, line := range lines[1:] {
		var c Change
		if json.Unmarshal(line, &c) == nil {
			r.update(c)
		}
	}
	return r, nil
}

// update applies one line of the journal to the record. An event that is not allowed in the current
// state does not change the state.
func (r *Record) update(c Change) {
	before := r.State
	r.State, _, _ = next(r.State, c.Event)
	switch c.Event {
	case Sending:
		if before == Recorded {
			return // creating the record already counted the first attempt
		}
		r.Attempts++
		r.LastAttempt, r.answered = c.At, false
		if r.Replay.Date.IsZero() {
			r.Replay = c.Replay
		}
	case Answered, AnsweredNew:
		if r.ActivationId != c.ActivationId {
			r.made = r.LastAttempt
		}
		r.ActivationId, r.New, r.answered = c.ActivationId, r.New || c.Event == AnsweredNew, true
	case aged:
		r.StartedAt, r.LastAttempt, r.made = r.StartedAt.Add(-c.By), r.LastAttempt.Add(-c.By), r.made.Add(-c.By)
		if !r.Replay.Date.IsZero() {
			r.Replay.Date = r.Replay.Date.Add(-c.By)
		}
	}
}

// write appends a line to a journal in a single write. It starts with a line break, so that an
// incomplete line before it does not damage it.
func write(journal io.Writer, line any) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = journal.Write(slices.Concat([]byte("\n"), text, []byte("\n")))
	return err
}

// completeLines returns the lines that end in a line break, without empty lines.
func completeLines(journal []byte) [][]byte {
	end := bytes.LastIndexByte(journal, '\n')
	if end < 0 {
		return nil
	}
	return slices.DeleteFunc(bytes.Split(journal[:end], []byte("\n")), func(line []byte) bool { return len(line) == 0 })
}
